"""Step and form of network interaction are computed from who took part."""

import pytest

from events import interaction, services
from events.models import Event
from tests import factories


def attend(event, *codes):
    """One person of an organization of each (kind, agency)."""
    for kind, agency in codes:
        organization = factories.OrganizationFactory(
            municipality=event.municipality, kind_code=kind, agency_code=agency
        )
        person = factories.PersonFactory(municipality=event.municipality)
        event.attendances.create(person=person, organization=organization)


CASES = [
    ([], ""),
    ([("school", "education")], "horizontal"),
    ([("school", "education"), ("school", "education")], "horizontal"),
    ([("school", "education"), ("preschool", "education")], "vertical"),
    ([("school", "education"), ("school", "region_education")], "mixed"),
    ([("school", "education"), ("museum", "culture")], "mixed"),
    ([("museum", "culture")], "mixed"),
]


@pytest.mark.parametrize(("codes", "form"), CASES)
def test_form_follows_from_those_who_came(people, codes, form):
    event = factories.EventFactory(municipality=people.municipality)
    attend(event, *codes)
    parties = interaction.attended_parties(event)
    assert interaction.interaction_of(event, parties, by_attendance=True).form == form
    annotated = interaction.annotate_form(Event.objects.filter(pk=event.pk)).get()
    assert annotated.interaction_form == form


def test_before_the_event_the_form_is_read_from_registrations(people):
    event = factories.EventFactory(municipality=people.municipality)
    factories.RegistrationFactory(event=event, person=people.teacher)
    factories.RegistrationFactory(event=event, person=people.leader)
    factories.RegistrationFactory(event=event, person=people.coordinator, state="cancelled")
    (party,) = interaction.expected_parties(event)
    assert (party.name, party.people) == (people.organization.short_name, 2)


def test_override_keeps_the_computed_form_and_the_reason(people):
    event = factories.EventFactory(municipality=people.municipality)
    attend(event, ("school", "education"))
    services.override_form(event, form="mixed", reason="музей без отметки", actor=people.leader)
    shown = interaction.interaction_of(
        event, interaction.attended_parties(event), by_attendance=True
    )
    assert (shown.form, shown.computed, shown.reason) == (
        "mixed",
        "horizontal",
        "музей без отметки",
    )
    assert shown.is_overridden


def test_override_without_a_reason_is_refused_at_the_field(people, as_):
    event = factories.EventFactory(municipality=people.municipality, association=people.association)
    response = as_(people.leader).post(f"/events/{event.pk}/interaction/", {"form": "mixed"})
    assert response.status_code == 200
    assert "reason" in response.context["form"].errors
    event.refresh_from_db()
    assert event.form_override == ""


def test_reason_names_kinds_and_agencies(people):
    event = factories.EventFactory(municipality=people.municipality)
    attend(event, ("school", "education"), ("school", "education"), ("museum", "culture"))
    text = interaction.reason_of(interaction.attended_parties(event))
    assert "Школы (2), Музеи (1)" in text
    assert "Отдел культуры" in text


@pytest.mark.parametrize(
    ("format_", "step"), [("in_person", 1), ("mixed", 1), ("online", 2), ("by_correspondence", 2)]
)
def test_step_follows_from_the_format(people, format_, step):
    event = factories.EventFactory(municipality=people.municipality, format=format_)
    assert event.step == step
