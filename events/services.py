"""The life of an event: drafted, published, moved, cancelled, restored."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from communities import audit
from communities.slugs import latin_slug
from events import notifications, programme
from events.models import Event, Minutes, PlanItem
from events.registration import locked, promote, taken_places
from events.states import too_few_places
from events.years import year_of, year_on

State = Event.State


class EventError(Exception):
    """Something an event does not allow; the text is for the reader."""


class EventChanged(EventError):
    """Somebody else has changed the event since the form was opened."""


@transaction.atomic
def create_event(fields, *, actor, plan_item=None, programme_from=None):
    """Draft an event, perhaps from a line of a plan with last year's programme."""
    if plan_item is not None:
        plan_item = PlanItem.objects.select_for_update(of=("self",)).get(pk=plan_item.pk)
        if Event.objects.filter(plan_item=plan_item).exists():
            raise EventError(_("An event has been made of this line already."))
    event = Event(municipality=actor.municipality, plan_item=plan_item, created_by=actor)
    _write(event, fields)
    event.save()
    audit.record("event.create", event, actor=actor, plan_item=getattr(plan_item, "pk", None))
    if programme_from is not None:
        programme.copy_programme(programme_from, event, actor=actor)
    return event


@transaction.atomic
def change_event(event, fields, *, reason="", actor, stamp=""):
    """Change an event. A published one that moves keeps its first day and tells everybody.

    With `stamp`, that of the event the form was opened over, another's changes are not lost.
    """
    event = locked(event)
    if stamp and stamp != event.stamp:
        raise EventChanged
    before = (event.starts_at, event.ends_at, event.place, event.online_url, event.title)
    was_at = event.starts_at
    _write(event, fields)
    _hold_capacity(event)
    moved = event.state == State.PUBLISHED and event.starts_at != was_at
    if moved and not reason.strip():
        raise EventError(_("Write why the event is moved."))
    if moved:
        event.moved_from, event.reason = event.moved_from or was_at, reason.strip()
    if before != (event.starts_at, event.ends_at, event.place, event.online_url, event.title):
        event.sequence += 1
    event.save()
    _keep_minutes_with(event)
    audit.record("event.change", event, actor=actor, moved=moved)
    if moved:
        notifications.recall(event)
        notifications.event_moved(event)
    promote(event, actor=actor)
    return event


@transaction.atomic
def publish_event(event, *, actor):
    """Open a draft to colleagues, and to everyone if it is an open event."""
    event = locked(event)
    if event.state != State.DRAFT:
        return event
    event.state = State.PUBLISHED
    event.save(update_fields=["state", "changed_at"])
    audit.record("event.publish", event, actor=actor)
    return event


@transaction.atomic
def cancel_event(event, *, reason, actor):
    """Cancel a published event; who signed up gets a letter in ten minutes."""
    event = locked(event)
    if event.state != State.PUBLISHED:
        raise EventError(_("Only a published event can be cancelled."))
    if event.attendances.exists():
        raise EventError(_("People are marked as present: the event has taken place."))
    event.state, event.reason = State.CANCELLED, reason.strip()
    event.sequence += 1
    event.save(update_fields=["state", "reason", "sequence", "changed_at"])
    audit.record("event.cancel", event, actor=actor)
    notifications.recall(event)
    notifications.event_cancelled(event)
    return event


@transaction.atomic
def restore_event(event, *, actor):
    """Take a cancellation back; letters that have not left yet never will."""
    event = locked(event)
    if event.state != State.CANCELLED:
        return event
    event.state, event.reason = State.PUBLISHED, ""
    event.sequence += 1
    event.save(update_fields=["state", "reason", "sequence", "changed_at"])
    audit.record("event.restore", event, actor=actor)
    notifications.recall(event)
    notifications.event_restored(event)
    promote(event, actor=actor)
    return event


@transaction.atomic
def delete_draft(event, *, actor):
    """Throw away a draft: nobody but its authors has seen it."""
    event = locked(event)
    if event.state != State.DRAFT:
        raise EventError(_("Only a draft can be deleted: cancel the event instead."))
    audit.record("event.delete_draft", event, actor=actor)
    try:
        event.delete()
    except ProtectedError as error:
        raise EventError(_("Something is attached to this draft already.")) from error


@transaction.atomic
def override_form(event, *, form, reason, actor):
    """Set the form of interaction by hand with a reason, or return to the computed one."""
    event.form_override, event.form_reason = form, reason.strip() if form else ""
    event.save(update_fields=["form_override", "form_reason", "changed_at"])
    audit.record("event.override_form", event, actor=actor, form=form)
    return event


@transaction.atomic
def recall_letters(event, *, actor):
    """Take back letters about an event that have not left yet."""
    number = notifications.recall(event)
    audit.record("event.recall_letters", event, actor=actor, letters=number)
    return number


def _write(event, fields):
    start = fields.pop("school_year_start", None)
    for name, value in fields.items():
        setattr(event, name, value)
    event.slug = latin_slug(event.title) or "event"
    if start:
        event.school_year = year_of(event.municipality, start)
    else:
        event.school_year = year_on(event.municipality, event.starts_at)


def _keep_minutes_with(event):
    """Begun minutes go where the event goes: its leader writes on."""
    drafts = Minutes.objects.filter(event=event, state=Minutes.State.DRAFT)
    drafts.update(association=event.association, school_year=event.school_year)


def _hold_capacity(event):
    taken = taken_places(event)
    if event.capacity is not None and event.capacity < taken:
        raise EventError(too_few_places(taken))
