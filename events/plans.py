"""Plans of associations: their lines, last year's lines, and what became of them."""

import dataclasses
import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from communities.school_year import bounds, same_week_next_year, start_year
from events.models import AnnualPlan, Event, Holiday, PlanItem
from events.rules import EDITABLE
from events.years import year_of

COPIED = ("title", "kind_id", "format", "place", "responsible")
WEEK = datetime.timedelta(days=7)


class PlanError(Exception):
    """Something a plan does not allow; the text is for the reader."""


@dataclasses.dataclass(frozen=True)
class Shift:
    """Where a day of last year falls: the same week and weekday, holidays skipped."""

    target: int
    holidays: list

    def __call__(self, day):
        moved = same_week_next_year(day)
        if self._is_free(day):  # what was held in the holidays is meant to be
            return moved
        later = moved
        while self._is_free(later):
            later += WEEK
        return later if later <= bounds(self.target)[1] else moved

    def month(self, first_day):
        return first_day.replace(year=first_day.year + 1)

    def _is_free(self, day):
        return any(first <= day <= last for first, last in self.holidays)


def shift_to(municipality, start):
    """The shift into the school year `start`, with the holidays of both years."""
    holidays = Holiday.objects.filter(
        school_year__municipality=municipality, school_year__start__in=[start - 1, start]
    )
    return Shift(start, list(holidays.values_list("starts_on", "ends_on")))


def is_held(event, now=None):
    """Whether an event took place, as far as the portal knows."""
    now = now or timezone.now()
    if event is None:
        return False
    if event.state == Event.State.CLOSED:
        return event.starts_at <= now
    return event.state == Event.State.PUBLISHED and event.ends_at < now


def event_of(item):
    """The event a line became, or None."""
    return getattr(item, "event", None)


def lines_of(association_id, starts):
    """Lines of an association's plans of these years with their events, in order."""
    return (
        PlanItem.objects.filter(
            plan__association_id=association_id, plan__school_year__start__in=starts
        )
        .select_related("kind", "plan__school_year", "event", "event__minutes")
        .defer("plan__goal", "event__summary", "event__minutes__seal")
    )


def unplanned_events(user, association_id, start):
    """Events of the year that no line foresaw."""
    return (
        Event.objects.visible_to(user)
        .filter(association_id=association_id, school_year__start=start, plan_item=None)
        .exclude(state=Event.State.DRAFT)
        .select_related("kind", "minutes")
        .order_by("starts_at", "id")
    )


@transaction.atomic
def open_plan(association, start, *, actor):
    """The plan of an association for a year, made when the first line or theme is written."""
    plan, created = AnnualPlan.objects.get_or_create(
        municipality_id=association.municipality_id,
        association=association,
        school_year=year_of(association.municipality, start),
    )
    if created:
        audit.record("plan.open", plan, actor=actor)
    return plan


def _writable(plan):
    """The plan under its lock, if nobody has handed it in since the page was opened."""
    plan = AnnualPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.state not in EDITABLE:
        raise PlanError(_("The plan has been handed in meanwhile: nothing is changed in it."))
    return plan


@transaction.atomic
def change_plan(plan, *, theme, goal, actor):
    """Write the theme and the goal."""
    plan = _writable(plan)
    plan.theme, plan.goal = theme, goal
    plan.save(update_fields=["theme", "goal"])
    audit.record("plan.change", plan, actor=actor)
    return plan


@transaction.atomic
def add_item(plan, *, actor, **fields):
    """Add a line to a plan."""
    plan = _writable(plan)
    item = plan.items.create(**fields)
    audit.record("plan.add_item", plan, actor=actor, item=item.pk)
    return item


@transaction.atomic
def change_item(item, *, actor, **fields):
    """Change a line of a plan that is still being written."""
    _writable(item.plan)
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=list(fields))
    audit.record("plan.change_item", item.plan, actor=actor, item=item.pk)
    return item


