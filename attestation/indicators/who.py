"""Sources over organizations, associations, communities outside and people."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from attestation.indicators.registry import source
from attestation.indicators.when import participation_rows
from communities.models import (
    Assignment,
    Association,
    Employment,
    Membership,
    OnlineCommunity,
    Organization,
    User,
)
from network_portal.formats import day_year

PERSON = (_("Person"),)


def show_person(person):
    return "", [person.full_name]


def show_organization(organization):
    kind = organization.kind.label
    return organization.get_absolute_url(), [organization.short_name, kind]


def such_organizations(scope, kind=None, internet=None):
    """Those of one kind, else educational ones; with access to the internet or without."""
    fits = Q(kind__code=kind) if kind else Q(kind__is_educational=True)
    return fits if internet is None else fits & Q(has_internet=internet)


@source(
    "organizations",
    narrow=such_organizations,
    columns=(_("Organization"), _("Kind")),
    show=show_organization,
    related=["kind"],
)
def organizations(scope):
    """Organizations at work on the day."""
    rows = Organization.objects.filter(municipality=scope.municipality)
    return rows.active_on(scope.counted_on).for_list()


def educational_organizations(scope):
    return organizations(scope).filter(such_organizations(scope))


@source(
    "organizations_covered",
    columns=(_("Organization"), _("Kind")),
    show=show_organization,
    related=["kind"],
)
def organizations_covered(scope):
    """Educational organizations somebody of which took part in at least one event."""
    covered = participation_rows(scope).values("organization")
    return educational_organizations(scope).filter(pk__in=covered)


def of_kind(scope, kind=None):
    return Q(kind__code=kind) if kind else Q()


@source(
    "associations",
    narrow=of_kind,
    columns=(_("Association"), _("Kind"), _("Since")),
    show=lambda row: (
        row.get_absolute_url(),
        [row.name, row.kind.label, day_year(row.opened_on) if row.opened_on else ""],
    ),
    related=["kind"],
)
def associations(scope):
    """Associations open on the day."""
    rows = Association.objects.filter(municipality=scope.municipality)
    return rows.open_on(scope.counted_on).for_list()


def such_communities(scope, openness=None, level="municipal"):
    return Q(level=level, openness=openness) if openness else Q(level=level)


@source(
    "online_communities",
    narrow=such_communities,
    columns=(_("Online community"), _("Network"), _("Openness")),
    show=lambda row: ("", [row.name, row.platform, row.get_openness_display()]),
)
def online_communities(scope):
    """Groups and chats outside the portal, alive on the day."""
    rows = OnlineCommunity.objects.filter(municipality=scope.municipality)
    return scope.only(rows.active_on(scope.counted_on)).order_by("openness", "name", "id")


@source("members", columns=PERSON, show=show_person, is_personal=True)
def members(scope):
    """People in the association, or in at least one; each counts once."""
    terms = Membership.objects.filter(municipality=scope.municipality, person=OuterRef("pk"))
    terms = scope.only(terms.in_force(scope.counted_on))
    return _people(scope).filter(Exists(terms))


@source("teachers", columns=PERSON, show=show_person, is_personal=True)
def teachers(scope):
    """Teachers by their main place of work in an educational organization on the day."""
    works = Employment.objects.filter(
        person=OuterRef("pk"),
        municipality=scope.municipality,
        is_main=True,
        is_teaching=True,
        organization__kind__is_educational=True,
    )
    return _people(scope).filter(Exists(works.in_force(scope.counted_on)))


@source("teachers_covered", columns=PERSON, show=show_person, is_personal=True)
def teachers_covered(scope):
    """Teachers who took part in at least one event of the year."""
    return teachers(scope).filter(pk__in=participation_rows(scope).values("person"))


@source("participants", columns=PERSON, show=show_person, is_personal=True)
def participants(scope):
    """Everybody who took part in an event of the year; each counts once."""
    return _people(scope).filter(pk__in=participation_rows(scope).values("person"))


@source("speakers", columns=PERSON, show=show_person, is_personal=True)
def speakers(scope):
    """Those who did more than listen."""
    active = participation_rows(scope).exclude(role="listener")
    return _people(scope).filter(pk__in=active.values("person"))


def in_state(scope, done=None):
    return Q() if done is None else Q(state=Assignment.State.DONE)


@source(
    "assignments",
    narrow=in_state,
    columns=(_("Assignment"), _("Addressee"), _("State")),
    show=lambda row: ("", [row.text, row.addressee, row.get_state_display()]),
)
def assignments(scope):
    """Assignments that came of last year's report."""
    owner = scope.association.pk if scope.association else 0
    prefix = f"report:{scope.school_year.start - 1}:{owner}:"
    return Assignment.objects.filter(
        municipality=scope.municipality, source_key__startswith=prefix
    ).order_by("due_on", "id")


def _people(scope):
    return User.objects.filter(municipality=scope.municipality).in_order()
