"""Proposals of a signed report become assignments, each given out once."""

import hashlib

from django.utils.translation import gettext as _

from attestation.indicators import Scope
from attestation.indicators.who import associations, educational_organizations
from attestation.models import Proposal
from communities import assignments, audit
from communities.models import Assignment, Membership

Addressee = Proposal.Addressee


def give_out(report, *, actor):
    """Make the assignments of every proposal; one already given out only gets its new date."""
    rows = [row for one in report.proposals.all() for row in _of_proposal(report, one, actor)]
    Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    for one in report.proposals.all():
        given = Assignment.objects.open().filter(
            municipality=report.municipality, source_key__startswith=key_of(report, one)
        )
        given.exclude(due_on=one.due_on).update(due_on=one.due_on)
    if rows:
        audit.record("report.assignments", report, actor=actor, number=len(rows))


def announce(report):
    """Write to everybody the proposals of a report are for; each person gets a letter once."""
    for one in report.proposals.all():
        given = Assignment.objects.filter(
            municipality=report.municipality, source_key__startswith=key_of(report, one)
        )
        for row in given.select_related("municipality", "association"):
            assignments.announce(row)


def key_of(report, proposal):
    """The year, whose report, and which words: a new version repeats no assignment."""
    words = hashlib.sha256(f"{proposal.heading}\n{proposal.text}".encode()).hexdigest()[:16]
    return f"report:{report.school_year.start}:{report.association_id or 0}:{words}"


def _of_proposal(report, proposal, actor):
    for code in proposal.addressees:
        for target, who in TARGETS[code](report):
            yield Assignment(
                municipality=report.municipality,
                text=proposal.text,
                addressee=proposal.heading,
                due_on=proposal.due_on,
                source_key=f"{key_of(report, proposal)}:{target}",
                source_title=_source_of(report),
                source_url=report.get_absolute_url(),
                created_by=actor,
                **who,
            )


def _source_of(report):
    """«Отчёт за 2025/26»: what the rows of assignments say of where they come from."""
    words = {"year": report.school_year, "name": report.association}
    if report.association_id:
        return _("Report for %(year)s: %(name)s") % words
    return _("Report for %(year)s") % words


def _office(report):
    yield "office", {}


def _leaders(report):
    """Each association that has somebody to lead it."""
    scope = Scope.of(report, report.municipality.today())
    led = Membership.objects.in_force(scope.counted_on).filter(role=Membership.Role.LEADER)
    rows = associations(scope).filter(pk__in=led.values("association"))
    rows = rows.filter(pk=report.association_id) if report.association_id else rows
    for pk in rows.values_list("pk", flat=True):
        yield f"a{pk}", {"association_id": pk}


def _organizations(report):
    scope = Scope.of(report, report.municipality.today())
    for pk in educational_organizations(scope).values_list("pk", flat=True):
        yield f"o{pk}", {"organization_id": pk}


TARGETS = {
    Addressee.OFFICE: _office,
    Addressee.LEADERS: _leaders,
    Addressee.ORGANIZATIONS: _organizations,
}
