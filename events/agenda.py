"""Lists of events: lean rows with their words ready, a month as a table, what to filter by."""

import dataclasses
import datetime
import functools

from django.db.models import CharField, Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.template.loader import render_to_string
from django.utils import timezone

from communities.access import can
from communities.models import Association
from communities.school_year import last_of, next_month, slug_of, weeks_of
from events.models import Event, EventKind, Format, Holiday, Level, Registration, SchoolYear
from events.states import (
    Said,
    is_full,
    registration_words,
    seats_words,
    state_for_guest,
    state_of,
    takes_people,
)
from network_portal import formats

SHOWN_IN_CELL = 3


@dataclasses.dataclass(frozen=True)
class Row:
    """An event in a list; dates and states are words already, templates only print them."""

    pk: int
    url: str
    title: str
    iso: str
    day: str
    month: str
    hours: str
    kind: str
    association: str
    label: str
    place: str
    online: str
    seats: str
    state: str
    may_register: bool
    will_wait: bool
    is_past: bool
    is_cancelled: bool
    spoken_day: str


def with_places(events, user):
    """Annotate confirmed places and the state of the reader's own registration."""
    rows = Registration.objects.filter(event=OuterRef("pk")).order_by()
    confirmed = rows.filter(state=Registration.State.CONFIRMED).values("event")
    events = events.annotate(
        taken=Coalesce(Subquery(confirmed.annotate(n=Count("id")).values("n")), 0)
    )
    if not user.is_authenticated:
        return events.annotate(my_state=Value("", CharField()))
    mine = rows.filter(person=user).values("state")[:1]
    return events.annotate(my_state=Coalesce(Subquery(mine), Value("")))


def for_rows(events, user):
    """What a row needs, in one query."""
    return (
        with_places(events, user)
        .select_related("kind", "association__kind", "minutes")
        .only(
            *(
                "id",
                "slug",
                "title",
                "starts_at",
                "ends_at",
                "state",
                "format",
                "place",
                "capacity",
            ),
            *("registration_until", "municipality_id", "created_by_id"),
            *("kind__label", "association__name"),
            *("association__kind__label", "association__kind__abbreviation"),
            *("association__kind__shape", "minutes__state", "minutes__event_id"),
        )
    )


def row_of(event, user, now):
    """One row of a list."""
    start = timezone.localtime(event.starts_at)
    mine = event.my_state if event.my_state != Registration.State.CANCELLED else ""
    takes = user.is_authenticated and takes_people(event, now)
    return Row(
        pk=event.pk,
        url=event.get_absolute_url(),
        title=event.title,
        iso=start.isoformat(),
        day=str(start.day),
        month=f"{formats.month_short(start)}, {formats.weekday_short(start)}",
        hours=formats.hours_between(event.starts_at, event.ends_at),
        kind=_kind_html(event.association.kind) if event.association_id else "",
        association=event.association.name_beside_kind if event.association_id else "",
        label=event.kind.label,
        place=event.place,
        online="" if event.format == Format.IN_PERSON else event.get_format_display(),
        seats=seats_words(event, event.taken) if event.capacity is not None else "",
        state=_state_html(_words_for(user, event, mine, now)),
        may_register=takes and not mine,
        will_wait=is_full(event, event.taken),
        is_past=event.ends_at < now,
        is_cancelled=event.state == Event.State.CANCELLED,
        spoken_day=formats.day(start),
    )


def _words_for(user, event, mine, now):
    """Who runs an event reads what it still lacks, everybody else how they stand with it."""
    runs = can(user, "events.run_event", event)
    if runs and event.ends_at < now:
        return state_of(event, event.taken, now)
    own = _own_words(mine, over=event.is_over)
    return own or (state_of if runs else state_for_guest)(event, event.taken, now)


def _kind_html(kind):
    return _component("kind", shape=kind.shape, label=kind.label, abbreviation=kind.abbreviation)


