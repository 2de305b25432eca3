"""Forms of attendance: a person nobody has entered yet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Organization
from network_portal.forms import PortalForm


class NewPersonForm(PortalForm):
    """Name, place and post of a person without an account."""

    last_name = forms.CharField(label=_("Last name"), max_length=80)
    first_name = forms.CharField(label=_("First name"), max_length=80)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=80, required=False)
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Organization"))
    post = forms.CharField(label=_("Post"), max_length=120)

    layout = [("", ["last_name", ("first_name", "patronymic"), "organization", "post"])]

    def __init__(self, data=None, *, municipality, query=""):
        names = dict(
            zip(("last_name", "first_name", "patronymic"), query.split(maxsplit=2), strict=False)
        )
        super().__init__(data, initial={"post": _("teacher"), **names})
        rows = Organization.objects.filter(municipality=municipality)
        self.fields["organization"].queryset = rows.active_on(municipality.today()).for_list()
