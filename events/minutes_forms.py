"""The form of minutes: header, agenda and decisions on one page, people found by name."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.text import normalize_name
from events.attendance import day_of
from events.roster import find_people, with_places
from network_portal.forms import PortalForm

MOST_ROWS = 60


def label_of(person):
    """«Лебедева Ирина Викторовна, СОШ № 4»: what a name field holds."""
    return ", ".join(filter(None, (person.full_name, getattr(person, "place", ""))))


class PersonField(forms.CharField):
    """A person of the municipality by name; where two share it, by name and place."""

    def __init__(self, **kwargs):
        super().__init__(max_length=300, **kwargs)
        self.widget.attrs |= {"list": "people", "autocomplete": "off"}
        self.people = User.objects.none()

    def clean(self, value):
        text = super().clean(value)
        return self._one(text) if text else None

    def _one(self, text):
        name, _comma, place = text.partition(",")
        found = list(find_people(self.people, name))
        for narrow in (
            lambda p: normalize_name(p.full_name) == normalize_name(name),
            lambda p: not place or normalize_name(p.place or "") == normalize_name(place),
        ):
            found = [p for p in found if narrow(p)] or found
        if not found:
            raise ValidationError(_("There is nobody with this name. Check the last name."))
        if len(found) > 1:
            names = "; ".join(label_of(person) for person in found[:5])
            raise ValidationError(_("Who of them: %(names)s?") % {"names": names})
        return found[0]


class _PeopleForm(PortalForm):
    """A form whose person fields look among the people of the event's municipality."""

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        people = with_places(
            User.objects.filter(municipality_id=event.municipality_id), day_of(event)
        )
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.people = people


class HeaderForm(_PeopleForm):
    """Who chaired, who wrote; `seen` shows whether the draft has changed meanwhile."""

    chair = PersonField(label=_("Chair"))
    secretary = PersonField(label=_("Secretary of the meeting"), required=False)
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
    person = PersonField(label=_("Who"), required=False)
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
    people = with_places(
        User.objects.filter(pk__in=[minutes.chair_id, minutes.secretary_id]),
        day_of(minutes.event),
    )
    labels = {person.pk: label_of(person) for person in people}
    return {
        "chair": labels.get(minutes.chair_id, ""),
        "secretary": labels.get(minutes.secretary_id, ""),
    }


def _decisions(minutes):
    rows = list(minutes.decisions.all())
    people = with_places(
        User.objects.filter(pk__in=[row.person_id for row in rows]), day_of(minutes.event)
    )
    labels = {person.pk: label_of(person) for person in people}
    return [
        {"text": row.text, "person": labels.get(row.person_id, ""), "due_on": row.due_on}
        for row in rows
    ]
