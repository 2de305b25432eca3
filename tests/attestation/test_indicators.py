"""Figures are counts of the rows that prove them."""

import datetime

import pytest
from django.utils import timezone

from attestation.indicators import SOURCES, Scope, compute, effective
from attestation.models import Indicator
from attestation.tables import TABLES, work_of_associations
from communities.models import Employment
from events.models import Attendance, Event
from tests.factories import (
    AssociationFactory,
    EmploymentFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    PlanItemFactory,
    a_school_year,
    published_material,
)

YESTERDAY = timezone.now() - datetime.timedelta(days=1)


@pytest.fixture
def scope(people):
    year = a_school_year(people.municipality)
    return Scope(people.municipality, year, people.municipality.today())


def held(people, **fields):
    fields = {"starts_at": YESTERDAY, "state": Event.State.CLOSED} | fields
    return EventFactory(municipality=people.municipality, **fields)


def came(event, *persons):
    for person in persons:
        work = Employment.objects.filter(person=person).first()
        Attendance.objects.create(
            event=event, person=person, organization=work.organization if work else None
        )


def speak(event, person):
    talk = event.talks.create(title="Опыт")
    talk.speakers.create(person=person)


def test_every_indicator_names_a_source_that_counts(people, scope):
    found = compute(scope)
    assert set(found.values) == set(
        Indicator.objects.filter(municipality=people.municipality).values_list("code", flat=True)
    )
    assert all(len(keys) == found.values[code] for code, keys in found.evidence.items())


def test_counted_together_or_alone_the_rows_are_the_same(people, scope):
    """One question answers for all figures of a source; an evidence page asks for one of them."""
    planned = PlanItemFactory(plan__association=people.association)
    for minute, form in enumerate(("", "mixed", "horizontal")):
        item = None if minute else planned
        moment = YESTERDAY + datetime.timedelta(minutes=minute)
        came(held(people, plan_item=item, form_override=form, starts_at=moment), people.teacher)
    held(people, state=Event.State.CANCELLED, reason="Карантин")
    OrganizationFactory(municipality=people.municipality, has_internet=False)
    found, seen = compute(scope), set()
    for indicator in Indicator.objects.filter(municipality=people.municipality):
        if source := SOURCES.get(indicator.source):
            alone = source.queryset(scope, indicator.params).values_list("pk", flat=True)
            assert found.evidence[indicator.code] == list(alone), indicator.code
            seen |= {indicator.source} if alone else set()
    assert {"events", "organizations", "associations", "participations"} <= seen


def test_every_source_shows_its_rows(people, scope):
    event = held(people, association=people.association)
    came(event, people.teacher)
    published_material(owner=people.teacher)
    for source in SOURCES.values():
        keys = list(source.queryset(scope).values_list("pk", flat=True))
        shown = source.shown(source.named(scope, keys))
        assert [len(cells) for _url, cells in shown] == [len(source.columns)] * len(keys)


def test_person_counts_once_and_by_the_main_place(people, scope):
    EmploymentFactory(person=people.teacher, kind="external_part_time")
    first, second = held(people), held(people)
    came(first, people.teacher, people.leader)
    came(second, people.teacher)
    speak(second, people.teacher)
    values = compute(scope).values
    assert values["teachers.total"] == 2  # teacher and leader
    assert values["participants.people"] == 2
    assert values["participations.total"] == 3  # a speaker who came is there once
    assert values["speakers.people"] == 1
    assert values["organizations.covered"] == 1


def test_percent_is_whole_and_half_up(people, scope):
    EmploymentFactory.create_batch(6, person__municipality=people.municipality)
    came(held(people), people.teacher)
    values = compute(scope).values
    assert (values["teachers.covered"], values["teachers.total"]) == (1, 8)
    assert values["teachers.coverage"] == 13  # 12,5 %


