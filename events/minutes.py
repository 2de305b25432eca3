"""Minutes: started from the event, edited as a draft, signed once with a number and a seal."""

import datetime
import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit, mail, seals
from communities.access import require
from communities.assignments import assign
from communities.models import Membership, Municipality, User
from events import attendance
from events.minutes_snapshot import snapshot
from events.models import AgendaItem, Event, Minutes, MinutesDecision
from events.roster import members_on
from network_portal.formats import day, day_full

LETTERS_LEAVE_AFTER = datetime.timedelta(minutes=10)


class MinutesError(Exception):
    """Why the minutes cannot be changed or signed; the text is for the reader."""


def obstacle(event):
    """Why there is nothing to write minutes of yet, or an empty text."""
    if attendance.has_come(event):
        return ""
    return _("Minutes are written on the day of the event or later: it is on %(day)s.") % {
        "day": day(event.local_date)
    }


@transaction.atomic
def start(event, *, actor):
    """Begin the minutes of an event, filled from its programme; twice gives the same draft."""
    event = attendance.lock(event)
    require(actor, "events.write_minutes", event)
    if reason := obstacle(event):
        raise MinutesError(reason)
    minutes, created = Minutes.objects.get_or_create(
        event=event,
        defaults={
            "municipality_id": event.municipality_id,
            "association_id": event.association_id,
            "school_year_id": event.school_year_id,
            "chair": _by_order(event, Membership.Role.LEADER) or actor,
            "secretary": _by_order(event, Membership.Role.SECRETARY),
        },
    )
    if created:
        _fill_agenda(minutes, event)
        audit.record("minutes.start", minutes, actor=actor)
    return minutes


def _by_order(event, role):
    return User.objects.filter(pk__in=members_on(event).filter(role=role).values("person")).first()


def _fill_agenda(minutes, event):
    talks = event.talks.prefetch_related("speakers__person", "speakers__organization")
    AgendaItem.objects.bulk_create(
        AgendaItem(
            minutes=minutes,
            position=place,
            question=talk.title,
            heard="; ".join(_credit(speaker) for speaker in talk.speakers.all()),
        )
        for place, talk in enumerate(talks)
    )


def _credit(speaker):
    name = speaker.person.full_name if speaker.person else speaker.name
    place = speaker.organization.short_name if speaker.organization else ""
    return ", ".join(filter(None, (name, place)))


def fingerprint(minutes):
    """What the draft says, in one word: shows whether somebody else has changed it since."""
    rows = [
        [minutes.chair_id, minutes.secretary_id],
        *AgendaItem.objects.filter(minutes=minutes).values_list(
            "question", "heard", "spoke", "decided", "votes_for", "votes_against"
        ),
        *MinutesDecision.objects.filter(minutes=minutes).values_list("text", "person", "due_on"),
    ]
    return hashlib.sha256(seals.canonical(rows).encode()).hexdigest()[:16]


def _draft(minutes):
    """The minutes under the lock of their event, if they are still a draft."""
    attendance.lock(minutes.event)
    minutes = Minutes.objects.select_related("event__municipality", "association").get(
        pk=minutes.pk
    )
    if minutes.state == Minutes.State.SIGNED:
        raise MinutesError(_("The minutes are signed already."))
    return minutes


@transaction.atomic
def save_draft(minutes, *, actor, chair, secretary, items, decisions, seen=None):
    """Keep the draft as written; `items` and `decisions` are lists of field values.

    With `seen`, the fingerprint the writer started from, another writer's changes are not lost.
    """
    minutes = _draft(minutes)
    require(actor, "events.write_minutes", minutes.event)
    if seen is not None and seen != fingerprint(minutes):
        raise MinutesError(
            _("Somebody has changed the minutes meanwhile. Save again to keep your text.")
        )
    minutes.chair, minutes.secretary = chair, secretary
    minutes.save(update_fields=["chair", "secretary"])
    for model, rows in ((AgendaItem, items), (MinutesDecision, decisions)):
        model.objects.filter(minutes=minutes).delete()
        model.objects.bulk_create(
            model(minutes=minutes, position=place, **row) for place, row in enumerate(rows)
        )
    audit.record("minutes.edit", minutes, actor=actor)
    return minutes


