"""Forms of an association: about it, its members, its groups outside the portal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.forms.people import PersonField, colleagues
from communities.models import Association, AssociationKind, OnlineCommunity, Subject
from network_portal.forms import PortalForm, PortalModelForm

# Suggestions only: the field is free text.
PLATFORMS = ("ВКонтакте", "Сферум", "MAX", "Одноклассники", "Яндекс Мессенджер")


class AboutForm(PortalModelForm):
    """What a leader may say of the association."""

    class Meta:
        model = Association
        fields = ["about"]
        labels = {"about": _("About the association")}
        help_texts = {"about": _("What you work on, when and where you meet, whom you invite")}
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}


class AssociationForm(AboutForm):
    """The same for a methodist, with the kind and the subject. The name is changed by an order."""

    class Meta(AboutForm.Meta):
        fields = ["kind", "subject", "about"]
        labels = {"kind": _("Kind"), "subject": _("Subject"), **AboutForm.Meta.labels}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("kind", AssociationKind), ("subject", Subject)):
            rows = model.objects.filter(municipality_id=self.instance.municipality_id)
            self.fields[name].queryset = rows


class MemberForm(PortalForm):
    """Who joins and from when."""

    person = PersonField(label=_("Person"))
    starts_on = forms.DateField(label=_("Member from"))

    def __init__(self, *args, association, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].people = colleagues(association.municipality)


class LeaveForm(PortalForm):
    """The last day of a membership and why it ended."""

    ends_on = forms.DateField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class Suggested(forms.TextInput):
    """A text field with a fixed list of suggestions."""

    template_name = "forms/suggested_input.html"

    def __init__(self, suggestions, attrs=None):
        self.suggestions = suggestions
        super().__init__(attrs)

    def get_context(self, name, value, attrs):
        options = f"{attrs['id']}_options"
        context = super().get_context(name, value, {"list": options, **attrs})
        context["widget"].update(options=options, suggestions=self.suggestions)
        return context


class OnlineCommunityForm(PortalModelForm):
    """A group or a chat outside; the department counts them by openness."""

    layout = [
        (
            "",
            [
                "name",
                ("platform", "openness"),
                ("url", "level"),
                ("opened_on", "closed_on"),
            ],
        )
    ]
    url = forms.URLField(label=_("Address"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = OnlineCommunity
        fields = ["name", "platform", "openness", "url", "level", "opened_on", "closed_on"]
        labels = {
            "name": _("Name"),
            "platform": _("Platform"),
            "openness": _("Openness"),
            "level": _("Level"),
            "opened_on": _("Works since"),
            "closed_on": _("Closed on"),
        }
        help_texts = {"closed_on": _("Leave empty while the group works")}
        widgets = {"platform": Suggested(PLATFORMS)}

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Write an address that begins with https://"))
        return url

    def clean(self):
        opened, closed = (self.cleaned_data.get(key) for key in ("opened_on", "closed_on"))
        if opened and closed and closed < opened:
            self.add_error("closed_on", _("The group closed before it opened: check the dates."))
        same = OnlineCommunity.objects.filter(
            municipality_id=self.instance.municipality_id,
            name=self.cleaned_data.get("name"),
            platform=self.cleaned_data.get("platform"),
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This group is listed already."))
        return self.cleaned_data