@transaction.atomic
def delete_item(item, *, actor):
    """Delete a line; one that became an event stays."""
    _writable(item.plan)
    if event_of(item):
        raise PlanError(_("An event has been made of this line: cancel the event instead."))
    audit.record("plan.delete_item", item.plan, actor=actor, item=item.pk)
    item.delete()


@transaction.atomic
def set_outcome(item, *, outcome, reason, month=None, actor):
    """Say that a line was moved or cancelled, and why; an agreed plan shows it too."""
    item.outcome, item.reason = outcome, reason if outcome != PlanItem.Outcome.PLANNED else ""
    if outcome == PlanItem.Outcome.MOVED and month and month != item.month:
        item.month, item.planned_on = month, None
    item.save(update_fields=["outcome", "reason", "month", "planned_on"])
    audit.record("plan.outcome", item.plan, actor=actor, item=item.pk, outcome=outcome)
    return item


@transaction.atomic
def copy_last_year(association, start, *, actor):
    """Copy the lines of last year's plan, or its events when there was no plan."""
    plan = _writable(open_plan(association, start, actor=actor))
    shift = shift_to(association.municipality, start)
    items = _copies_of_lines(plan, shift) or _copies_of_events(plan, shift)
    if not items:
        raise PlanError(_("There is nothing in last year's plan that is not here already."))
    PlanItem.objects.bulk_create(items)
    audit.record("plan.copy", plan, actor=actor, items=[item.pk for item in items])
    return plan, items


@transaction.atomic
def carry_item(item, association, start, *, actor):
    """Take one line of last year's plan into this year's."""
    plan = _writable(open_plan(association, start, actor=actor))
    if plan.items.filter(copied_from=item).exists():
        raise PlanError(_("This line is in the plan already."))
    copy = _copy_of(item, plan, shift_to(association.municipality, start))
    copy.save()
    audit.record("plan.add_item", plan, actor=actor, item=copy.pk)
    return copy


@transaction.atomic
def undo_copy(plan, first, last, *, actor):
    """Take copied lines out again, but not those that have become events."""
    plan = _writable(plan)
    items = plan.items.filter(pk__gte=first, pk__lte=last, event=None)
    gone = list(items.values_list("pk", flat=True))
    items.delete()
    audit.record("plan.undo_copy", plan, actor=actor, items=gone)
    return len(gone)


def _copies_of_lines(plan, shift):
    last_year = PlanItem.objects.filter(
        plan__association_id=plan.association_id, plan__school_year__start=shift.target - 1
    )
    known = plan.items.filter(copied_from__isnull=False).values("copied_from")
    lines = last_year.exclude(pk__in=known).select_related("event")
    return [_copy_of(item, plan, shift) for item in lines]


def _copies_of_events(plan, shift):
    if plan.items.exists():
        return []
    held = Event.objects.filter(
        association_id=plan.association_id, school_year__start=shift.target - 1, plan_item=None
    ).exclude(state__in=[Event.State.DRAFT, Event.State.CANCELLED])
    return [_line_of(event, plan, shift) for event in held.order_by("starts_at")]


def _copy_of(item, plan, shift):
    fields = {name: getattr(item, name) for name in COPIED}
    day = day_of(item, plan.municipality.tz)
    moved = shift(day) if day and start_year(day) == shift.target - 1 else None
    month = moved.replace(day=1) if moved else shift.month(item.month)
    return PlanItem(plan=plan, month=month, planned_on=moved, copied_from=item, **fields)


def _line_of(event, plan, shift):
    day = event.starts_at.astimezone(plan.municipality.tz).date()
    moved = shift(day) if start_year(day) == shift.target - 1 else None
    return PlanItem(
        plan=plan,
        month=(moved or bounds(shift.target)[0]).replace(day=1),
        planned_on=moved,
        title=event.title,
        kind_id=event.kind_id,
        format=event.format,
        place=event.place,
    )


def day_of(item, zone=None):
    """The day a line was held or is planned on, by the clocks of the municipality."""
    event = event_of(item)
    if event is not None and event.state != Event.State.CANCELLED:
        return timezone.localdate(event.starts_at, zone)
    return item.planned_on
