"""The form of minutes: header, agenda and decisions on one page, people found by name."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.forms.people import PersonField, label_of
from communities.models import User
from network_portal.forms import PortalForm

MOST_ROWS = 60


def _person(label, *, required=True):
    """A field whose suggestions stand in the page: those who came and the members."""
    suggested = forms.TextInput(attrs={"list": "people", "autocomplete": "off"})
    return PersonField(label=label, required=required, widget=suggested)


class _PeopleForm(PortalForm):
    """A form whose person fields look among the people of the event's municipality."""

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(municipality_id=event.municipality_id)
        people = people.with_workplace(event.local_date)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.people = people


class HeaderForm(_PeopleForm):
    """Who chaired, who wrote; `seen` shows whether the draft has changed meanwhile."""

    chair = _person(_("Chair"))
    secretary = _person(_("Secretary of the meeting"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    layout = [("", [("chair", "secretary")])]


def _text(label, *, required=False):
    area = forms.Textarea(attrs={"rows": 2, "class": "short"})
    return forms.CharField(label=label, required=required, widget=area)


class ItemForm(PortalForm):
    """One question of the agenda; who spoke and how they voted is folded until it is written."""

    question = forms.CharField(label=_("Question"), max_length=300)
    heard = _text(_("Heard"))
    spoke = _text(_("Spoke"))
    decided = _text(_("Decided"))
    votes_for = forms.IntegerField(label=_("Votes for"), required=False, min_value=0)
    votes_against = forms.IntegerField(label=_("Votes against"), required=False, min_value=0)

    layout = [
        ("", ["question", "heard", "decided"]),
        (format_lazy("+{}", _("Discussion and vote")), ["spoke", ("votes_for", "votes_against")]),
    ]

    def unfolds(self, fields):
        return super().unfolds(fields) or any(field.value() for field in fields)


class DecisionForm(_PeopleForm):
    """A task with a person and a date."""

    text = _text(_("What has to be done"), required=True)
    person = _person(_("Who"), required=False)
    due_on = forms.DateField(label=_("Until"), required=False)

    layout = [("", ["text", ("person", "due_on")])]


class _Rows(forms.BaseFormSet):
    """Rows that are added and removed by buttons of the form."""

    deletion_widget = forms.HiddenInput

    def values(self):
        """Field values of the rows that are kept and not empty."""
        kept = (form.cleaned_data for form in self.forms if not self._should_delete_form(form))
        rows = [{k: v for k, v in row.items() if k != "DELETE"} for row in kept]
        return [row for row in rows if any(value not in (None, "") for value in row.values())]


def _rows(form):
    return forms.formset_factory(
        form,
        formset=_Rows,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


Items, Decisions = _rows(ItemForm), _rows(DecisionForm)


class MinutesForms:
    """Header and the two lists as one form."""

    def __init__(self, minutes, seen, data=None, *, add=""):
        event = minutes.event
        self.header = HeaderForm(data, event=event, initial={**_header(minutes), "seen": seen})
        self.items = self._formset(Items, data, minutes.items.values(*ItemForm.base_fields), add)
        self.decisions = self._formset(Decisions, data, _decisions(minutes), add, event=event)

    @staticmethod
    def _formset(kind, data, rows, add, **form_kwargs):
        prefix = "items" if kind is Items else "decisions"
        rows = list(rows)
        formset = kind(data, initial=rows, prefix=prefix, form_kwargs=form_kwargs)
        formset.extra = int(add == prefix or not rows)
        return formset

    def is_valid(self):
        parts = [part.is_valid() for part in (self.header, self.items, self.decisions)]
        valid = all(parts)  # every part was asked, so that all mistakes are shown at once
        if not valid and not self.header.errors:
            self.header.add_error(None, _("Some rows below need your attention."))
        return valid

    def values(self):
        return {
            "chair": self.header.cleaned_data["chair"],
            "secretary": self.header.cleaned_data["secretary"],
            "items": self.items.values(),
            "decisions": self.decisions.values(),
        }


def _header(minutes):
    labels = _labels(minutes, [minutes.chair_id, minutes.secretary_id])
    return {
        "chair": labels.get(minutes.chair_id, ""),
        "secretary": labels.get(minutes.secretary_id, ""),
    }


def _decisions(minutes):
    rows = list(minutes.decisions.all())
    labels = _labels(minutes, [row.person_id for row in rows])
    return [
        {"text": row.text, "person": labels.get(row.person_id, ""), "due_on": row.due_on}
        for row in rows
    ]


def _labels(minutes, pks):
    people = User.objects.filter(pk__in=pks).with_workplace(minutes.event.local_date)
    return {person.pk: label_of(person) for person in people}