def test_share_follows_a_correction_of_its_part():
    told = {
        "part": {"source": "x", "params": {}},
        "whole": {"source": "x", "params": {}},
        "share": {"source": "share", "params": {"part": "part", "whole": "whole"}},
    }
    values = {"part": 1, "whole": 4, "share": 25}
    assert effective(values, {"part": 3}, told) == {"part": 3, "whole": 4, "share": 75}


def test_outcomes_of_events_are_told_apart(people, scope):
    item = PlanItemFactory(plan__association=people.association)
    held(people, plan_item=item)
    held(people, moved_from=YESTERDAY)
    held(people, state=Event.State.CANCELLED, reason="Карантин")
    held(people, state=Event.State.DRAFT)
    EventFactory(municipality=people.municipality)  # in a week
    values = compute(scope).values
    names = "total held planned unplanned moved cancelled".split()
    assert [values[f"events.{name}"] for name in names] == [4, 2, 1, 1, 1, 1]


def test_form_of_interaction_follows_from_who_came(people, scope):
    school = people.teacher
    colleague = _from(people, kind_code="school")
    preschool = _from(people, kind_code="preschool")
    museum = _from(people, kind_code="museum", agency_code="culture")
    came(held(people), school, colleague)
    came(held(people), school, preschool)
    came(held(people), school, museum)
    came(held(people, form_override="mixed"), school)
    held(people)  # nobody came: no form
    values = compute(scope).values
    forms = [values[f"events.{name}"] for name in ("horizontal", "vertical", "mixed")]
    assert forms == [1, 1, 2]


def _from(people, **kind):
    organization = OrganizationFactory(municipality=people.municipality, **kind)
    person = PersonFactory(municipality=people.municipality)
    EmploymentFactory(person=person, organization=organization)
    return person


def test_rows_after_the_counted_day_are_left_out(people, scope):
    came(held(people), people.teacher)
    earlier = Scope(scope.municipality, scope.school_year, YESTERDAY.date() - SOME_DAYS)
    assert compute(earlier).values["events.held"] == 0
    assert compute(earlier).values["participations.total"] == 0


SOME_DAYS = datetime.timedelta(days=3)


def test_neighbours_rows_are_not_counted(people, scope):
    EventFactory(municipality=people.other, starts_at=YESTERDAY)
    OrganizationFactory(municipality=people.other)
    values = compute(scope).values
    assert (values["events.held"], values["organizations.school"]) == (0, 1)


def test_association_counts_its_own(people, scope):
    other = AssociationFactory(municipality=people.municipality)
    came(held(people, association=people.association), people.teacher)
    came(held(people, association=other), people.leader)
    values = compute(scope.within(people.association)).values
    assert (values["events.held"], values["participants.people"]) == (1, 1)
    assert "organizations.total" not in values


def test_table_agrees_with_the_figures(people, scope):
    other = AssociationFactory(municipality=people.municipality)
    came(held(people, association=people.association), people.teacher, people.leader)
    came(held(people, association=other), people.teacher)
    came(held(people), people.teacher)
    published_material(owner=people.teacher, association=people.association)
    table, values = work_of_associations(scope), compute(scope).values
    codes = [code for _title, code in table["columns"][1:]]
    assert table["totals"][1:] == [values[code] for code in codes]
    columns = list(zip(*(row["cells"][1:] for row in table["rows"]), strict=True))
    assert [sum(column) for column in columns] == [3, 4, 4, 1]


def test_table_takes_the_same_number_of_queries(people, scope, django_assert_num_queries):
    came(held(people, association=people.association), people.teacher)
    with django_assert_num_queries(9):
        work_of_associations(scope)
    AssociationFactory.create_batch(5, municipality=people.municipality)
    with django_assert_num_queries(9):
        work_of_associations(scope)


def test_every_table_of_the_defaults_can_be_filled(people, scope):
    came(held(people, association=people.association), people.teacher)
    speak(held(people, association=people.association), people.teacher)
    for fill in TABLES.values():
        table = fill(scope.within(people.association))
        assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])
