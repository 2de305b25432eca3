"""The small form that asks for one day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network_portal.forms import PortalForm


class DayForm(PortalForm):
    """«Who led this association on 12 March?»"""

    on = forms.DateField(label=_("On the day"))
