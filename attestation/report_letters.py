"""Letters about reports: to whoever is next, and the head of the chain to both signers."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities import mail
from communities.models import Membership, Role, RoleGrant, User


def address_of(report):
    return f"{settings.SITE_URL}{report.get_absolute_url()}"


def people_with(role, municipality):
    """Who holds a role today and can sign in."""
    grants = RoleGrant.objects.in_force(municipality.today()).filter(
        municipality=municipality, role=role
    )
    return User.objects.filter(pk__in=grants.values("person"), is_active=True)


def approvers(report):
    """Methodists approve reports of associations, the head the municipal one; no own papers."""
    role = Role.METHODIST if report.association_id else Role.HEAD
    return people_with(role, report.municipality).exclude(pk=report.author_id)


def writers(report):
    """Who writes the report: leaders and secretaries of the association, or methodists."""
    if not report.association_id:
        return people_with(Role.METHODIST, report.municipality)
    terms = report.association.memberships.in_force(report.municipality.today())
    led = terms.exclude(role=Membership.Role.MEMBER)
    return User.objects.filter(pk__in=led.values("person"), is_active=True)


def is_old(decision):
    """A paper signed earlier and entered now: nobody is written to about it."""
    return decision.decided_at < timezone.now() - datetime.timedelta(days=1)


def _post(report, decision, person, subject, body):
    if is_old(decision):
        return
    mail.post(f"report:{report.pk}:{decision.pk}:{person.pk}", person, subject, body)


def handed_in(report, decision, number_of_findings):
    subject = _("The report for %(year)s waits for your signature") % {"year": report.school_year}
    if number_of_findings:
        subject += ", " + ngettext("%(n)s finding", "%(n)s findings", number_of_findings) % {
            "n": number_of_findings
        }
    body = _("%(name)s sent for approval:\n%(title)s\n\nRead and sign: %(url)s") % {
        "name": decision.actor.full_name,
        "title": report.title,
        "url": address_of(report),
    }
    for person in approvers(report):
        _post(report, decision, person, subject, body)


def returned(report, decision):
    if report.author is None:
        return
    subject = _("The report for %(year)s is returned") % {"year": report.school_year}
    body = _("%(title)s\n\n%(name)s: %(comment)s\n\nOpen the report: %(url)s") % {
        "title": report.title,
        "name": decision.actor.full_name,
        "comment": decision.comment,
        "url": address_of(report),
    }
    _post(report, decision, report.author, subject, body)


def signed(report, decision):
    """The head of the chain leaves the installation: whoever cuts the chain will be seen."""
    seal = report.seal
    subject = _("The report for %(year)s is signed") % {"year": report.school_year}
    body = _(
        "%(title)s\n\nSigned by %(name)s.\nCode of the paper: %(code)s\n"
        "Place in the chain of the municipality: %(number)s\n"
        "Head of the chain: %(head)s\n\n"
        "Keep this letter: the head proves that no paper was removed or changed.\n%(url)s"
    ) % {
        "title": report.title,
        "name": decision.actor.full_name,
        "code": seal.code,
        "number": seal.number,
        "head": seal.chain_hash,
        "url": address_of(report),
    }
    for person in {report.author, decision.actor} - {None}:
        _post(report, decision, person, subject, body)
