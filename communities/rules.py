"""Predicates about people, and the permissions of WHO."""

import rules
from django.db.models import Q

from communities.models import Membership


@rules.predicate
def is_signed_in(user):
    return user.is_authenticated


@rules.predicate
def is_methodist(user):
    return user.is_methodist


@rules.predicate
def is_head(user):
    return user.is_head


@rules.predicate
def is_operator(user):
    return user.is_operator


@rules.predicate
def is_department(user):
    return user.is_department


@rules.predicate
def coordinates_some_organization(user):
    return bool(user.coordinated_organization_ids)


@rules.predicate
def same_municipality(user, obj):
    return obj is None or obj.municipality_id == user.municipality_id


@rules.predicate
def leads_association(user, association):
    """Leads the association itself, or the one a row belongs to."""
    if association is None:
        return False
    pk = getattr(association, "association_id", association.pk)
    return pk in user.led_association_ids


@rules.predicate
def coordinates_organization(user, organization):
    return organization is not None and organization.pk in user.coordinated_organization_ids


@rules.predicate
def coordinates_person(user, person):
    """The person works today in an organization of this coordinator."""
    if person is None or not user.coordinated_organization_ids:
        return False
    today = person.municipality.today()
    work = person.employments.in_force(today)
    return work.filter(organization_id__in=user.coordinated_organization_ids).exists()


@rules.predicate
def coordinates_work(user, employment):
    return (
        employment is not None and employment.organization_id in user.coordinated_organization_ids
    )


@rules.predicate
def is_without_role(user, person):
    """Whoever signs in as a person with a role has its powers: only operators hand them out."""
    return person is None or not person.role_grants.exists()


@rules.predicate
def is_no_leader(user, person):
    """Neither leads an association nor keeps its minutes, now or by an order to come."""
    if person is None:
        return True
    led = person.memberships.exclude(role=Membership.Role.MEMBER)
    today = person.municipality.today()
    return not led.filter(Q(ends_on=None) | Q(ends_on__gte=today)).exists()


@rules.predicate
def is_without_account(user, person):
    """Nobody has claimed the record yet; a closed account is opened in another way."""
    return person is None or (not person.is_active and person.email is None)


@rules.predicate
def is_owner(user, job):
    return job is not None and job.owner_id == user.pk


@rules.predicate
def is_addressee(user, assignment):
    return assignment is not None and (
        assignment.person_id == user.pk
        or assignment.association_id in user.led_association_ids
        or assignment.organization_id in user.coordinated_organization_ids
    )


rules.add_perm("communities.view_manage", is_methodist | is_operator)
rules.add_perm("communities.view_audit", is_methodist | is_operator)
rules.add_perm("communities.import_people", is_methodist & same_municipality)
# Lists of people and new records: where no person is named yet.
rules.add_perm(
    "communities.keep_people", is_methodist | is_operator | coordinates_some_organization
)
rules.add_perm(
    "communities.change_person",
    (is_methodist | is_operator | coordinates_person) & same_municipality,
)
rules.add_perm(
    "communities.change_employment",
    (is_methodist | is_operator | coordinates_work) & same_municipality,
)
rules.add_perm(
    "communities.invite_person",
    (is_operator | (is_methodist | coordinates_person & is_no_leader) & is_without_role)
    & is_without_account
    & same_municipality,
)
rules.add_perm("communities.close_account", is_operator & same_municipality)
rules.add_perm("communities.view_roles", is_methodist | is_operator)
rules.add_perm("communities.grant_role", is_operator & same_municipality)
rules.add_perm("communities.change_organization", is_methodist & same_municipality)
rules.add_perm(
    "communities.view_organization_people",
    (is_department | coordinates_organization) & same_municipality,
)
rules.add_perm("communities.change_order", is_methodist & same_municipality)
rules.add_perm("communities.change_association", is_methodist & same_municipality)
rules.add_perm(
    "communities.manage_association", (is_methodist | leads_association) & same_municipality
)
rules.add_perm("communities.join_association", is_signed_in & same_municipality)
rules.add_perm("communities.do_assignment", (is_addressee | is_methodist) & same_municipality)
rules.add_perm("communities.retry_job", is_owner)
rules.add_perm("communities.change_municipality", is_operator)
rules.add_perm("communities.change_dictionary", (is_methodist | is_operator) & same_municipality)
