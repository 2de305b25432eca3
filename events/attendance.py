"""Who was there: marks by tap and by code, people added on the spot, closing the list."""

from django.db import transaction
from django.utils.translation import gettext as _

from communities import audit
from communities.assignments import assign
from communities.models import Employment, User
from events.models import Attendance, Event, Format, Minutes, TalkSpeaker
from network_portal.formats import day, day_full


class AttendanceError(Exception):
    """Why the list cannot be changed; the text is for the reader."""


def has_come(event):
    """Whether the day of an event has begun: nothing can be proved of it before."""
    return event.local_date <= event.municipality.today()


def usual_mode(event):
    """How people take part unless somebody says otherwise."""
    online = event.format in (Format.ONLINE, Format.CORRESPONDENCE)
    return Attendance.Mode.ONLINE if online else Attendance.Mode.IN_PERSON


def obstacle(event):
    """Why nobody can be marked now, or an empty text."""
    if event.state == Event.State.DRAFT:
        return _("The event is not published yet.")
    if event.state == Event.State.CANCELLED:
        return _("The event was cancelled.")
    if event.state == Event.State.CLOSED:
        return _("The attendance list is closed.")
    if not has_come(event):
        return _("People are marked on the day of the event, %(day)s.") % {
            "day": day(event.local_date)
        }
    return ""


def lock(event):
    """The event's row, locked: marks, closing and signing stand in one queue."""
    rows = Event.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("municipality").get(pk=event.pk)


def _open_and_locked(event):
    event = lock(event)
    if reason := obstacle(event):
        raise AttendanceError(reason)
    return event


def organizations_on(day, person_ids):
    """Where each of these people worked that day, the main place first: `{person: place}`."""
    works = Employment.objects.in_force(day).filter(person_id__in=person_ids)
    return dict(works.one_each().values_list("person_id", "organization_id"))


def speakers_not_marked(event):
    """People of the programme nobody saw, where somebody is marked: they prove no talk."""
    marked = event.attendances.values("person")
    if not marked.exists():
        return User.objects.none()
    spoke = TalkSpeaker.objects.filter(talk__event=event, person__isnull=False)
    missed = User.objects.filter(pk__in=spoke.values("person")).exclude(pk__in=marked)
    return missed.order_by("last_name", "first_name", "id")


def mark(event, person, *, actor, mode=None, method=Attendance.Method.TAP):
    """Say that a person is there; saying it twice changes nothing."""
    return mark_many(event, [person.pk], actor=actor, mode=mode, method=method)


@transaction.atomic
def mark_many(event, person_ids, *, actor, mode=None, method=Attendance.Method.TAP):
    """Mark people of the municipality at once; return the ids of those newly marked."""
    event = _open_and_locked(event)
    people = User.objects.filter(municipality_id=event.municipality_id, pk__in=person_ids)
    new = list(people.exclude(attendances__event=event).values_list("pk", flat=True))
    _change_mode(event, person_ids, mode)
    if new:
        _create(event, new, actor, mode or usual_mode(event), method)
        audit.record("attendance.mark", event, actor=actor, people=new, method=method)
    return new


def _create(event, person_ids, actor, mode, method):
    places = organizations_on(event.local_date, person_ids)
    Attendance.objects.bulk_create(
        Attendance(
            event=event,
            person_id=pk,
            organization_id=places.get(pk),
            mode=mode,
            method=method,
            marked_by=actor,
        )
        for pk in person_ids
    )


def _change_mode(event, person_ids, mode):
    """A mark repeated with another mode says how the person takes part after all."""
    if mode:
        marked = event.attendances.filter(person_id__in=person_ids)
        marked.exclude(mode=mode).update(mode=mode)


def unmark(event, person, *, actor):
    """Take a mark back."""
    return unmark_many(event, [person.pk], actor=actor)


@transaction.atomic
def unmark_many(event, person_ids, *, actor):
    """Take marks back; return the ids of those who had one."""
    event = _open_and_locked(event)
    marks = event.attendances.filter(person_id__in=person_ids)
    gone = list(marks.values_list("person_id", flat=True))
    if gone:
        marks.delete()
        audit.record("attendance.unmark", event, actor=actor, people=gone)
    return gone


@transaction.atomic
def add_person(event, *, actor, organization, post, last_name, first_name, patronymic=""):
    """Mark a person nobody has entered yet; the coordinator of the place confirms the record.

    A colleague of the same name at the same place is that colleague: no double appears.
    """
    event = _open_and_locked(event)
    person = _namesake(event, organization, last_name, first_name, patronymic)
    if person is None:
        person = User.objects.create_user(
            municipality=event.municipality,
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
        )
        _employ(person, organization, post, event.local_date)
        audit.record("person.add_at_event", person, actor=actor, event=event.pk)
        _ask_coordinator(person, event, organization, actor)
    mark(event, person, actor=actor, method=Attendance.Method.ADDED)
    return person


def _namesake(event, organization, *names):
    people = User.objects.working_in([organization.pk], event.local_date)
    return people.namesakes(*names).first()


def _employ(person, organization, post, day):
    Employment.objects.create(
        municipality=person.municipality,
        person=person,
        organization=organization,
        post=post,
        starts_on=day,
    )


def _ask_coordinator(person, event, organization, actor):
    assign(
        _("Confirm that %(name)s works at %(place)s.")
        % {"name": person.full_name, "place": organization.short_name},
        municipality=event.municipality,
        actor=actor,
        source_key=f"confirm-person:{person.pk}",
        source_title=_("Added at the event «%(title)s», %(day)s")
        % {"title": event.title, "day": day_full(event.starts_at)},
        source_url=event.get_absolute_url(),
        organization=organization,
    )


@transaction.atomic
def close(event, *, actor):
    """Close the list: the event is over and everybody is marked."""
    event = lock(event)
    if event.state == Event.State.CLOSED:
        return event
    if reason := obstacle(event):
        raise AttendanceError(reason)
    return _set_state(event, Event.State.CLOSED, "event.close", actor)


@transaction.atomic
def reopen(event, *, actor):
    """Open a closed list again; after the minutes are signed it stays as it is."""
    event = lock(event)
    if Minutes.objects.filter(event=event, state=Minutes.State.SIGNED).exists():
        raise AttendanceError(_("The minutes are signed: the attendance list stays as it is."))
    if event.state != Event.State.CLOSED:
        return event
    return _set_state(event, Event.State.PUBLISHED, "event.reopen", actor)


def _set_state(event, state, action, actor):
    event.state = state
    event.save(update_fields=["state", "changed_at"])
    audit.record(action, event, actor=actor)
    return event
