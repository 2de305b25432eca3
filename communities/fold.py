"""What the items of orders make of an association: its state and its terms on any date."""

import dataclasses
import datetime

from communities.models import Association, Order, OrderItem

Action = OrderItem.Action
ONE_DAY = datetime.timedelta(days=1)
HOLDERS = {"leader": "leader_id", "secretary": "secretary_id"}
APPOINTS = {Action.APPOINT_LEADER: "leader_id", Action.APPOINT_SECRETARY: "secretary_id"}


@dataclasses.dataclass(frozen=True)
class AssociationState:
    """What an association is on one date."""

    name: str = ""
    is_open: bool = False
    leader_id: int | None = None
    secretary_id: int | None = None


@dataclasses.dataclass(frozen=True)
class Term:
    """A person's time as leader or secretary; `item` is what began it."""

    role: str
    person_id: int
    item_id: int
    starts_on: datetime.date
    ends_on: datetime.date | None = None


def apply(state, item):
    """The state after one item; an item that makes no sense then changes nothing."""
    if item.action == Action.CREATE:
        return dataclasses.replace(state, name=item.name or state.name, is_open=True)
    if not state.is_open:
        return state
    if item.action == Action.RENAME:
        return dataclasses.replace(state, name=item.name)
    if item.action == Action.CLOSE:
        return AssociationState(name=state.name)
    if item.action == Action.DISMISS:
        held = [field for field in HOLDERS.values() if getattr(state, field) == item.person_id]
        return dataclasses.replace(state, **dict.fromkeys(held))
    return dataclasses.replace(state, **{APPOINTS[item.action]: item.person_id})


def in_order(items):
    """Items as they take effect: by day, by date of the order, as entered."""
    return sorted(items, key=lambda item: (item.effective_on, item.order.date, item.pk or 0))


def fold(items, on):
    """The state of an association on the date `on`. Asks nothing but its items."""
    state = AssociationState()
    for item in in_order(items):
        if item.effective_on <= on:
            state = apply(state, item)
    return state


def terms(items):
    """Who led and who kept the papers, from when to when; terms of no day are left out.

    To appoint the holder anew goes on with the term: a year's leader is counted once.
    """
    state, running, ended = AssociationState(), {}, []
    for item in in_order(items):
        after = apply(state, item)
        for role, field in HOLDERS.items():
            person_id = getattr(after, field)
            if person_id == getattr(state, field):
                continue
            if role in running:
                last_day = item.effective_on - ONE_DAY
                ended.append(dataclasses.replace(running.pop(role), ends_on=last_day))
            if person_id:
                running[role] = Term(role, person_id, item.pk, item.effective_on)
        state = after
    return [term for term in ended if term.ends_on >= term.starts_on] + list(running.values())


def opening_days(items):
    """The first day of the association and the day it closed for good, each may be None."""
    opened = closed = None
    state = AssociationState()
    for item in in_order(items):
        after = apply(state, item)
        if after.is_open and not state.is_open:
            opened, closed = opened or item.effective_on, None
        elif state.is_open and not after.is_open:
            closed = item.effective_on
        state = after
    return opened, closed


def idle_items(items):
    """Items without effect where they stand; to appoint the holder anew is no mistake."""
    state, idle = AssociationState(), []
    for item in in_order(items):
        after = apply(state, item)
        holder = getattr(state, APPOINTS.get(item.action, ""), None)
        if after == state and (holder is None or holder != item.person_id):
            idle.append(item)
        state = after
    return idle


def history(association):
    """Every item in force of one association, with its order."""
    return histories([association.pk])[association.pk]


def histories(association_ids):
    """The same for several associations in two queries."""
    found = {pk: [] for pk in association_ids}
    in_force = OrderItem.objects.filter(
        association_id__in=association_ids, order__state=Order.State.IN_FORCE
    )
    for item in in_force.select_related("order"):
        found[item.association_id].append(item)
    for association in Association.objects.filter(pk__in=association_ids):
        items = found[association.pk]
        if association.opened_on and all(item.action != Action.CREATE for item in items):
            items.insert(0, _older_than_orders(association))
    return found


def _older_than_orders(association):
    """The creation of an association that no order kept here created."""
    return OrderItem(
        order=Order(date=association.opened_on),
        association=association,
        action=Action.CREATE,
        name=association.name,
        effective_on=association.opened_on,
    )


def state_on(association, day):
    """«Who led this association on 12 March?»"""
    return fold(history(association), day)
