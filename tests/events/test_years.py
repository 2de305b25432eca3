"""School years: opened on use with their holidays."""

import datetime

import pytest
from time_machine import travel

from communities import school_year as calendar
from events import tasks, years
from events.models import SchoolYear
from tests.factories import a_municipality

D = datetime.date


def test_year_is_opened_once_with_holidays(db):
    municipality = a_municipality()
    year = years.year_of(municipality, 2025)
    assert years.year_of(municipality, 2025) == year
    dates = {h.name: (h.starts_on, h.ends_on) for h in year.holidays.all()}
    assert dates["Осенние каникулы"] == (D(2025, 10, 25), D(2025, 11, 2))
    assert dates["Зимние каникулы"] == (D(2025, 12, 31), D(2026, 1, 11))
    assert dates["Весенние каникулы"] == (D(2026, 3, 28), D(2026, 4, 5))


def test_years_with_leaders_are_opened_up_to_today(people, time_machine):
    people.association.memberships.filter(role="leader").update(starts_on=D(2023, 9, 16))
    years.year_of(people.municipality, 2024)
    time_machine.move_to("2025-11-27T12:00Z")
    for _ in range(2):
        tasks.open_school_years()
        opened = SchoolYear.objects.filter(municipality=people.municipality)
        assert sorted(opened.values_list("start", flat=True)) == [2023, 2024, 2025]
        there = SchoolYear.objects.filter(municipality=people.other)  # which has no leader
        assert [year.start for year in there] == [2025]


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2026-08-19T20:59Z", 2025),
        ("2026-08-19T21:01Z", 2026),  # 20 August has begun in Moscow
        ("2026-09-01T00:00Z", 2026),
        ("2027-08-31T20:00Z", 2027),
    ],
)
def test_event_is_filed_by_the_clock_of_the_municipality(db, moment, start):
    moment = datetime.datetime.fromisoformat(moment)
    assert years.year_on(a_municipality(), moment).start == start


@pytest.mark.parametrize(
    ("zone", "start"), [("Europe/Kaliningrad", 2025), ("Asia/Kamchatka", 2026)]
)
def test_current_year_changes_at_local_midnight(db, zone, start):
    municipality = a_municipality(time_zone=zone)
    with travel("2026-08-31T20:00Z", tick=False):
        assert years.current_start(municipality) == start


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (D(2025, 9, 24), D(2026, 9, 23)),
        (D(2025, 9, 1), D(2026, 9, 7)),  # 31 August belongs to the year before
        (D(2024, 2, 29), D(2025, 2, 27)),
        (D(2026, 12, 30), D(2027, 12, 29)),  # week 53 exists in 2026 only
        (D(2026, 8, 31), D(2027, 8, 30)),
    ],
)
def test_same_week_and_weekday_next_year(day, later):
    assert calendar.same_week_next_year(day) == later
    assert later.weekday() == day.weekday()
    assert calendar.start_year(later) == calendar.start_year(day) + 1


@pytest.mark.parametrize("month", [D(2026, 2, 1), D(2027, 2, 1), D(2026, 11, 1), D(2100, 12, 1)])
def test_weeks_hold_each_day_of_the_month_once(month):
    weeks = calendar.weeks_of(month)
    days = [day for week in weeks for day in week if day.month == month.month]
    assert days == [month.replace(day=n) for n in range(1, calendar.last_of(month).day + 1)]
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "99999-01", "0001-01", "2101-01", None])
def test_wrong_months_are_none(text):
    assert calendar.parse_month(text) is None
