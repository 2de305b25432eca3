"""Keeping the records of people: their names, their work, the roles they are given."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from communities import audit
from communities.access import require
from communities.models import Employment, Municipality, Role, RoleGrant, User


class PersonError(Exception):
    """A refusal whose text the reader may see."""


class Namesake(PersonError):
    """There is a person with this very name."""


@transaction.atomic
def save_person(person, *, actor, changed=()):
    """Create or change a record; the journal names the fields, never their contents."""
    is_new = person.pk is None
    if is_new:
        require(actor, "communities.keep_people")
        person.set_unusable_password()
        person.is_active = False
    else:
        require(actor, "communities.change_person", person)
    # Only what was changed: the person may claim the account at this very moment.
    person.save(update_fields=None if is_new else list(changed))
    action = "person.create" if is_new else "person.change"
    audit.record(action, person, actor=actor, fields=sorted(changed))
    return person


@transaction.atomic
def save_employment(employment, *, actor, subjects=()):
    """Create or change one place of work; there is one main place at a time."""
    person = User.objects.select_for_update(of=("self",)).get(pk=employment.person_id)
    employment.municipality_id = person.municipality_id
    require(actor, "communities.change_employment", employment)
    _check_one_main(employment, person)
    is_new = employment.pk is None
    employment.save()
    employment.subjects.set(subjects)
    action = "employment.create" if is_new else "employment.change"
    audit.record(action, employment, actor=actor, person=person.pk)
    return employment


def _check_one_main(employment, person):
    if employment.kind != Employment.Kind.MAIN or employment.ends_on:
        return
    others = person.employments.filter(kind=Employment.Kind.MAIN, ends_on=None)
    other = others.exclude(pk=employment.pk).select_related("organization").first()
    if other is not None:
        raise PersonError(
            _(
                "The main place of work is already %(organization)s. "
                "Enter its last day first, or choose part-time here."
            )
            % {"organization": other.organization}
        )


@transaction.atomic
def create_person(person, employment, *, actor, subjects=(), another=False):
    """A new record together with its first place of work; a namesake only if meant (`another`).

    The lock of the municipality: of two who enter the same person, one is told.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=person.municipality_id)
    names = person.last_name, person.first_name, person.patronymic
    if not another and User.objects.visible_to(actor).namesakes(*names).exists():
        raise Namesake
    save_person(person, actor=actor)
    employment.person = person
    save_employment(employment, actor=actor, subjects=subjects)
    return person


@transaction.atomic
def grant_role(person, *, role, starts_on, actor, organization=None, ends_on=None):
    """Give a role from a day on; a coordinator's is for one organization."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require(actor, "communities.grant_role", person)
    organization = organization if role == Role.COORDINATOR else None
    same = person.role_grants.filter(role=role, organization=organization)
    if same.in_force(starts_on).exists():
        raise PersonError(_("This person already has this role on that day."))
    grant = RoleGrant.objects.create(
        municipality_id=person.municipality_id,
        person=person,
        role=role,
        organization=organization,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    audit.record("role.grant", grant, actor=actor, person=person.pk, role=role)
    return grant


@transaction.atomic
def end_role(grant, *, ends_on, actor):
    """Set the last day of a role; the last operator stays, or nobody could give roles again."""
    require(actor, "communities.grant_role", grant)
    operators = _locked_operators(grant.municipality_id)
    later = operators.in_force(ends_on + timedelta(days=1)).filter(person__is_active=True)
    if grant.role == Role.OPERATOR and not later.exclude(pk=grant.pk).exists():
        raise PersonError(_("This is the last operator. Give the role to somebody else first."))
    if ends_on < grant.starts_on:
        raise PersonError(_("The last day is before the first."))
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    audit.record("role.end", grant, actor=actor, person=grant.person_id, role=grant.role)
    return grant


def _locked_operators(municipality_id):
    """Roles of operators, in a queue: two operators may end each other at the same moment."""
    operators = RoleGrant.objects.filter(municipality_id=municipality_id, role=Role.OPERATOR)
    list(operators.select_for_update().order_by("pk"))
    return operators


@transaction.atomic
def set_account_open(person, *, is_open, actor):
    """Switch signing in off or on again; the record and its facts stay."""
    operators = _locked_operators(person.municipality_id)
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require(actor, "communities.close_account", person)
    if person.pk == actor.pk:
        raise PersonError(_("You cannot close your own account."))
    if person.is_active == is_open or not person.email:
        return person
    active = operators.in_force(person.municipality.today()).filter(person__is_active=True)
    is_last = active.filter(person=person).exists() and not active.exclude(person=person).exists()
    if not is_open and is_last:
        raise PersonError(_("This is the last operator. Give the role to somebody else first."))
    person.is_active = is_open
    person.save(update_fields=["is_active"])
    audit.record("account.open" if is_open else "account.close", person, actor=actor)
    return person
