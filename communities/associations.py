"""Associations between the orders: their members, what they say of themselves, groups outside."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities import audit
from communities.access import require
from communities.models import Association, Membership

ONE_DAY = datetime.timedelta(days=1)


class AssociationError(Exception):
    """A change that cannot be made; the text is for the reader."""


@transaction.atomic
def join(association, *, actor):
    """Become a member by own wish from today; who is one already stays one."""
    require(actor, "communities.join_association", association)
    today = association.municipality.today()
    if not Association.objects.open_on(today).filter(pk=association.pk).exists():
        raise AssociationError(_("This association is closed."))
    return _begin(association, actor, today, actor)


@transaction.atomic
def leave(association, *, actor):
    """End one's own membership; a leader or a secretary is released by an order."""
    row = _locked(association.memberships.filter(person=actor, role="member", ends_on=None)).first()
    if row is not None:
        _end(row, association.municipality.today() - ONE_DAY, _("own wish"), actor)
    return row


@transaction.atomic
def add_member(association, person, *, actor, starts_on):
    """Enter a colleague as a member from a day on."""
    require(actor, "communities.manage_association", association)
    return _begin(association, person, starts_on, actor)


@transaction.atomic
def end_membership(row, *, actor, ends_on, reason=""):
    """Enter the last day of a member and why they left."""
    association = row.association
    require(actor, "communities.manage_association", association)
    row = _locked(association.memberships.filter(pk=row.pk, role="member")).first()
    if row is None or row.ends_on is not None:
        raise AssociationError(_("This membership has ended already."))
    if ends_on < row.starts_on:
        raise AssociationError(_("The last day is before the first one."))
    _end(row, ends_on, reason, actor)
    return row


def _begin(association, person, starts_on, actor):
    Association.objects.select_for_update(no_key=True).get(pk=association.pk)
    rows = association.memberships.filter(person=person, role=Membership.Role.MEMBER)
    if current := rows.filter(ends_on=None).first():
        return current
    if overlapping := rows.filter(ends_on__gte=starts_on - ONE_DAY).order_by("-ends_on").first():
        row = overlapping  # who comes back at once never was away
        row.ends_on, row.left_because = None, ""
        row.starts_on = min(row.starts_on, starts_on)
        row.save(update_fields=["ends_on", "left_because", "starts_on"])
    else:
        row = rows.create(
            municipality_id=association.municipality_id,
            association=association,
            person=person,
            starts_on=starts_on,
        )
    audit.record("association.join", association, actor=actor, membership=row.pk)
    return row


def _end(row, ends_on, reason, actor):
    """A membership that lasted no whole day never was."""
    audit.record("association.leave", row.association, actor=actor, membership=row.pk)
    if ends_on < row.starts_on:
        row.delete()
        return
    row.ends_on, row.left_because = ends_on, reason[:200]
    row.save(update_fields=["ends_on", "left_because"])


def _locked(rows):
    return rows.select_for_update(of=("self",)).select_related("association")


@transaction.atomic
def save_association(association, *, actor):
    """What is not the business of orders: kind, subject, the text about it."""
    require(actor, "communities.manage_association", association)
    association.save(update_fields=["kind", "subject", "about"])
    audit.record("association.change", association, actor=actor)
    return association


@transaction.atomic
def save_online_community(community, *, actor):
    """Store a group or chat outside the portal, of an association or of an organization."""
    require_owner(community, actor)
    action = "online_community.change" if community.pk else "online_community.create"
    try:
        with transaction.atomic():
            community.save()
    except IntegrityError as error:
        raise AssociationError(_("This group is listed already.")) from error
    audit.record(action, community, actor=actor)
    return community


def require_owner(community, actor):
    """Whoever manages what the group belongs to manages the group."""
    if community.association_id:
        require(actor, "communities.manage_association", community.association)
    else:
        require(actor, "communities.change_organization", community.organization)
