"""Signing up: places are given under the lock of the event, the waiting list keeps its order."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from events import notifications
from events.models import Event, Registration
from events.states import takes_people

State = Registration.State
TICK = timedelta(microseconds=1)


class RegistrationError(Exception):
    """Why one cannot sign up or leave; the text is for the reader."""


def locked(event):
    """The event row, held until the end of the transaction: one giver of places at a time.

    Without the key part of the lock, rows that only point at the event do not wait.
    """
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def taken_places(event):
    """The number of confirmed registrations."""
    return Registration.objects.filter(event=event, state=State.CONFIRMED).count()


@transaction.atomic
def register(event, person, *, actor):
    """Give a place, or the last turn in the waiting list; asking twice changes nothing."""
    event = locked(event)
    if person.municipality_id != event.municipality_id:
        raise RegistrationError(_("This person belongs to another municipality."))
    if not takes_people(event, timezone.now()):
        raise RegistrationError(_("Registration for this event is over."))
    row = Registration.objects.filter(event=event, person=person).first()
    if row is not None and row.state != State.CANCELLED:
        return row
    row = row or Registration(event=event, person=person)
    row.state = State.CONFIRMED if _has_place(event) else State.WAITING
    row.queued_at, row.registered_by = _next_turn(event), actor
    row.save()
    audit.record("event.register", event, actor=actor, person=person.pk, state=row.state)
    return row


@transaction.atomic
def leave(event, person, *, actor):
    """Give the place or the turn back; the first of the waiting list moves up."""
    event = locked(event)
    row = Registration.objects.filter(event=event, person=person).exclude(state=State.CANCELLED)
    row = row.first()
    if row is None:
        return None
    if event.starts_at <= timezone.now():
        raise RegistrationError(_("The event has begun: the organizer marks who came."))
    row.state = State.CANCELLED
    row.save(update_fields=["state"])
    audit.record("event.leave", event, actor=actor, person=person.pk)
    _fill(event, actor)
    return row


@transaction.atomic
def promote(event, *, actor):
    """Give the free places to the waiting list, strictly in order."""
    return _fill(locked(event), actor)


def place_in_queue(row):
    """Which a waiting person is: the first is 1."""
    return (
        Registration.objects.filter(event_id=row.event_id, state=State.WAITING)
        .filter(queued_at__lte=row.queued_at)
        .exclude(queued_at=row.queued_at, pk__gt=row.pk)
        .count()
    )


def _has_place(event):
    if event.capacity is None:
        return True
    if Registration.objects.filter(event=event, state=State.WAITING).exists():
        return False
    return taken_places(event) < event.capacity


def _next_turn(event):
    """Now, or just after the last turn given: a clock stepping back reorders nobody."""
    last = Registration.objects.filter(event=event).aggregate(last=Max("queued_at"))["last"]
    now = timezone.now()
    return max(now, last + TICK) if last else now


def _fill(event, actor):
    """Under the lock of the event."""
    if event.state != Event.State.PUBLISHED or event.ends_at <= timezone.now():
        return []
    waiting = Registration.objects.filter(event=event, state=State.WAITING)
    waiting = waiting.select_related("person").order_by("queued_at", "pk")
    if event.capacity is not None:
        waiting = waiting[: max(event.capacity - taken_places(event), 0)]
    moved = list(waiting)
    Registration.objects.filter(pk__in=[row.pk for row in moved]).update(state=State.CONFIRMED)
    for row in moved:
        audit.record("event.promote", event, actor=actor, person=row.person_id)
        notifications.promoted(event, row.person)
    return moved
