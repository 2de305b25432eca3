"""The route of a plan: only the drawn arrows exist, and only for who may walk them."""

import pytest
from django.core.exceptions import PermissionDenied

from communities.models import Letter
from communities.workflow import TransitionError
from events.models import AnnualPlan
from events.workflow import PLAN
from tests import factories

ARROWS = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "withdraw"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("approved", "return"): "returned",
}
WALKERS = {"submit": "leader", "withdraw": "leader", "approve": "methodist", "return": "methodist"}
ROLES = ("teacher", "leader", "coordinator", "methodist", "head", "operator", "neighbour")


@pytest.fixture
def plan(people):
    return factories.PlanItemFactory(plan__association=people.association).plan


@pytest.mark.parametrize("state", AnnualPlan.State.values)
@pytest.mark.parametrize("action", WALKERS)
def test_only_the_drawn_arrows_exist(people, plan, state, action):
    AnnualPlan.objects.filter(pk=plan.pk).update(state=state)
    actor = getattr(people, WALKERS[action])
    plan.refresh_from_db()
    offered = [arrow.code for arrow in PLAN.available(plan, actor)]
    if (state, action) not in ARROWS:
        assert action not in offered
        with pytest.raises(TransitionError):
            PLAN.perform(plan, action, actor=actor, comment="добавьте 5 класс")
        return
    assert action in offered
    moved = PLAN.perform(plan, action, actor=actor, comment="добавьте 5 класс")
    assert moved.state == ARROWS[state, action]
    assert moved.decisions.get().actor_name == actor.full_name


@pytest.mark.parametrize("action", WALKERS)
@pytest.mark.parametrize("role", ROLES)
def test_others_may_not_walk_an_arrow(people, plan, action, role):
    if role == WALKERS[action]:
        return
    AnnualPlan.objects.filter(pk=plan.pk).update(
        state="draft" if action == "submit" else "submitted"
    )
    with pytest.raises(PermissionDenied):
        PLAN.perform(plan, action, actor=getattr(people, role), comment="нет")


def test_return_needs_a_remark(people, plan):
    AnnualPlan.objects.filter(pk=plan.pk).update(state="submitted")
    with pytest.raises(TransitionError):
        PLAN.perform(plan, "return", actor=people.methodist, comment="  ")


def test_empty_plan_cannot_be_sent(people):
    plan = factories.PlanFactory(association=people.association)
    with pytest.raises(TransitionError):
        PLAN.perform(plan, "submit", actor=people.leader)
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert not plan.decisions.exists()


def test_letters_go_to_the_methodist_and_to_the_leader(people, plan):
    PLAN.perform(plan, "submit", actor=people.leader)
    assert list(Letter.objects.values_list("person", flat=True)) == [people.methodist.pk]
    PLAN.perform(plan, "return", actor=people.methodist, comment="добавьте 5 класс")
    letter = Letter.objects.get(person=people.leader)
    assert "возвращён" in letter.subject
    assert "добавьте 5 класс" in letter.body


def test_return_page_keeps_what_was_typed(people, plan, as_):
    AnnualPlan.objects.filter(pk=plan.pk).update(state="submitted")
    address = plan.get_absolute_url()
    response = as_(people.methodist).post(f"{address}return/", {"comment": " "})
    assert response.status_code == 422
    assert "comment" in response.context["form"].errors
    response = as_(people.methodist).post(f"{address}return/", {"comment": "добавьте 5 класс"})
    assert response.status_code == 302
    shown = as_(people.leader).get(address).content.decode()
    assert "добавьте 5 класс" in shown
    assert "Возвращён" in shown
