"""Self check-in: a code that renews every minute, and what entering it does."""

import datetime
import hashlib
import hmac
import time

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from communities import audit
from communities.seals import CODE_ALPHABET, LOOK_ALIKE
from events import attendance
from events.models import Attendance, Event, Format, Registration
from events.registration import taken_places

LENGTH = 6
SLOT = 60  # seconds a code is shown; the one before it is still accepted
OPENS_BEFORE = datetime.timedelta(minutes=15)
CLOSES_AFTER = datetime.timedelta(minutes=30)
# Signing in may take longer than a code lives: whoever came with a good one keeps it so long.
TICKET_AGE = 20 * 60
SALT = "events.check_in"
# Wrong codes: of one person, and of one address behind which a whole school may sit.
MAX_GUESSES, MAX_GUESSES_OF_ADDRESS, GUESS_WINDOW = 10, 60, 10 * 60


def opens_at(event):
    return event.starts_at - OPENS_BEFORE


def closes_at(event):
    return event.ends_at + CLOSES_AFTER


def is_open(event, now=None):
    """Whether people may check in by code: 15 minutes before the event to 30 after it."""
    now = now or timezone.now()
    return event.state == Event.State.PUBLISHED and opens_at(event) <= now <= closes_at(event)


def may_open(event, now=None):
    """Whether people may still check in by code, now or later."""
    now = now or timezone.now()
    return event.state == Event.State.PUBLISHED and now <= closes_at(event)


def code(event, *, back=0, at=None):
    """The code of an event for the minute `at`, or for the one `back` minutes before."""
    slot = int(at or time.time()) // SLOT - back
    text = f"{SALT}:{event.pk}:{slot}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256)
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:LENGTH])


def normalize(text):
    """A code as people type it: any case, with spaces, with Russian letters of the same look."""
    kept = "".join(c for c in text.upper().translate(LOOK_ALIKE) if c.isalnum())
    return kept[: LENGTH * 2]


def find(events, typed):
    """The event among `events` whose code of this or the last minute was typed, or None."""
    now = timezone.now()
    rows = events.filter(
        state=Event.State.PUBLISHED,
        starts_at__lte=now + OPENS_BEFORE,
        ends_at__gte=now - CLOSES_AFTER,
    )
    typed = normalize(typed).encode()
    for event in rows.select_related("municipality", "kind"):
        shown = (code(event, back=back).encode() for back in (0, 1))
        if any(hmac.compare_digest(one, typed) for one in shown):
            return event
    return None


def ticket(event):
    """A signed word that its bearer came with a good code of this event."""
    return signing.dumps(event.pk, salt=SALT)


def by_ticket(events, text):
    """The event of a ticket while it lasts and the event takes check-ins, or None."""
    try:
        pk = signing.loads(text, salt=SALT, max_age=TICKET_AGE)
    except signing.BadSignature:
        return None
    event = events.select_related("municipality", "kind").filter(pk=pk).first()
    return event if event is not None and is_open(event) else None


def guesses_key(who):
    return f"check-in:{who}"


def may_guess(who, limit=MAX_GUESSES):
    """Whether this person or address may still try codes."""
    return (cache.get(guesses_key(who)) or 0) < limit


def count_wrong_guess(who):
    key = guesses_key(who)
    if not cache.add(key, 1, GUESS_WINDOW):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two
            cache.set(key, 1, GUESS_WINDOW)


@transaction.atomic
def check_in(event, person, *, actor):
    """Mark a person who is in the room. Nobody in the room is refused for lack of places:
    whoever finds one free is signed up too, the others are only marked.
    """
    mode = Attendance.Mode.ONLINE if event.format == Format.ONLINE else Attendance.Mode.IN_PERSON
    event = attendance.lock(event)
    new = attendance.mark(event, person, actor=actor, mode=mode, method=Attendance.Method.CODE)
    if new:
        _sign_up_if_free(event, person, actor)
    return bool(new)


def _sign_up_if_free(event, person, actor):
    state = Registration.State.CONFIRMED
    if event.registrations.filter(person=person, state=state).exists():
        return
    if event.capacity is not None and taken_places(event) >= event.capacity:
        return
    Registration.objects.update_or_create(
        event=event,
        person=person,
        defaults={"state": state},
        create_defaults={"state": state, "registered_by": actor},
    )
    audit.record("event.register", event, actor=actor, person=person.pk, state=state)
