"""The frozen text of minutes: people, posts and organizations as they stood that day."""

from django.utils import timezone

from communities.models import Employment, User
from communities.workflow import post_of
from events.roster import members_on
from network_portal.formats import hours_between


def snapshot(minutes, *, actor, at):
    """Everything the paper says, as plain data to be sealed."""
    event, association = minutes.event, minutes.association
    day = event.local_date
    marks = {mark.person_id: mark for mark in event.attendances.select_related("organization")}
    decisions = list(minutes.decisions.all())
    members = set(members_on(event).values_list("person_id", flat=True))
    named = {minutes.chair_id, minutes.secretary_id, *(row.person_id for row in decisions)}
    # Whoever chairs or writes is in the room, marked or not.
    absent = members - set(marks) - {minutes.chair_id, minutes.secretary_id}
    cards = people_on(day, {*marks, *members, *named} - {None})
    with timezone.override(event.municipality.tz):
        hours = hours_between(event.starts_at, event.ends_at)
    return {
        "title": event.title,
        "issuer": event.municipality.department_name,
        "association": _association(association),
        "school_year": str(minutes.school_year),
        "number": minutes.number,
        "date": day.isoformat(),
        "time": hours,
        "place": event.place,
        "event": {"id": event.pk, "kind": event.kind.label, "format": event.format},
        "chair": cards.get(minutes.chair_id),
        "secretary": cards.get(minutes.secretary_id),
        "present": [_present(card, marks[pk]) for pk, card in cards.items() if pk in marks],
        "absent": [card for pk, card in cards.items() if pk in absent],
        "agenda": [_item(row) for row in minutes.items.all()],
        "decisions": [_decision(row, cards) for row in decisions],
        "signed": {"at": at.isoformat(), "name": actor.full_name, "post": post_of(actor)},
    }


def people_on(day, person_ids):
    """`{person: card}` in the order of names, with post and place of that day."""
    works = Employment.objects.in_force(day).filter(person_id__in=person_ids)
    by_person = {row.person_id: row for row in works.select_related("organization").one_each()}
    people = User.objects.filter(pk__in=person_ids).in_order()
    return {person.pk: _card(person, by_person.get(person.pk)) for person in people}


def _card(person, work):
    return {
        "id": person.pk,
        "name": person.full_name,
        "post": work.post if work else "",
        "organization": work.organization.short_name if work else "",
    }


def _present(card, mark):
    place = mark.organization.short_name if mark.organization else ""
    return {**card, "organization": place, "mode": mark.mode}


def _association(association):
    if association is None:
        return None
    kind = association.kind
    return {"id": association.pk, "name": association.name, "kind": kind.label}


def _item(row):
    return {
        "question": row.question,
        "heard": row.heard,
        "spoke": row.spoke,
        "decided": row.decided,
        "for": row.votes_for,
        "against": row.votes_against,
    }


def _decision(row, cards):
    return {
        "text": row.text,
        "person": cards.get(row.person_id),
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }
