"""School years of a municipality: opened with their holidays on first use."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.models import Membership
from communities.school_year import FIRST_YEAR, default_start_year, start_year
from events.models import Holiday, SchoolYear


def current_start(municipality):
    """The calendar year in which the school year of today began."""
    return start_year(municipality.today())


def year_of(municipality, start):
    """The school year that began in `start`, opened with default holidays on first use."""
    with transaction.atomic():
        year, created = SchoolYear.objects.get_or_create(municipality=municipality, start=start)
        if created:
            Holiday.objects.bulk_create(default_holidays(year))
    return year


def open_current(municipality):
    """The school year of today."""
    return year_of(municipality, current_start(municipality))


def year_on(municipality, moment):
    """The school year an event of this moment is filed under."""
    return year_of(municipality, default_start_year(moment.astimezone(municipality.tz).date()))


def open_worked_years(municipality):
    """Open this year and each before it in which an association had a leader. Idempotent.

    A fact of the record is filed under a year; an order may be entered long after its day.
    """
    today = municipality.today()
    terms = Membership.objects.filter(
        municipality=municipality, role=Membership.Role.LEADER, starts_on__lte=today
    )
    needed = {start_year(today)}
    for first, last in terms.values_list("starts_on", "ends_on"):
        needed.update(range(start_year(first), start_year(min(last or today, today)) + 1))
    years = SchoolYear.objects.filter(municipality=municipality)
    for start in sorted(needed - set(years.values_list("start", flat=True))):
        if start >= FIRST_YEAR:
            year_of(municipality, start)


def default_holidays(year):
    """Holidays as the ministry recommends them."""
    autumn = _nearest(datetime.date(year.start, 10, 28), weekday=5)
    spring = _nearest(datetime.date(year.start + 1, 3, 28), weekday=5)
    christmas = datetime.date(year.start + 1, 1, 8)
    after_christmas = christmas + datetime.timedelta(days=6 - christmas.weekday())
    week = datetime.timedelta(days=8)
    stretches = [
        (_("Autumn holidays"), autumn, autumn + week),
        (_("Winter holidays"), datetime.date(year.start, 12, 31), after_christmas),
        (_("Spring holidays"), spring, spring + week),
        (_("State examinations"), *_dates(year.start + 1, (5, 22), (6, 30))),
        (_("Summer holidays"), *_dates(year.start + 1, (5, 27), (8, 31))),
    ]
    return [
        Holiday(school_year=year, name=name, starts_on=first, ends_on=last)
        for name, first, last in stretches
    ]


def _dates(year, *days):
    return [datetime.date(year, month, day) for month, day in days]


def _nearest(day, weekday):
    shift = (weekday - day.weekday() + 3) % 7 - 3
    return day + datetime.timedelta(days=shift)
