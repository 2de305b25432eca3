"""Orders: drafted item by item, put in force once, then only another order mends them."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from communities import audit, fold, mail
from communities.access import require
from communities.models import Association, Membership, Municipality, Order, OrderItem
from communities.slugs import free_slug
from network_portal.formats import day_full

Action = OrderItem.Action


class OrderError(Exception):
    """An order that cannot be changed so; the text is for the reader."""


@transaction.atomic
def save_draft(order, *, actor):
    """Store a new draft, or the changed heading of one."""
    require(actor, "communities.change_order", order)
    action = "order.change" if order.pk else "order.create"
    if order.pk:
        _locked_draft(order)
    else:
        order.created_by = actor
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        raise OrderError(_("There is already an order with this number and date.")) from error
    audit.record(action, order, actor=actor)
    return order


@transaction.atomic
def delete_draft(order, *, actor):
    """Throw a draft away together with the associations it would have created."""
    require(actor, "communities.change_order", order)
    order = _locked_draft(order)
    created = [item.association_id for item in order.items.filter(action=Action.CREATE)]
    audit.record("order.delete", order, actor=actor)
    order.delete()
    _delete_unborn(created)


@transaction.atomic
def add_item(order, action, *, actor, association, effective_on, person=None, name=""):
    """Add one thing the order does; the same thing is added once."""
    require(actor, "communities.change_order", order)
    order = _locked_draft(order)
    item, created = order.items.get_or_create(
        association=association,
        action=action,
        person=person,
        name=name,
        effective_on=effective_on,
    )
    if created:
        audit.record("order.add_item", order, actor=actor, item=item.pk, what=action)
    return item


@transaction.atomic
def add_association(order, *, actor, kind, name, effective_on, subject=None, leader=None):
    """Add the creation of an association, which is born when the order comes into force."""
    require(actor, "communities.change_order", order)
    order = _locked_draft(order)
    Municipality.objects.select_for_update(no_key=True).get(pk=order.municipality_id)
    same = order.items.filter(action=Action.CREATE, name=name, association__kind=kind).first()
    association = same.association if same else _unborn(order, kind, subject, name)
    arguments = {"actor": actor, "association": association, "effective_on": effective_on}
    if not same:
        add_item(order, Action.CREATE, name=name, **arguments)
    if leader:
        add_item(order, Action.APPOINT_LEADER, person=leader, **arguments)
    return association


def _unborn(order, kind, subject, name):
    own = Association.objects.filter(municipality_id=order.municipality_id)
    return Association.objects.create(
        municipality_id=order.municipality_id,
        kind=kind,
        subject=subject,
        name=name,
        slug=free_slug(own, f"{kind.abbreviation} {name}"),
    )


@transaction.atomic
def remove_item(item, *, actor):
    """Take an item back while the order is a draft; with a creation goes its association."""
    order = _locked_draft(item.order)
    require(actor, "communities.change_order", order)
    audit.record("order.remove_item", order, actor=actor, item=item.pk, what=item.action)
    if item.action != Action.CREATE:
        item.delete()
        return
    order.items.filter(association=item.association_id).delete()
    _delete_unborn([item.association_id])


def _delete_unborn(association_ids):
    try:
        Association.objects.filter(pk__in=association_ids, opened_on=None).delete()
    except ProtectedError as error:
        text = _("Something is already kept for this association: take that away first.")
        raise OrderError(text) from error


def _locked_draft(order):
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state != Order.State.DRAFT:
        raise OrderError(_("The order is already in force: a new order mends it."))
    return order


def idle_items(order):
    """Items of a draft that would change nothing: the association is closed by then, or so."""
    items = list(order.items.select_related("order", "association"))
    past = fold.histories({item.association_id for item in items})
    found = []
    for association_id, history in past.items():
        mine = [item for item in items if item.association_id == association_id]
        idle = fold.idle_items([*history, *mine])
        found += [item for item in idle if item in mine]
    return sorted(found, key=lambda item: item.pk)


@transaction.atomic
def put_in_force(order, *, actor):
    """Make the order valid and the associations what it says. It cannot be taken back."""
    require(actor, "communities.change_order", order)
    order = _locked_draft(order)
    items = list(order.items.select_related("association", "person__municipality"))
    if not items:
        raise OrderError(_("The order has no items yet: add what it does."))
    if idle := idle_items(order):
        text = _("«%(item)s» for «%(association)s» changes nothing on that day: remove it.")
        raise OrderError(
            text % {"item": idle[0].get_action_display(), "association": idle[0].association}
        )
    order.state = Order.State.IN_FORCE
    order.save(update_fields=["state"])
    for association in sorted({item.association for item in items}, key=lambda row: row.pk):
        rebuild(association)
    audit.record("order.put_in_force", order, actor=actor, items=len(items))
    for item in items:
        _tell(item, order)
    return order


def _tell(item, order):
    """A letter to whoever the order appoints, unless the order is an old one entered late."""
    if item.action not in fold.APPOINTS:
        return
    if (order.municipality.today() - item.effective_on).days > 31:
        return
    texts = {
        Action.APPOINT_LEADER: _("You are appointed the leader: %(association)s"),
        Action.APPOINT_SECRETARY: _("You are appointed the secretary: %(association)s"),
    }
    subject = texts[item.action] % {"association": item.association.name}
    body = _("Order No. %(number)s of %(date)s, from %(day)s.") % {
        "number": order.number,
        "date": day_full(order.date),
        "day": day_full(item.effective_on),
    }
    mail.post(f"order-item:{item.pk}", item.person, subject, body)


@transaction.atomic
def rebuild(association):
    """Make name, dates, leaders and secretaries what the orders in force say. Idempotent."""
    association = Association.objects.select_for_update().get(pk=association.pk)
    items = fold.history(association)
    opened, closed = fold.opening_days(items)
    if opened is None:
        return association
    today = association.municipality.today()
    association.name = fold.fold(items, max(today, opened)).name
    association.opened_on, association.closed_on = opened, closed
    association.save(update_fields=["name", "opened_on", "closed_on"])
    _keep_terms(association, fold.terms(items))
    return association


def _keep_terms(association, terms):
    """Rows are found again by the item that began them, so their ids stay."""
    wanted = {term.item_id: term for term in terms}
    kept = {}
    for row in association.memberships.exclude(role=Membership.Role.MEMBER):
        if row.item_id in wanted and row.item_id not in kept:
            kept[row.item_id] = row
        else:
            row.delete()
    # Terms that ended first: one association has one open term of a leader.
    for term in sorted(terms, key=lambda term: term.ends_on is None):
        row = kept.get(term.item_id) or Membership(
            municipality_id=association.municipality_id,
            association=association,
            item_id=term.item_id,
        )
        row.source = Membership.Source.ORDER
        row.role, row.person_id = term.role, term.person_id
        row.starts_on, row.ends_on = term.starts_on, term.ends_on
        row.save()


def follow_calendar():
    """Rebuild associations whose order takes effect about now: a new name comes on its day."""
    renamed = 0
    for municipality in Municipality.objects.all():
        today = municipality.today()
        due = Association.objects.filter(
            municipality=municipality,
            items__order__state=Order.State.IN_FORCE,
            items__action=Action.RENAME,
            items__effective_on__range=(today - 7 * fold.ONE_DAY, today),
        )
        for association in due.distinct():
            renamed += rebuild(association).name != association.name
    return renamed


@transaction.atomic
def roll_over(order, *, actor, effective_on):
    """Draft the next year's order: today's leaders and secretaries, appointed once more."""
    order = save_draft(order, actor=actor)
    today = order.municipality.today()
    terms = Membership.objects.in_force(today).filter(
        association__in=Association.objects.open_on(today),
        municipality_id=order.municipality_id,
        role__in=[Membership.Role.LEADER, Membership.Role.SECRETARY],
    )
    order.items.bulk_create(
        OrderItem(
            order=order,
            association_id=term.association_id,
            action=f"appoint_{term.role}",
            person_id=term.person_id,
            effective_on=effective_on,
        )
        for term in terms.order_by("association__kind__position", "association_id", "role")
    )
    audit.record("order.roll_over", order, actor=actor, items=order.items.count())
    return order
