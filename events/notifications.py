"""Letters about plans and events: subject, body and who gets them."""

import functools
import operator
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import mail
from communities.models import AuditEntry, Letter, Membership, Role, RoleGrant, User
from events.models import Registration
from network_portal import formats

# Until then the organizer may take the letters back.
DELAY = timedelta(minutes=10)


def address_of(obj):
    """The page of an object as a letter writes it."""
    return settings.SITE_URL + obj.get_absolute_url()


def local(event, moment):
    """The moment on the clocks of the event's municipality."""
    return moment.astimezone(event.municipality.tz)


def plan_submitted(plan, decision):
    """Tell the methodists that a plan waits for them."""
    subject = _("The plan of %(association)s for %(year)s waits for you") % _names(plan)
    for person in _methodists(plan.municipality):
        mail.post(f"plan:{decision.pk}:{person.pk}", person, subject, address_of(plan))


def plan_decided(plan, decision):
    """Tell the leader what the methodist decided, with the remark."""
    if decision.action == "approve":
        subject = _("The plan of %(association)s for %(year)s is agreed") % _names(plan)
    else:
        subject = _("The plan of %(association)s for %(year)s is returned") % _names(plan)
    body = "\n\n".join(filter(None, (decision.comment, address_of(plan))))
    for person in _leaders(plan):
        mail.post(f"plan:{decision.pk}:{person.pk}", person, subject, body)


def event_moved(event):
    """Tell everyone who signed up about the new time, unless it is taken back in time."""
    _tell_registered(event, "moved", _new_time(event), event.reason)


def _new_time(event):
    return _("New time: «%(title)s» is now on %(when)s") % {
        "title": event.title,
        "when": _when(event),
    }


def _when(event):
    return formats.moment(local(event, event.starts_at))


def event_cancelled(event):
    """Tell everyone who signed up that there will be no event, and why."""
    subject = _("Cancelled: %(title)s, %(day)s") % _event_words(event)
    _tell_registered(event, "cancelled", subject, event.reason)


def event_restored(event):
    """Tell those who have read that it was cancelled, and the new time to who has not read it."""
    subject = _("It takes place after all: %(title)s, %(day)s") % _event_words(event)
    told = set(_sent(event, "cancelled"))
    _tell_registered(event, "restored", subject, "", only=Q(pk__in=told))
    if event.moved_from:
        now = mail.one_line(_when(event))
        told |= {person for person, last in _sent(event, "moved").items() if last.endswith(now)}
        late = event.registrations.filter(queued_at__gt=_last_move(event)).values("person")
        unaware = ~Q(pk__in=told) & ~Q(pk__in=late)  # who came later knew the time all along
        _tell_registered(event, "moved", _new_time(event), "", only=unaware)


def _last_move(event):
    """When it was moved last, as a subquery; an event brought in as moved has no such line."""
    lines = AuditEntry.objects.filter(
        action="event.change", object_type=event._meta.label_lower, object_id=event.pk
    )
    return Subquery(lines.filter(data__moved=True).order_by("-id").values("at")[:1])


def _sent(event, kind):
    """Person → subject of the last letter of this kind that has left."""
    left = Letter.objects.filter(key__startswith=_prefix(event, kind), sent_at__isnull=False)
    return dict(left.order_by("id").values_list("person_id", "subject"))


def promoted(event, person):
    """Tell a person of the waiting list that a place is free for them."""
    subject = _("You have a place: %(title)s, %(day)s") % _event_words(event)
    key = f"{_prefix(event, 'promoted')}{person.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    mail.post(key, person, subject, _event_body(event))


def waiting_letters(event):
    """Letters about this event that have not left yet."""
    kinds = (Q(key__startswith=_prefix(event, kind)) for kind in ("moved", "cancelled", "restored"))
    return Letter.objects.filter(functools.reduce(operator.or_, kinds), sent_at=None)


def recall(event):
    """Take back what has not left yet and return how many letters that were."""
    return waiting_letters(event).delete()[0]


def _tell_registered(event, kind, subject, reason, only=None):
    people = User.objects.filter(registrations__event=event).exclude(
        registrations__in=Registration.objects.filter(
            event=event, state=Registration.State.CANCELLED
        )
    )
    if only is not None:
        people = people.filter(only)
    later = timezone.now() + DELAY
    for person in people:
        key = f"{_prefix(event, kind)}{event.sequence}:{person.pk}"
        mail.post(key, person, subject, _event_body(event, reason), not_before=later)


def _prefix(event, kind):
    return f"event:{event.pk}:{kind}:"


def _names(plan):
    return {"association": plan.association.name, "year": plan.school_year}


def _event_words(event):
    return {"title": event.title, "day": formats.day(local(event, event.starts_at))}


def _event_body(event, reason=""):
    start, end = local(event, event.starts_at), local(event, event.ends_at)
    when = f"{formats.day_words(start)}, {formats.hours_between(start, end)}"
    return "\n\n".join(filter(None, (reason, f"{when}\n{event.place}".strip(), address_of(event))))


def _methodists(municipality):
    grants = RoleGrant.objects.in_force(municipality.today()).filter(
        municipality=municipality, role=Role.METHODIST
    )
    return User.objects.filter(pk__in=grants.values("person_id"), is_active=True)


def _leaders(plan):
    heads = Membership.objects.in_force(plan.municipality.today()).filter(
        association_id=plan.association_id, role=Membership.Role.LEADER
    )
    return User.objects.filter(pk__in=heads.values("person_id"))
