"""School years as dates: 1 September to 31 August, with an August that opens the next."""

import datetime
import re

# The late-August conference belongs to the year it opens (domain rule 5).
OPENS_NEXT_YEAR = (8, 20)
FIRST_YEAR, LAST_YEAR = 1990, 2100  # years the portal knows


def start_year(day):
    """The calendar year in which the school year of `day` began."""
    return day.year if day.month >= 9 else day.year - 1


def default_start_year(day):
    """The school year a new event of `day` is filed under: from 20 August the coming one."""
    if (day.month, day.day) >= OPENS_NEXT_YEAR:
        return day.year
    return start_year(day)


def slug_of(year):
    """`2026` → `2026-27`."""
    return f"{year}-{(year + 1) % 100:02d}"


def slug_on(day):
    """19 November 2026 → `2026-27`."""
    return slug_of(start_year(day))


def next_start(day):
    """1 September of the school year after the one of `day`."""
    return bounds(start_year(day) + 1)[0]


def parse_slug(text):
    """`2026-27` → 2026, or None when the years do not follow each other or are none of ours."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        return None
    year = int(match[1])
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def bounds(year):
    """First and last day of the school year that began in `year`."""
    return datetime.date(year, 9, 1), datetime.date(year + 1, 8, 31)


def months(year):
    """The first days of the twelve months, from September to August."""
    return [datetime.date(year + (month < 9), month, 1) for month in (9, 10, 11, 12, *range(1, 9))]


def same_week_next_year(day):
    """The same week and weekday a year later, within the school year that follows."""
    _year, week, weekday = day.isocalendar()
    first, last = bounds(start_year(day) + 1)
    try:
        later = datetime.date.fromisocalendar(day.isocalendar().year + 1, week, weekday)
    except ValueError:  # the next year has no week 53
        later = datetime.date.fromisocalendar(day.isocalendar().year + 1, 52, weekday)
    if later < first:
        return later + datetime.timedelta(days=7)
    return later - datetime.timedelta(days=7) if later > last else later


def weeks_of(month):
    """The days of a month as whole weeks from Monday, for a table."""
    first = month - datetime.timedelta(days=month.weekday())
    weeks = [
        [first + datetime.timedelta(days=7 * week + day) for day in range(7)] for week in range(6)
    ]
    return [week for week in weeks if week[0] <= last_of(month) and week[-1] >= month]


def last_of(month):
    """The last day of the month that begins with `month`."""
    return next_month(month) - datetime.timedelta(days=1)


def next_month(month):
    """The first day of the month after."""
    return datetime.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month):
    """The first day of the month before."""
    return (month - datetime.timedelta(days=1)).replace(day=1)


def parse_month(text):
    """`2026-11` → 1 November 2026, or None."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text or "")
    if not match or not 1 <= int(match[2]) <= 12 or not 1950 <= int(match[1]) <= 2100:
        return None
    return datetime.date(int(match[1]), int(match[2]), 1)
