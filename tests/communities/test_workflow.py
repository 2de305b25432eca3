import datetime
import itertools

import pytest
from django.core.exceptions import PermissionDenied

from communities.models import AuditEntry
from communities.workflow import Transition, TransitionError, Workflow, post_of
from events.models import AnnualPlan
from tests.factories import PlanFactory

State = AnnualPlan.State
ANYBODY = "attestation.view_reports"  # whoever signed in: the arrows are what is tested
ARROWS = {
    "submit": ({State.DRAFT, State.RETURNED}, State.SUBMITTED),
    "return": ({State.SUBMITTED}, State.RETURNED),
    "approve": ({State.SUBMITTED}, State.APPROVED),
}


@pytest.fixture
def route():
    return Workflow(
        "plan",
        [
            Transition(code, code, frozenset(sources), target, ANYBODY, code == "return")
            for code, (sources, target) in ARROWS.items()
        ],
    )


@pytest.fixture
def plan(people):
    return PlanFactory(association=people.association)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State.values, ARROWS)))
def test_only_the_drawn_arrows_exist(people, route, plan, state, action):
    AnnualPlan.objects.filter(pk=plan.pk).update(state=state)
    plan.refresh_from_db()
    sources, target = ARROWS[action]
    offered = {arrow.code for arrow in route.available(plan, people.head)}
    assert (action in offered) == (state in sources)
    if state in sources:
        moved = route.perform(plan, action, actor=people.head, comment="Уточните")
        assert moved.state == target
    else:
        with pytest.raises(TransitionError):
            route.perform(plan, action, actor=people.head, comment="Уточните")
        plan.refresh_from_db()
        assert plan.state == state
        assert not plan.decisions.exists()


def test_decision_keeps_name_and_post_as_they_stood(people, route, plan):
    route.perform(plan, "submit", actor=people.teacher)
    at = datetime.datetime(2021, 6, 25, 12, tzinfo=datetime.UTC)
    route.perform(plan, "approve", actor=people.head, at=at)
    first, last = plan.decisions.all()
    assert (first.source, first.target, first.actor_post) == ("draft", "submitted", "учитель")
    assert (last.actor_name, last.actor_post) == (
        people.head.full_name,
        people.municipality.head_post,
    )
    assert last.decided_at == at
    assert AuditEntry.objects.filter(action="plan.approve", data={"decision": last.pk}).exists()


def test_person_without_work_signs_without_a_post(people):
    assert post_of(people.methodist) == ""


def test_comment_is_asked_where_the_arrow_needs_one(people, route, plan):
    route.perform(plan, "submit", actor=people.methodist)
    with pytest.raises(TransitionError):
        route.perform(plan, "return", actor=people.head, comment="  ")


def test_unheard_of_step_and_stranger_are_refused(people, route, plan):
    with pytest.raises(TransitionError):
        route.perform(plan, "burn", actor=people.head)
    closed = Workflow(
        "plan",
        [Transition("submit", "", frozenset({State.DRAFT}), State.SUBMITTED, "events.submit_plan")],
    )
    assert closed.available(plan, people.teacher) == []
    with pytest.raises(PermissionDenied):
        closed.perform(plan, "submit", actor=people.teacher)


def test_second_of_two_steps_is_told_so(people, route, plan):
    stale = AnnualPlan.objects.get(pk=plan.pk)
    route.perform(plan, "submit", actor=people.methodist)
    with pytest.raises(TransitionError):
        route.perform(stale, "submit", actor=people.methodist)
    assert plan.decisions.count() == 1


def test_failure_on_entering_takes_the_step_back(people, route, plan):
    @route.entering(State.SUBMITTED)
    def fail(obj, decision):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        route.perform(plan, "submit", actor=people.methodist)
    plan.refresh_from_db()
    assert plan.state == State.DRAFT
    assert not plan.decisions.exists()
    assert not AuditEntry.objects.exists()
