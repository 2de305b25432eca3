"""The sign-off of reports: which arrows exist, and what happens when one is walked."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from attestation import findings, paper, report_assignments, report_jobs, report_letters
from attestation.models import AnnualReport
from communities import audit, seals
from communities.models import Municipality
from communities.workflow import Transition, TransitionError, Workflow

State = AnnualReport.State

REPORT = Workflow(
    "report",
    [
        Transition(
            "submit",
            pgettext_lazy("report action", "Send for approval"),
            frozenset({State.DRAFT, State.RETURNED}),
            State.SUBMITTED,
            "attestation.submit_report",
        ),
        Transition(
            "withdraw",
            pgettext_lazy("report action", "Withdraw"),
            frozenset({State.SUBMITTED}),
            State.DRAFT,
            "attestation.withdraw_report",
        ),
        Transition(
            "return",
            pgettext_lazy("report action", "Return for revision"),
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            "attestation.review_report",
            needs_comment=True,
        ),
        Transition(
            "approve",
            pgettext_lazy("report action", "Sign"),
            frozenset({State.SUBMITTED}),
            State.APPROVED,
            "attestation.review_report",
        ),
    ],
)

available = REPORT.available


@transaction.atomic
def perform(report, action, *, actor, edition=None, **how):
    """Walk one arrow; `edition` is the one that was read: nobody signs what they did not see."""
    if edition is not None:
        rows = AnnualReport.objects.select_for_update(of=("self",))
        if rows.values_list("edition", flat=True).get(pk=report.pk) != edition:
            raise TransitionError(_("The report has changed since you opened it: read it again."))
    return REPORT.perform(report, action, actor=actor, **how)


@REPORT.entering(State.SUBMITTED)
def hand_in(report, decision):
    """What is handed in is whole; who hands it in is its author and will not sign it."""
    if report.built_at is None:
        raise TransitionError(_("Build the report first: there are no figures in it yet."))
    report.author = decision.actor
    found = findings.of(report, paper.of(report))
    blocking = [one for one in found if one["blocking"]]
    if blocking:
        raise TransitionError(blocking[0]["text"])
    report_letters.handed_in(report, decision, len(found))
    return ["author"]


@REPORT.entering(State.RETURNED)
def hand_back(report, decision):
    report_letters.returned(report, decision)


@REPORT.entering(State.APPROVED)
def sign(report, decision):
    """Freeze the report under a seal, give out its proposals, and tell both signers.

    The municipality's row is locked first, so that the head of the chain printed in the
    paper is the link right before it.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=report.municipality_id)
    report.seal = seals.seal(
        "report",
        report,
        paper.signed(report, decision),
        actor=decision.actor,
        at=decision.decided_at,
    )
    if report.replaces_id:
        replace(report.replaces, decision, report)
    report_assignments.give_out(report, actor=decision.actor)
    report_jobs.request_papers(report, actor=decision.actor)
    report_letters.signed(report, decision)
    return ["seal"]


def replace(old, decision, new):
    """The old version stays readable under its code, and says what replaced it."""
    old.state = State.REPLACED
    old.save(update_fields=["state"])
    seals.end(
        old.seal,
        old,
        State.REPLACED,
        actor=decision.actor,
        reason=new.version_reason,
        at=decision.decided_at,
        successor=new.seal,
    )
    audit.record("report.replace", old, actor=decision.actor, decision=decision.pk)
