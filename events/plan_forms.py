"""Forms about a plan: its theme, its lines, what became of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.school_year import bounds, months
from events.models import EventKind, Format, PlanItem
from network_portal.formats import month_year
from network_portal.forms import PortalForm


class PlanForm(PortalForm):
    """What the association works on this year."""

    theme = forms.CharField(label=_("Theme of the year"), max_length=300, required=False)
    goal = forms.CharField(
        label=_("Goal"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ItemForm(PortalForm):
    """A line of a plan: a month is enough, a date decides the month."""

    title = forms.CharField(label=_("What will be held"), max_length=200)
    kind = forms.ModelChoiceField(EventKind.objects.none(), label=_("Kind of event"))
    month = forms.TypedChoiceField(label=_("Month"))
    planned_on = forms.DateField(label=_("Date"), required=False)
    format = forms.ChoiceField(label=_("How people take part"), choices=Format)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    responsible = forms.CharField(label=_("Who answers for it"), max_length=200, required=False)
    layout = [
        ("", ["title", ("kind", "format"), ("month", "planned_on"), ("place", "responsible")])
    ]

    def __init__(self, *args, user, start, **kwargs):
        super().__init__(*args, **kwargs)
        self.bounds = bounds(start)
        self.fields["kind"].queryset = EventKind.objects.visible_to(user)
        _offer_months(self.fields["month"], start)

    def clean_planned_on(self):
        day = self.cleaned_data["planned_on"]
        first, last = self.bounds
        if day and day < first:
            raise forms.ValidationError(
                _("The date is before the beginning of the school year: check the year.")
            )
        if day and day > last:
            raise forms.ValidationError(
                _("The date is after the end of the school year: check the year.")
            )
        return day

    def clean(self):
        data = super().clean()
        if data.get("planned_on"):
            data["month"] = data["planned_on"].replace(day=1)
        return data


class OutcomeForm(PortalForm):
    """Why a line was not held as planned."""

    outcome = forms.ChoiceField(label=_("What became of it"), choices=PlanItem.Outcome)
    month = forms.TypedChoiceField(label=_("Month"), help_text=_("Where a moved line goes."))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args, start, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_months(self.fields["month"], start)

    def clean(self):
        data = super().clean()
        planned = data.get("outcome") == PlanItem.Outcome.PLANNED
        if data.get("outcome") and not planned and not data.get("reason"):
            self.add_error("reason", _("Write why it was moved or cancelled."))
        return data


class RemarkForm(PortalForm):
    """What the methodist asks to change."""

    comment = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


def _offer_months(field, start):
    days = {day.isoformat(): day for day in months(start)}
    field.choices = [(key, month_year(day)) for key, day in days.items()]
    field.coerce = days.get
