"""The form of an organization with its other spellings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Agency, Organization, OrganizationKind
from communities.text import normalize_name
from network_portal.forms import PortalModelForm

MOST_ALIASES = 50


class OrganizationForm(PortalModelForm):
    """An organization of any kind: a school, a museum, an enterprise."""

    layout = [
        ("", ["short_name", "full_name", ("kind", "agency"), "address", "has_internet"]),
        (_("Names and dates"), ["aliases", ("opened_on", "closed_on")]),
    ]
    aliases = forms.CharField(
        label=_("Other spellings"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line: as the organization is called in files you import"),
    )

    class Meta:
        model = Organization
        fields = [
            "short_name",
            "full_name",
            "kind",
            "agency",
            "address",
            "has_internet",
            "opened_on",
            "closed_on",
        ]
        labels = {
            "short_name": _("Short name"),
            "full_name": _("Full name"),
            "kind": _("Kind"),
            "agency": _("Agency"),
            "address": _("Postal address"),
            "has_internet": _("Has access to the internet"),
            "opened_on": _("Opened on"),
            "closed_on": _("Closed on"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("kind", OrganizationKind), ("agency", Agency)):
            rows = model.objects.filter(municipality_id=self.instance.municipality_id)
            self.fields[name].queryset = rows
        if self.instance.pk:
            texts = self.instance.aliases.order_by("text").values_list("text", flat=True)
            self.fields["aliases"].initial = "\n".join(texts)

    def clean_aliases(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["aliases"].splitlines()]
        lines = [line for line in lines if normalize_name(line)]
        if len(lines) > MOST_ALIASES:
            raise forms.ValidationError(_("Leave at most 50 spellings."))
        if any(len(line) > 300 for line in lines):
            raise forms.ValidationError(_("A spelling is longer than 300 characters."))
        return lines

    def clean_short_name(self):
        return self._clean_name("short_name")

    def clean_full_name(self):
        return self._clean_name("full_name")

    def _clean_name(self, field):
        name = " ".join(self.cleaned_data[field].split())
        if not normalize_name(name):
            raise forms.ValidationError(_("Write the name in letters or digits."))
        return name

    def clean(self):
        opened, closed = (self.cleaned_data.get(key) for key in ("opened_on", "closed_on"))
        if opened and closed and closed <= opened:
            self.add_error("closed_on", _("The organization closed before it opened."))
        return self.cleaned_data
