"""The note left with a finished assignment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network_portal.forms import PortalForm


class DoneForm(PortalForm):
    """How it was done, if there is something to say."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where the result is, or what came of it"),
    )
