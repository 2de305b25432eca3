"""Assignments (поручения): given once by their source, taken up, done, reopened."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit, mail
from communities.access import require
from communities.models import Assignment, RoleGrant, User
from network_portal.formats import day


@transaction.atomic
def assign(
    text,
    *,
    municipality,
    actor,
    source_key,
    source_title,
    source_url="",
    person=None,
    association=None,
    organization=None,
    addressee="",
    due_on=None,
    is_told=True,
):
    """Give a task and write to whoever has to do it; the same `source_key` gives it once.

    `addressee` is what the source paper prints; without it the name of the one asked. A task
    of a paper of earlier years is entered without a letter: `is_told` is false.
    """
    asked = person or association or organization
    row, created = Assignment.objects.get_or_create(
        municipality=municipality,
        source_key=source_key,
        defaults={
            "text": text,
            "person": person,
            "association": association,
            "organization": organization,
            "addressee": (addressee or str(asked or ""))[:200],
            "due_on": due_on,
            "source_title": source_title[:300],
            "source_url": source_url,
            "created_by": actor,
        },
    )
    if created:
        audit.record("assignment.assign", row, actor=actor, source=source_key)
        if is_told:
            announce(row)
    return row


def addressees(assignment):
    """People who have to do it: the person, the leaders, or the coordinators of the place."""
    today = assignment.municipality.today()
    if assignment.person_id:
        return User.objects.filter(pk=assignment.person_id)
    if assignment.association_id:
        terms = assignment.association.memberships.in_force(today).filter(role="leader")
        return User.objects.filter(pk__in=terms.values("person"))
    grants = RoleGrant.objects.in_force(today).filter(
        organization__isnull=False, organization=assignment.organization_id, role="coordinator"
    )
    return User.objects.filter(pk__in=grants.values("person"))


def announce(row):
    """Write to whoever has to do it; the same assignment is announced to a person once."""
    subject = _("Assignment: %(text)s") % {"text": row.text}
    if row.due_on:
        subject = _("Assignment until %(day)s: %(text)s") % {
            "day": day(row.due_on),
            "text": row.text,
        }
    body = _("%(text)s\n\nFrom: %(source)s\nYour assignments: %(url)s") % {
        "text": row.text,
        "source": row.source_title,
        "url": settings.SITE_URL + reverse("communities:task-list"),
    }
    for person in addressees(row):
        mail.post(f"assignment:{row.pk}:{person.pk}", person, subject, body)


def start(assignment, *, actor):
    """Say that the work has begun."""
    return _move(assignment, "start", actor, {Assignment.State.NEW}, Assignment.State.IN_PROGRESS)


def complete(assignment, *, actor, note=""):
    """Say that it is done and how. Doing it twice changes nothing the second time."""
    return _move(
        assignment,
        "complete",
        actor,
        {Assignment.State.NEW, Assignment.State.IN_PROGRESS},
        Assignment.State.DONE,
        note=note,
    )


def reopen(assignment, *, actor):
    """Take «done» or «in progress» back; the note stays for whoever goes on."""
    return _move(
        assignment,
        "reopen",
        actor,
        {Assignment.State.DONE, Assignment.State.IN_PROGRESS},
        Assignment.State.NEW,
    )


@transaction.atomic
def _move(assignment, action, actor, sources, target, note=None):
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    require(actor, "communities.do_assignment", row)
    if row.state not in sources:
        return row
    done = target == Assignment.State.DONE
    row.state = target
    row.done_at = timezone.now() if done else None
    row.done_by = actor if done else None
    if note is not None:
        row.note = note
    row.save(update_fields=["state", "done_at", "done_by", "note"])
    audit.record(f"assignment.{action}", row, actor=actor)
    return row
