"""The permissions of WHEN."""

import rules

from communities.rules import (
    coordinates_some_organization,
    is_methodist,
    is_signed_in,
    leads_association,
    same_municipality,
)
from events.models import AnnualPlan, Event, Minutes

EDITABLE = (AnnualPlan.State.DRAFT, AnnualPlan.State.RETURNED)


@rules.predicate
def leads_some_or_is_methodist(user):
    return bool(user.led_association_ids) or user.is_methodist


@rules.predicate
def created_event(user, event):
    """Whoever made it, as long as they make events at all: a released leader runs none."""
    return event is not None and event.created_by_id == user.pk and leads_some_or_is_methodist(user)


@rules.predicate
def is_editable_plan(user, plan):
    return plan is not None and plan.state in EDITABLE


@rules.predicate
def takes_registrations(user, event):
    return event is not None and event.state == Event.State.PUBLISHED


@rules.predicate
def is_announced(user, event):
    """Published or already closed: neither a draft nor cancelled."""
    return event is not None and event.state in (Event.State.PUBLISHED, Event.State.CLOSED)


@rules.predicate
def has_no_signed_minutes(user, event):
    minutes = getattr(event, "minutes", None)
    return minutes is None or minutes.state != Minutes.State.SIGNED


runs_event = (is_methodist | leads_association | created_event) & same_municipality

rules.add_perm("events.add_event", leads_some_or_is_methodist)
rules.add_perm("events.change_event", runs_event & has_no_signed_minutes)
rules.add_perm("events.run_event", runs_event)
rules.add_perm("events.mark_attendance", runs_event & is_announced & has_no_signed_minutes)
rules.add_perm("events.write_minutes", runs_event & is_announced & has_no_signed_minutes)
rules.add_perm("events.register", is_signed_in & same_municipality & takes_registrations)
rules.add_perm(
    "events.register_colleagues",
    coordinates_some_organization & same_municipality & takes_registrations,
)
rules.add_perm(
    "events.change_plan", (leads_association | is_methodist) & same_municipality & is_editable_plan
)
rules.add_perm("events.submit_plan", leads_association & same_municipality)
rules.add_perm("events.review_plan", is_methodist & same_municipality)