def missing(minutes):
    """What the minutes lack to be signed, as sentences."""
    if minutes.chair_id is None:
        yield _("Name the chair.")
    if not minutes.items.exists():
        yield _("Add at least one item to the agenda.")
    if absent := attendance.speakers_not_marked(minutes.event):
        names = ", ".join(person.short_name for person in absent)
        yield _(
            "Speakers are not marked: %(names)s. Mark who was there, or take the talk out of "
            "the programme."
        ) % {"names": names}


@transaction.atomic
def sign(minutes, *, actor, at=None, seen=None):
    """Give the number, freeze and seal the paper, hand out its assignments, close the event.

    Signing signed minutes changes nothing: everybody gets the same paper. `at` enters a paper
    that was signed earlier: nobody gets a letter about it today. With `seen`, the fingerprint of
    what was read, nobody signs what another has written since.
    """
    is_old, at = at is not None, at or timezone.now()
    try:
        minutes = _draft(minutes)
    except MinutesError:
        return Minutes.objects.get(pk=minutes.pk)
    event = minutes.event
    require(actor, "events.write_minutes", event)
    if reason := obstacle(event):
        raise MinutesError(reason)
    if seen and seen != fingerprint(minutes):
        raise MinutesError(_("Somebody has changed the minutes meanwhile. Read them again."))
    if lacks := list(missing(minutes)):
        raise MinutesError(" ".join(lacks))
    minutes.number = _next_number(minutes)
    payload = snapshot(minutes, actor=actor, at=at)
    minutes.seal = seals.seal("minutes", minutes, payload, actor=actor, at=at)
    minutes.state, minutes.signed_at, minutes.signed_by = Minutes.State.SIGNED, at, actor
    minutes.save(update_fields=["number", "seal", "state", "signed_at", "signed_by"])
    event.state = Event.State.CLOSED
    event.save(update_fields=["state", "changed_at"])
    audit.record("minutes.sign", minutes, actor=actor, seal=minutes.seal_id)
    _hand_out(minutes, actor, is_told=not is_old)
    if not is_old:
        _write_to_present(minutes, payload)
    return minutes


def _next_number(minutes):
    """One more than the last of the association in the school year; signers wait in a queue."""
    Municipality.objects.select_for_update(no_key=True).get(pk=minutes.municipality_id)
    rows = Minutes.objects.filter(
        municipality_id=minutes.municipality_id,
        association_id=minutes.association_id,
        school_year_id=minutes.school_year_id,
    )
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def title(minutes):
    """«Протокол № 3 от 19 ноября 2026 г.»."""
    return _("Minutes No. %(number)s of %(day)s") % {
        "number": minutes.number,
        "day": day_full(minutes.event.local_date),
    }


def _hand_out(minutes, actor, *, is_told):
    """Decisions become assignments; one without a person goes to the association."""
    source = f"{title(minutes)}, {minutes.association or minutes.event}"
    for row in minutes.decisions.select_related("person"):
        person = row.person or (None if minutes.association else minutes.chair)
        assign(
            row.text,
            municipality=minutes.event.municipality,
            actor=actor,
            source_key=f"minutes-decision:{row.pk}",
            source_title=source,
            source_url=minutes.get_absolute_url(),
            person=person,
            association=None if person else minutes.association,
            due_on=row.due_on,
            is_told=is_told,
        )


def _write_to_present(minutes, payload):
    event = minutes.event
    subject = _("Minutes: %(title)s, %(day)s") % {
        "title": event.title,
        "day": day(event.local_date),
    }
    body = _("%(minutes)s is signed.\n%(event)s\n\nRead it: %(url)s") % {
        "minutes": title(minutes),
        "event": event.title,
        "url": settings.SITE_URL + minutes.get_absolute_url(),
    }
    later = timezone.now() + LETTERS_LEAVE_AFTER
    for person in User.objects.filter(pk__in=[row["id"] for row in payload["present"]]):
        mail.post(f"minutes:{minutes.pk}:{person.pk}", person, subject, body, not_before=later)
