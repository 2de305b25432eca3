"""What a new event is filled with from the plan and last year, and what it clashes with."""

import datetime

from django.db.models import Q

from communities.school_year import same_week_next_year, start_year
from events.models import Event, PlanItem

USUAL_START, USUAL_END = datetime.time(14, 30), datetime.time(16, 0)
KEPT = ("title", "kind_id", "format", "place")
OF_LAST_YEAR = ("level_id", "host_id", "capacity", "is_open", "hours", "summary")


def plannable_items(user):
    """Lines of plans that this person may make an event of."""
    items = PlanItem.objects.filter(plan__municipality_id=user.municipality_id, event=None).exclude(
        outcome=PlanItem.Outcome.CANCELLED
    )
    if not user.is_methodist:
        items = items.filter(plan__association_id__in=user.led_association_ids)
    return items.select_related("kind", "plan__association__kind", "plan__school_year")


def last_year_event(item):
    """The event this line repeats: of the copied line, or the like of last year."""
    held = Event.objects.exclude(state__in=[Event.State.DRAFT, Event.State.CANCELLED])
    held = held.select_related("host").order_by("-starts_at")
    if item.copied_from_id and (event := held.filter(plan_item=item.copied_from_id).first()):
        return event
    alike = held.filter(
        association_id=item.plan.association_id,
        school_year__start=item.plan.school_year.start - 1,
    )
    return alike.filter(Q(title__iexact=item.title)).first()


def initial_from(item, event, zone):
    """Values of the form for a line of a plan and the event it repeats, if there is one."""
    values = {name.removesuffix("_id"): getattr(item, name) for name in KEPT}
    values |= {"association": item.plan.association_id}
    values |= {"starts": USUAL_START, "ends": USUAL_END, "starts_on": item.planned_on}
    if event is not None:
        values |= _of_last_year(item, event, zone)
    return values


def _of_last_year(item, event, zone):
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    values = {name.removesuffix("_id"): getattr(event, name) for name in OF_LAST_YEAR}
    values |= {"starts": start.time(), "ends": end.time(), "place": item.place or event.place}
    if item.planned_on is None and start_year(start.date()) == item.plan.school_year.start - 1:
        values["starts_on"] = same_week_next_year(start.date())
    return values


def clashes(user, *, day, association=None, host=None, starts=None, ends=None, event=None):
    """Events of that day for the same teachers, or in the same building at the same hours."""
    if day is None:
        return []
    zone = user.municipality.tz
    morning = datetime.datetime.combine(day, datetime.time.min, zone)
    same_day = Event.objects.visible_to(user).filter(
        starts_at__lt=morning + datetime.timedelta(days=1), ends_at__gt=morning
    )
    same_day = same_day.exclude(state=Event.State.CANCELLED).exclude(pk=getattr(event, "pk", None))
    alike = _same_teachers(association) | _same_hall(host, day, starts, ends, zone)
    if not alike:
        return []
    return list(
        same_day.filter(alike).select_related("kind", "association__kind").order_by("starts_at")
    )


def _same_teachers(association):
    if association is None:
        return Q()
    same = Q(association=association)
    if association.subject_id:
        same |= Q(association__subject=association.subject_id)
    return same


def _same_hall(host, day, starts, ends, zone):
    if host is None:
        return Q()
    first = datetime.datetime.combine(day, starts or datetime.time.min, zone)
    last = datetime.datetime.combine(day, ends or datetime.time.max, zone)
    return Q(host=host, starts_at__lt=last, ends_at__gt=first)
