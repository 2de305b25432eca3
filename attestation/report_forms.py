"""Forms of reports: texts, corrections, proposals, steps of the route."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attestation import facts, reports, texts
from attestation.models import Proposal
from communities.text import fold_yo
from network_portal.forms import PortalForm

SIGNING_WORD = gettext_lazy("sign")


class OpenedForm(PortalForm):
    """A form that remembers over which edition, and over which words, it was opened."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @classmethod
    def opened(cls, report, now, **initial):
        """The form over what stands in the report now."""
        kept = {"edition": report.edition, "base": reports.base_of(now)}
        return cls(initial=initial | kept, report=report)

    def __init__(self, *args, report, **kwargs):
        self.report = report
        super().__init__(*args, **kwargs)

    @property
    def opened_over(self):
        return {"edition": self.cleaned_data["edition"], "base": self.cleaned_data["base"]}

    @property
    def values(self):
        """What the person typed, without the two hidden marks."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("edition", "base")}


class TextForm(OpenedForm):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Braces hold places of figures: the portal puts the numbers there. "
            "A line that begins with a hyphen and a space becomes an item of a list."
        ),
    )

    def clean_text(self):
        text = "\n".join(line.rstrip() for line in self.cleaned_data["text"].splitlines()).strip()
        known = {*self.report.tables.get("indicators", {}), *facts.codes_of(self.report)}
        unknown = texts.unknown_places(text, known) if self.report.built_at else []
        if unknown:
            raise forms.ValidationError(
                _("There is no such figure: %(places)s. Remove the braces or correct the name.")
                % {"places": ", ".join(unknown[:3])}
            )
        return text


class FigureForm(OpenedForm):
    value = forms.IntegerField(label=gettext_lazy("Correct number"), min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It is printed under the report together with the computed number."),
    )


class ProposalForm(OpenedForm):
    addressees = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets the assignment"),
        choices=Proposal.Addressee.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    heading = forms.CharField(
        label=gettext_lazy("Addressees, as printed"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: named by the choice above."),
    )
    text = forms.CharField(
        label=gettext_lazy("What to do"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    due_on = forms.DateField(label=gettext_lazy("Deadline"), required=False)

    def clean(self):
        data = super().clean()
        if not data.get("heading") and data.get("addressees"):
            words = [str(HEADINGS[code]) for code in data["addressees"]]
            heading = ", ".join([words[0], *(word[0].lower() + word[1:] for word in words[1:])])
            data["heading"] = heading
        return data


HEADINGS = {
    Proposal.Addressee.OFFICE: gettext_lazy("To the methodical office"),
    Proposal.Addressee.LEADERS: gettext_lazy("To leaders of associations"),
    Proposal.Addressee.ORGANIZATIONS: gettext_lazy("To heads of organizations"),
}


class StepForm(PortalForm):
    """A step that needs nothing but the button."""


class ReturnForm(PortalForm):
    comment = forms.CharField(
        label=gettext_lazy("What has to be changed"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class SignForm(PortalForm):
    word = forms.CharField(
        label=gettext_lazy("Type the word “sign”"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_word(self):
        if fold_yo(self.cleaned_data["word"].strip(" «».")) != str(SIGNING_WORD):
            raise forms.ValidationError(
                _("Type the word “sign”: this is how the signature is confirmed.")
            )
        return self.cleaned_data["word"]


class VersionForm(PortalForm):
    reason = forms.CharField(
        label=gettext_lazy("Why a new version is needed"),
        max_length=300,
        help_text=gettext_lazy("The reason is printed in the new version."),
    )


STEP_FORMS = {"return": ReturnForm, "approve": SignForm}
