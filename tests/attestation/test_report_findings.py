"""Findings: what is missing behind a report, each with the way to mend it."""

import datetime

import pytest
from django.utils import timezone

from attestation import findings, paper
from attestation.indicators import Scope
from communities import seals
from communities.models import Membership
from events.models import Attendance, Event, Minutes
from tests.factories import EventFactory, PlanFactory, a_built_report, a_school_year

YESTERDAY = timezone.now() - datetime.timedelta(days=1)


@pytest.fixture
def scope(people):
    year = a_school_year(people.municipality)
    return Scope(people.municipality, year, people.municipality.today())


def codes(scope):
    return sorted(one["code"] for one in findings.about_data(scope))


@pytest.fixture
def event(people):
    return EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=YESTERDAY,
        state=Event.State.CLOSED,
    )


def test_event_without_proof_is_found_with_its_page(event, scope):
    found = {one["code"]: one for one in findings.about_data(scope)}
    assert found["minutes"]["url"] == f"/events/{event.pk}/minutes/"
    assert found["attendance"]["url"] == f"/events/{event.pk}/attendance/"


def test_event_with_proof_is_not(event, people, scope):
    Attendance.objects.create(event=event, person=people.teacher)
    minutes = Minutes(
        municipality=people.municipality,
        event=event,
        association=people.association,
        school_year=event.school_year,
    )
    minutes.save()
    minutes.seal = seals.seal("minutes", minutes, {}, actor=people.leader)
    minutes.number, minutes.state, minutes.signed_at = 1, "signed", timezone.now()
    minutes.save()
    assert not {"minutes", "attendance"} & set(codes(scope))


def test_events_of_one_association_are_one_finding(event, people, scope):
    EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=YESTERDAY,
        state=Event.State.CLOSED,
    )
    texts = [one["text"] for one in findings.about_data(scope) if one["code"] == "minutes"]
    assert len(texts) == 1


def test_association_without_leader_and_plan_is_found(people, scope):
    assert {"plan", "reports"} <= set(codes(scope))
    assert "leader" not in codes(scope)
    Membership.objects.filter(role="leader").update(ends_on=datetime.date(2017, 1, 1))
    PlanFactory(association=people.association, school_year=scope.school_year, state="approved")
    assert "leader" in codes(scope)
    assert "plan" not in codes(scope)


def test_association_looks_at_its_own(event, people, scope):
    other = EventFactory(municipality=people.municipality, starts_at=YESTERDAY, state="closed")
    urls = [one["url"] for one in findings.about_data(scope.within(people.association))]
    assert not any(str(other.pk) in url for url in urls if "minutes" in url)


def test_printed_nought_is_named(people):
    report = a_built_report(people)
    found = findings.of(report, paper.of(report))
    assert any(one["code"] == "evidence" and not one["blocking"] for one in found)


def test_events_ahead_say_that_the_year_goes_on(people, scope):
    EventFactory(municipality=people.municipality, association=people.association)
    EventFactory(municipality=people.municipality, state="draft")
    (ahead,) = [one for one in findings.about_data(scope) if one["code"] == "ahead"]
    assert ahead["text"] == "Учебный год ещё не окончен: впереди 1 мероприятие"
    assert ahead["url"] == f"/events/?year={scope.school_year.slug}&state=ahead"


def test_only_the_municipal_report_needs_proposals(people):
    report = a_built_report(people)
    report.proposals.all().delete()
    assert "proposals" in {one["code"] for one in findings.of(report, paper.of(report))}
    of_association = a_built_report(people, association=people.association)
    found = findings.of(of_association, paper.of(of_association))
    assert "proposals" not in {one["code"] for one in found}


def test_unknown_place_keeps_the_report_back(people):
    report = a_built_report(people)
    report.texts.filter(section="effect").update(text="{no.such.figure}")
    found = findings.of(report, paper.of(report))
    assert found[0]["code"] == "place"
    assert found[0]["blocking"]
