"""A field for one person: typed, suggested while typing, never a list of thousands."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Employment, User
from communities.text import fold_yo

SHOWN = 12
NUMBER = re.compile(r"№\s*(\d{1,18})\s*$")


def main_workplace(day, person="pk"):
    """Short name of the main place of work of a person on `day`, as a subquery."""
    main = Employment.objects.in_force(day).filter(person=OuterRef(person), is_main=True)
    return Subquery(main.values("organization__short_name")[:1])


def find_people(people, text):
    """People in whose name every word begins a part; initials may have their dots."""
    return people.named(words_of(text))


def words_of(text):
    """The name without the place of work and the number that suggestions add."""
    return text.partition("·")[0].replace(".", " ").strip()


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
    """One person of the municipality, by name; namesakes are told apart by the number."""

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
        if number := NUMBER.search(text):
            found = list(self.people.filter(pk=int(number[1]))[:1])
        else:
            fitting = find_people(self.people, text)
            found = list(fitting.in_order()[: SHOWN + 1]) if words_of(text) else []
        whole = fold_yo(words_of(text))
        exact = [person for person in found if fold_yo(person.full_name) == whole]
        found = exact if len(exact) == 1 else found
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(self.error_messages["nobody"], "nobody")
        names = "; ".join(label_of(person) for person in found[:SHOWN])
        raise ValidationError(self.error_messages["several"], "several", {"names": names})


def colleagues(municipality):
    """Everybody of the municipality with the main place of work of today."""
    people = User.objects.filter(municipality=municipality)
    return people.annotate(workplace=main_workplace(municipality.today()))
