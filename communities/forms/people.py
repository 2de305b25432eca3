"""A field for one person: typed, suggested while typing, never a list of thousands."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.text import normalize_name

SHOWN = 12
LOOKED_AT = 100  # people of one name, before the place of work tells them apart
NUMBER = re.compile(r"(?:^|·)\s*№\s*(\d{1,18})\s*$")  # «СОШ № 4» is no number of a person
PLACE = re.compile(r"[·,]([^·]*)")


def name_in(text):
    """The name without the place of work and the number that suggestions add."""
    return re.split("[·,]", text)[0].strip()


def label_of(person):
    """«Соколова Анна Петровна · СОШ № 1 · № 123»: the number tells namesakes apart."""
    return " · ".join(filter(None, (person.full_name, person.workplace, f"№ {person.pk}")))


class PersonInput(forms.TextInput):
    """A text field whose suggestions come from the server; without a script it is just text."""

    template_name = "forms/person_input.html"

    def get_context(self, name, value, attrs):
        options = f"{attrs['id']}_options"
        suggested = {
            "autocomplete": "off",
            "list": options,
            "hx-get": reverse("communities:person-options"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{options}",
        }
        context = super().get_context(name, value, {**suggested, **attrs})
        context["widget"]["options"] = options
        return context


class PersonField(forms.CharField):
    """One person by name; namesakes are told apart by the place of work or by the number.

    `people` are those to look among, each with the workplace of the day.
    """

    widget = PersonInput
    default_error_messages = {
        "required": _("Enter the last name, the first name and the patronymic."),
        "nobody": _("There is nobody with this name. Check the spelling or add the person first."),
        "several": _("Several people fit: %(names)s. Copy the one you mean."),
    }

    def __init__(self, *, people=None, **kwargs):
        self.people = people if people is not None else User.objects.none()
        super().__init__(max_length=300, **kwargs)

    def prepare_value(self, value):
        return value.full_name if isinstance(value, User) else value

    def clean(self, value):
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text):
        found = self._fitting(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["nobody"], "nobody")
        names = "; ".join(label_of(person) for person in found[:SHOWN])
        raise ValidationError(self.error_messages["several"], "several", {"names": names})

    def _fitting(self, text):
        """Whom the text may mean; a full name or a place leaves fewer, never nobody."""
        if number := NUMBER.search(text):
            return list(self.people.filter(pk=int(number[1])))
        name, place = name_in(text), PLACE.search(text)
        found = list(self.people.named(name).in_order()[:LOOKED_AT])
        found = _same(found, name, lambda person: person.full_name)
        return _same(found, place[1], lambda person: person.workplace) if place else found


def _same(people, wanted, said_of):
    """Those of whom exactly this is said, or all of them when it is said of nobody."""
    wanted = normalize_name(wanted)
    same = [person for person in people if normalize_name(said_of(person) or "") == wanted]
    return same or people


def colleagues(municipality):
    """Everybody of the municipality with the place of work of today."""
    return User.objects.filter(municipality=municipality).with_workplace(municipality.today())
