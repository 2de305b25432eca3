"""Calendars in iCalendar: one event, and «my events» behind a secret address.

The frame comes from the icalendar library; its components cost 0.2 ms each, so the lines of
an event are written here. Times are in UTC: right in every programme and in every zone.
"""

import datetime
import functools
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from communities import audit
from events.models import Event, Registration, TalkSpeaker

CONTENT_TYPE = "text/calendar; charset=utf-8"
FOLD_AT = 74  # octets of a line, without the space that continues it
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_of(events, name, *, links=False):
    """The bytes of a calendar; `links` adds the addresses for those who join online."""
    start, end = _frame(" ".join(name.split()))  # the library takes no name of several lines
    return b"".join([start, *(_event_lines(event, links) for event in events), end])


def my_events(person):
    """Events a person signed up for or speaks at; cancelled ones stay, marked as such."""
    mine = Registration.objects.filter(event=OuterRef("pk"), person=person)
    mine = mine.exclude(state=Registration.State.CANCELLED)
    speaks = TalkSpeaker.objects.filter(talk__event=OuterRef("pk"), person=person)
    confirmed = mine.filter(state=Registration.State.CONFIRMED)
    return (
        Event.objects.visible_to(person)
        .exclude(state=Event.State.DRAFT)
        .filter(Q(Exists(mine)) | Q(Exists(speaks)))
        .annotate(has_place=Exists(confirmed))
        .select_related("municipality")
        .only(*_COLUMNS)
        .order_by("starts_at", "id")
    )


_COLUMNS = (
    *("id", "slug", "title", "summary", "starts_at", "ends_at", "place", "online_url", "state"),
    *("sequence", "changed_at", "municipality__slug"),
)


@transaction.atomic
def renew_token(person, *, actor):
    """Give a person a new secret address; the old one stops working."""
    person.feed_token = secrets.token_urlsafe(32)
    person.save(update_fields=["feed_token"])
    audit.record("calendar.renew", person, actor=actor)
    return person.feed_token


@transaction.atomic
def revoke_token(person, *, actor):
    """Close the secret address."""
    person.feed_token = ""
    person.save(update_fields=["feed_token"])
    audit.record("calendar.revoke", person, actor=actor)


def uid_of(event):
    """The same for ever, whatever else changes."""
    return f"event-{event.pk}@{event.municipality.slug}.teacher-network"


@functools.lru_cache(maxsize=64)
def _frame(name):
    import icalendar  # by the first calendar: other processes do without

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//teacher network portal//ru")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    start, end, _rest = calendar.to_ical().partition(b"END:VCALENDAR")
    return start, end + b"\r\n"


def _event_lines(event, links):
    cancelled = event.state == Event.State.CANCELLED
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid_of(event)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{_text(event.title)}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"URL:{settings.SITE_URL}{event.get_absolute_url()}",
    ]
    if event.place:
        lines.append(f"LOCATION:{_text(event.place)}")
    words = [event.summary] if event.summary else []
    if links and event.online_url and getattr(event, "has_place", False):
        words.append(event.online_url)
    if words:
        text = "\n\n".join(words)
        lines.append(f"DESCRIPTION:{_text(text)}")
    lines.append("END:VEVENT\r\n")
    return b"\r\n".join(_folded(line.encode()) for line in lines)


def _utc(moment):
    m = moment.astimezone(datetime.UTC)
    return f"{m.year:04}{m.month:02}{m.day:02}T{m.hour:02}{m.minute:02}{m.second:02}Z"


def _text(text):
    return text.translate(ESCAPES)


def _folded(line):
    """Long lines are cut between characters and go on after a space."""
    if len(line) <= FOLD_AT:
        return line
    parts = []
    while len(line) > FOLD_AT:
        cut = FOLD_AT
        while line[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(line[:cut])
        line = line[cut:]
    return b"\r\n ".join([*parts, line])
