"""What the clock does: letters once, the yearly batch once."""

import datetime

import pytest

from attestation import deadlines, tasks
from attestation.models import AnnualReport
from communities.models import Job, Letter
from tests.factories import AssignmentFactory, AssociationFactory, a_built_report, a_school_year

TODAY = datetime.date(2027, 6, 10)


def assignment(people, days, **fields):
    return AssignmentFactory(
        municipality=people.municipality, due_on=TODAY + datetime.timedelta(days=days), **fields
    )


def remind(people, day=TODAY):
    return deadlines.remind(people.municipality, day)


def letters():
    return Letter.objects.order_by("id").values_list("person__last_name", flat=True)


def test_each_addressee_is_reminded_once(people):
    assignment(people, 3, person=people.teacher)
    assignment(people, 2, association=people.association)
    assignment(people, 1, organization=people.organization)
    assignment(people, -1)
    for _n in range(2):
        remind(people)
    assert sorted(letters()) == ["Завучева", "Лидова", "Методистова", "Учителева"]


@pytest.mark.parametrize("days", [-30, 0, 4])
def test_far_dates_are_left_alone(people, days):
    assignment(people, days, person=people.teacher)
    assert remind(people) == 0


def test_overdue_is_said_after_the_reminder(people):
    assignment(people, 3, person=people.teacher)
    for days in range(8):
        remind(people, TODAY + datetime.timedelta(days=days))
    subjects = list(Letter.objects.order_by("id").values_list("subject", flat=True))
    assert [subject.split()[0] for subject in subjects] == ["До", "Просрочено"]


def test_done_assignment_is_not_reminded_of(people):
    assignment(people, 3, person=people.teacher, state="done", done_at="2027-01-01T00:00Z")
    assert remind(people) == 0


def test_writers_are_reminded_of_their_report(people):
    AnnualReport.objects.filter(pk=a_built_report(people).pk).update(due_on=TODAY)
    AnnualReport.objects.filter(pk=a_built_report(people, people.association).pk).update(
        due_on=TODAY + datetime.timedelta(days=1)
    )
    remind(people, TODAY - datetime.timedelta(days=1))
    assert sorted(letters()) == ["Лидова", "Методистова"]


def test_batch_opens_in_june_and_once(people):
    a_school_year(people.municipality, 2026)
    AssociationFactory(municipality=people.municipality)
    AssociationFactory(municipality=people.municipality, closed_on=datetime.date(2020, 1, 1))
    assert deadlines.start_batch(people.municipality, datetime.date(2027, 5, 31)) == 0
    assert AnnualReport.objects.count() == 0
    assert deadlines.start_batch(people.municipality, TODAY) == 1
    assert AnnualReport.objects.filter(municipality=people.municipality).count() == 3
    assert deadlines.start_batch(people.municipality, TODAY) == 0
    assert Job.objects.filter(kind="attestation.build_reports").count() == 1


def test_batch_without_a_school_year_does_nothing(people):
    assert deadlines.start_batch(people.other, TODAY) == 0


def test_tasks_walk_through_all_municipalities(people):
    tasks.remind_deadlines()
    tasks.start_yearly_batch()
    assert Letter.objects.count() == 0
