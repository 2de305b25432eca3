"""Forms about papers: the code that checks one, the reason to mend a certificate."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attestation import verification
from network_portal.forms import PortalForm


class CodeForm(PortalForm):
    """The code printed on a paper, as people type it."""

    code = forms.CharField(
        label=gettext_lazy("Code of the paper"),
        max_length=40,
        help_text=gettext_lazy("Twelve letters and digits beside the QR code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self):
        code = verification.clean_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A code has twelve letters and digits, for example 7KQ2-M9XA-4TPH.")
            )
        return code


class ReasonForm(PortalForm):
    """Why a certificate is annulled or made anew."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Everybody who checks the certificate will read it."),
    )
