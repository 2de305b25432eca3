import datetime
import random

import pytest

from communities import fold, orders
from communities.models import Membership, Order, OrderItem
from tests.factories import AssociationFactory, OrderFactory, PersonFactory

Action = OrderItem.Action
FIRST = datetime.date(2020, 9, 1)


def day(number):
    return FIRST + datetime.timedelta(days=number)


def item(action, number, person_id=None, name="", pk=None):
    return OrderItem(
        pk=pk,
        order=Order(date=FIRST),
        action=action,
        person_id=person_id,
        name=name,
        effective_on=day(number),
    )


STORY = [
    item(Action.CREATE, 0, name="Математика", pk=1),
    item(Action.APPOINT_LEADER, 0, 7, pk=2),
    item(Action.APPOINT_SECRETARY, 1, 8, pk=3),
    item(Action.APPOINT_LEADER, 10, 9, pk=4),
    item(Action.RENAME, 12, name="Точные науки", pk=5),
    item(Action.DISMISS, 15, 9, pk=6),
    item(Action.CLOSE, 20, pk=7),
]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (-1, fold.AssociationState()),
        (0, fold.AssociationState("Математика", True, 7)),
        (9, fold.AssociationState("Математика", True, 7, 8)),
        (10, fold.AssociationState("Математика", True, 9, 8)),
        (12, fold.AssociationState("Точные науки", True, 9, 8)),
        (15, fold.AssociationState("Точные науки", True, None, 8)),
        (20, fold.AssociationState("Точные науки", False)),
    ],
)
def test_fold_is_the_state_on_the_date(number, expected):
    shuffled = random.Random(number).sample(STORY, len(STORY))
    assert fold.fold(shuffled, day(number)) == expected


def test_new_leader_ends_the_old_term_the_day_before():
    terms = [term for term in fold.terms(STORY) if term.role == "leader"]
    assert [(t.person_id, t.starts_on, t.ends_on) for t in terms] == [
        (7, day(0), day(9)),
        (9, day(10), day(14)),
    ]


def test_appointing_the_leader_anew_goes_on_with_the_term():
    again = [*STORY[:2], item(Action.APPOINT_LEADER, 5, 7, pk=9)]
    assert fold.terms(again) == [fold.Term("leader", 7, 2, day(0))]
    assert fold.idle_items(again) == []


def test_item_for_a_closed_association_is_idle():
    late = item(Action.APPOINT_LEADER, 25, 8, pk=9)
    assert fold.idle_items([*STORY, late]) == [late]
    stranger = item(Action.DISMISS, 5, 99, pk=10)
    assert fold.idle_items([*STORY[:2], stranger]) == [stranger]


def test_closed_association_may_open_again():
    again = [*STORY, item(Action.CREATE, 30, pk=8)]
    assert fold.opening_days(STORY) == (day(0), day(20))
    assert fold.opening_days(again) == (day(0), None)
    assert fold.fold(again, day(30)) == fold.AssociationState("Точные науки", True)


def random_items(rng, order, association, people):
    for _number in range(rng.randint(1, 14)):
        action = rng.choice(list(Action))
        needs_person = action in (*fold.APPOINTS, Action.DISMISS)
        order.items.create(
            association=association,
            action=action,
            person=rng.choice(people) if needs_person else None,
            name=f"Имя {rng.random()}" if action in (Action.CREATE, Action.RENAME) else "",
            effective_on=day(rng.randint(0, 12)),
        )


def rows_on(association, when):
    rows = Membership.objects.in_force(when).filter(association=association)
    return {row.role: row.person_id for row in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(40))
def test_fold_on_every_date_equals_the_membership_rows(seed, people):
    rng = random.Random(seed)
    association = AssociationFactory(municipality=people.municipality, opened_on=None)
    staff = PersonFactory.create_batch(3, municipality=people.municipality)
    for number in range(3):
        order = OrderFactory(
            municipality=people.municipality, date=day(number), number=f"{seed}-{number}"
        )
        random_items(rng, order, association, staff)
        orders.rebuild(association)
    for number in range(-1, 15):
        state = fold.state_on(association, day(number))
        expected = {"leader": state.leader_id, "secretary": state.secretary_id}
        held = {role: pk for role, pk in expected.items() if pk}
        assert rows_on(association, day(number)) == held


def snapshot(association):
    return list(association.memberships.order_by("id").values())


def test_rebuild_twice_changes_nothing_and_keeps_the_rows(people):
    orders.rebuild(people.association)
    before = snapshot(people.association)
    orders.rebuild(people.association)
    assert snapshot(people.association) == before
    assert {row["role"] for row in before} == {"leader", "member"}


def test_association_older_than_the_orders_is_open_from_its_first_day(people):
    state = fold.state_on(people.association, people.association.opened_on)
    assert state == fold.AssociationState(people.association.name, True)
    assert fold.state_on(people.association, datetime.date(2016, 9, 16)).leader_id == (
        people.leader.pk
    )