def _state_html(said):
    return _component("state", label=said.label, tone=said.tone)


@functools.lru_cache(maxsize=512)
def _component(name, **values):
    """A small component; the same words give the same marks on every row of every list."""
    context = {"kind": values} if name == "kind" else values
    return render_to_string(f"components/{name}.html", context)


def _own_words(state, *, over):
    if state == Registration.State.WAITING and not over:
        return Said(Registration.State.WAITING.label.capitalize(), "wait")
    return registration_words(state, over=over) if state else None


def rows_of(events, user):
    """Rows of a page of events."""
    now = timezone.now()
    return [row_of(event, user, now) for event in events]


@dataclasses.dataclass
class Cell:
    """A day of a month: its first events and how many more."""

    day: datetime.date
    events: list
    more: int
    is_out: bool
    is_free: bool
    is_today: bool

    @property
    def iso(self):
        return self.day.isoformat()


def month_table(events, month, today, holidays):
    """Weeks of cells; `events` are those of the shown days, in order."""
    by_day = {}
    for event in events:
        by_day.setdefault(timezone.localdate(event.starts_at), []).append(event)
    return [
        [_cell(day, by_day, month, today, holidays) for day in week] for week in weeks_of(month)
    ]


def _cell(day, by_day, month, today, holidays):
    events = by_day.get(day, []) if day.month == month.month else []
    shown = [
        {
            "url": event.get_absolute_url(),
            "title": event.title,
            "association": event.association.title if event.association_id else "",
            "time": f"{timezone.localtime(event.starts_at):%H:%M}",
            "cancelled": event.state == Event.State.CANCELLED,
        }
        for event in events[:SHOWN_IN_CELL]
    ]
    return Cell(
        day=day,
        events=shown,
        more=max(len(events) - SHOWN_IN_CELL, 0),
        is_out=day.month != month.month,
        is_free=any(stretch.starts_on <= day <= stretch.ends_on for stretch in holidays),
        is_today=day == today,
    )


def events_of_month(events, month, zone):
    """Events that begin in this month by the clocks of the municipality."""
    first = datetime.datetime.combine(month, datetime.time.min, zone)
    last = datetime.datetime.combine(next_month(month), datetime.time.min, zone)
    return (
        events.filter(starts_at__gte=first, starts_at__lt=last)
        .select_related("association__kind")
        .only(
            *("id", "slug", "title", "starts_at", "state"),
            *("association__name", "association__kind__abbreviation"),
        )
        .order_by("starts_at", "id")
    )


def holidays_of_month(user, month):
    """Holidays and examinations that touch this month."""
    return list(
        Holiday.objects.visible_to(user).filter(starts_on__lte=last_of(month), ends_on__gte=month)
    )


def choices_for_filters(user):
    """Kinds, associations, levels and years to filter by, all in one query."""
    tables = [
        _choices("kind", EventKind.objects.visible_to(user), "code", "label", "position"),
        _choices("association", Association.objects.visible_to(user), "slug", "name", "id"),
        _choices("level", Level.objects.visible_to(user), "code", "label", "position"),
        _choices("year", SchoolYear.objects.visible_to(user), "start", "start", "start"),
    ]
    found = {"kind": [], "association": [], "level": [], "year": []}
    rows = tables[0].union(*tables[1:], all=True)
    for _place, table, value, label in sorted(rows, key=lambda row: row[0]):
        found[table].append((value, label))
    found["association"].sort(key=lambda choice: choice[1].lower().replace("ё", "е"))
    years = sorted((int(value) for value, _label in found["year"]), reverse=True)
    found["year"] = [(slug_of(year), formats.school_year(year)) for year in years]
    found["format"] = list(Format.choices)
    return found


def _choices(table, rows, value, label, place):
    text = CharField()
    return rows.order_by().values_list(
        Cast(place, IntegerField()), Value(table, text), Cast(value, text), Cast(label, text)
    )
