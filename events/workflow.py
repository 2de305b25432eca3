"""The route of a plan between its leader and the methodist."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from communities.workflow import Transition, TransitionError, Workflow
from events import notifications
from events.models import AnnualPlan

State = AnnualPlan.State

PLAN = Workflow(
    "plan",
    [
        Transition(
            "submit",
            pgettext_lazy("plan action", "Send to the methodist"),
            frozenset({State.DRAFT, State.RETURNED}),
            State.SUBMITTED,
            "events.submit_plan",
        ),
        Transition(
            "withdraw",
            pgettext_lazy("plan action", "Take back"),
            frozenset({State.SUBMITTED}),
            State.DRAFT,
            "events.submit_plan",
        ),
        Transition(
            "approve",
            pgettext_lazy("plan action", "Agree to the plan"),
            frozenset({State.SUBMITTED}),
            State.APPROVED,
            "events.review_plan",
        ),
        Transition(
            "return",
            pgettext_lazy("plan action", "Return for revision"),
            frozenset({State.SUBMITTED, State.APPROVED}),
            State.RETURNED,
            "events.review_plan",
            needs_comment=True,
        ),
    ],
)


@PLAN.entering(State.SUBMITTED)
def refuse_empty(plan, decision):
    """A plan without lines has nothing to agree to."""
    if not plan.items.exists():
        raise TransitionError(_("Add at least one line to the plan first."))
    notifications.plan_submitted(plan, decision)


@PLAN.entering(State.APPROVED)
@PLAN.entering(State.RETURNED)
def tell_leader(plan, decision):
    notifications.plan_decided(plan, decision)
