"""A plan as its page shows it: months with lines, holidays between them, last year beside."""

import dataclasses
import datetime

from django.db.models import Count
from django.utils import timezone

from communities.school_year import months
from events.models import Event, PlanItem, Registration
from events.plans import day_of, event_of, is_held
from events.states import Said, is_past, item_state, state_of


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a plan, or an event nobody planned."""

    item: PlanItem | None
    event: Event | None
    day: datetime.date | None
    said: Said | None

    @property
    def title(self):
        return self.event.title if self.event else self.item.title

    @property
    def kind(self):
        return self.item.kind if self.item else self.event.kind

    @property
    def place(self):
        return self.event.place if self.event else self.item.place

    @property
    def reason(self):
        return (self.event.reason if self.event else "") or (self.item.reason if self.item else "")

    @property
    def may_become_event(self):
        return self.event is None and self.item.outcome != PlanItem.Outcome.CANCELLED


@dataclasses.dataclass
class Month:
    """A month of the school year."""

    first: datetime.date
    lines: list
    holidays: list


@dataclasses.dataclass(frozen=True)
class Fact:
    """Plan against fact."""

    planned: int
    held: int
    moved: int
    cancelled: int
    missed: list


def table_of(start, lines, unplanned, holidays, user):
    """The months of the school year that have something in them."""
    now = timezone.now()
    events = [event_of(line) for line in lines] + list(unplanned)
    taken = taken_by_event([event for event in events if event is not None])
    rows = [_planned_line(item, taken, now, user) for item in lines]
    rows += [_unplanned_line(event, taken, now) for event in unplanned]
    by_month = {first: Month(first, [], []) for first in months(start)}
    for row in sorted(rows, key=_place_of):
        by_month[_month_of(row, by_month)].lines.append(row)
    for stretch in holidays:
        by_month[_begins_in(stretch, by_month)].holidays.append(stretch)
    return list(by_month.values())


def fact_of(lines, now=None):
    """How many lines were held, moved, cancelled, and which were not held."""
    now = now or timezone.now()
    lines = list(lines)
    held = [line for line in lines if is_held(event_of(line), now)]
    return Fact(
        planned=len(lines),
        held=len(held),
        moved=sum(_is_moved(line) for line in lines),
        cancelled=sum(_is_cancelled(line) for line in lines),
        missed=[line for line in lines if line not in held and _is_over(line, now)],
    )


def taken_by_event(events):
    """Confirmed places of each of these events, in one query."""
    limited = [event.pk for event in events if event.capacity is not None]
    if not limited:
        return {}
    confirmed = Registration.objects.filter(
        event_id__in=limited, state=Registration.State.CONFIRMED
    )
    return dict(confirmed.order_by().values_list("event_id").annotate(n=Count("id")))


def _planned_line(item, taken, now, user):
    event = event_of(item)
    if event is not None and event.state == Event.State.DRAFT and not _sees_drafts(user, item):
        return Line(item, None, item.planned_on, item_state(item, None, 0, now))
    number = taken.get(event.pk, 0) if event else 0
    return Line(item, event, day_of(item), item_state(item, event, number, now))


def _sees_drafts(user, item):
    return user.is_methodist or item.plan.association_id in user.led_association_ids


def _unplanned_line(event, taken, now):
    day = timezone.localdate(event.starts_at)
    return Line(None, event, day, state_of(event, taken.get(event.pk, 0), now))


def _begins_in(stretch, by_month):
    first = stretch.starts_on.replace(day=1)
    return first if first in by_month else next(iter(by_month))


def _place_of(row):
    month = row.item.month if row.item and row.day is None else row.day.replace(day=1)
    return (month, row.day is None, row.day or month)


def _month_of(row, by_month):
    month = row.day.replace(day=1) if row.day else row.item.month
    if month in by_month:
        return month
    return row.item.month if row.item and row.item.month in by_month else next(iter(by_month))


def _is_over(line, now):
    """Whether the time of a line has passed: of its event, its day or its whole month."""
    event = event_of(line)
    return is_past(line, now) if event is None else event.ends_at < now


def _is_moved(line):
    event = event_of(line)
    return line.outcome == PlanItem.Outcome.MOVED or bool(event and event.moved_from)


def _is_cancelled(line):
    event = event_of(line)
    cancelled = event is not None and event.state == Event.State.CANCELLED
    return cancelled or line.outcome == PlanItem.Outcome.CANCELLED
