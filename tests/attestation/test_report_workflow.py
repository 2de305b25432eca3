"""The sign-off: only the drawn arrows exist, and what is signed stays as it was signed."""

import itertools
import random
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

import communities.workflow
from attestation import paper, reports, workflow
from attestation.models import AnnualReport, Decision
from communities import seals
from communities.models import Assignment, AuditEntry, Letter, Seal
from communities.workflow import TransitionError
from tests.attestation import core
from tests.conftest import People
from tests.factories import a_built_report, a_school_year

State = AnnualReport.State
ARROWS = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "withdraw"): "draft",
    ("submitted", "return"): "returned",
    ("submitted", "approve"): "approved",
}
WALKER = {"submit": "methodist", "withdraw": "methodist", "return": "head", "approve": "head"}


def brought_to(state, report, people):
    """The report in a state, reached by its own arrows."""
    if state != "draft":
        report = workflow.perform(report, "submit", actor=people.methodist)
    if state == "returned":
        report = workflow.perform(report, "return", actor=people.head, comment="Поправьте")
    if state in ("approved", "replaced"):
        report = workflow.perform(report, "approve", actor=people.head)
    if state == "replaced":
        draft = reports.start_version(report, "Ошибка", actor=people.methodist)
        core.sign(draft, people)
    return AnnualReport.objects.get(pk=report.pk)


@pytest.mark.parametrize("state", State.values)
def test_only_drawn_arrows_exist(state, people):
    pk = brought_to(state, a_built_report(people), people).pk
    for action in WALKER:
        with transaction.atomic():
            check_arrow(AnnualReport.objects.get(pk=pk), action, people)
            transaction.set_rollback(True)


def check_arrow(report, action, people):
    """Offered and walked if it is drawn, else neither."""
    state, actor = report.state, getattr(people, WALKER[action])
    offered = {arrow.code for arrow in workflow.available(report, actor)}
    assert (action in offered) == ((state, action) in ARROWS), action
    if (state, action) in ARROWS:
        done = workflow.perform(report, action, actor=actor, comment="Поправьте")
        assert done.state == ARROWS[state, action], action
    else:
        with pytest.raises(TransitionError):
            workflow.perform(report, action, actor=actor, comment="Поправьте")
        assert AnnualReport.objects.get(pk=report.pk).state == state, action


@pytest.mark.parametrize("action", WALKER)
def test_others_walk_no_arrow_of_the_municipal_report(action, people):
    state = next(source for source, name in ARROWS if name == action)
    report = brought_to(state, a_built_report(people), people)
    for role in ("teacher", "leader", "coordinator", "operator", "neighbour"):
        with pytest.raises(PermissionDenied):
            workflow.perform(report, action, actor=getattr(people, role), comment="Так")
        assert AnnualReport.objects.get(pk=report.pk).state == state, role


def test_nobody_signs_what_they_handed_in(people):
    report = a_built_report(people, people.association)
    people.association.memberships.update(person=people.methodist)
    people.methodist.__dict__.pop("_rights", None)
    report = workflow.perform(report, "submit", actor=people.methodist)
    with pytest.raises(PermissionDenied):
        workflow.perform(report, "approve", actor=people.methodist)


def test_return_asks_for_a_comment(people):
    report = brought_to("submitted", a_built_report(people), people)
    with pytest.raises(TransitionError):
        workflow.perform(report, "return", actor=people.head, comment=" ")


def test_empty_report_is_not_handed_in(people):
    year = a_school_year(people.municipality)
    report = reports.open_draft(people.municipality, year, actor=people.methodist)
    with pytest.raises(TransitionError):
        workflow.perform(report, "submit", actor=people.methodist)


def test_report_nobody_may_sign_is_not_handed_in(people):
    people.head.role_grants.update(ends_on=core.ORDER_DAY)
    report = a_built_report(people)
    with pytest.raises(TransitionError):
        workflow.perform(report, "submit", actor=people.methodist)


def test_number_by_hand_over_no_rows_keeps_the_report_back(people):
    report = a_built_report(people)
    reports.save_text(
        report,
        "effect",
        "Бесед {online_communities.chat}.",
        actor=people.methodist,
        edition=report.edition,
    )
    reports.set_figure(
        report,
        "online_communities.chat",
        3,
        "Знаем точно",
        actor=people.methodist,
        edition=report.edition + 1,
    )
    with pytest.raises(TransitionError):
        workflow.perform(report, "submit", actor=people.methodist)


def test_signing_freezes_everything_with_one_seal(people):
    seals.seal("minutes", people.association, {"number": 1}, actor=people.head)
    before = seals.head(people.municipality)
    report = core.sign(a_built_report(people), people)
    told = paper.of(report)
    assert told["figures"]["organizations.school"]["value"] == 1
    assert told["evidence"]["organizations.school"]["rows"] == 1
    assert [one["action"] for one in told["decisions"]] == ["submit", "approve"]
    assert told["approval"]["name"] == people.head.signature
    assert told["chain_before"] == {"number": before.number, "hash": before.chain_hash}
    assert seals.verify_municipality(people.municipality) == []
    assert paper.integrity(report) == []


def test_head_of_the_chain_goes_to_author_and_head(people):
    report = core.sign(a_built_report(people), people)
    letters = Letter.objects.filter(body__contains=report.seal.chain_hash)
    assert {letter.person for letter in letters} == {people.methodist, people.head}


def test_letter_leads_the_head_to_the_signature(people):
    report = brought_to("submitted", a_built_report(people), people)
    letter = Letter.objects.get(person=people.head)
    assert report.get_absolute_url() in letter.body


def test_people_changes_do_not_reach_a_signed_report(people):
    report = core.sign(a_built_report(people), people)
    people.head.last_name = "Новая"
    people.head.save()
    assert paper.of(AnnualReport.objects.get(pk=report.pk))["approval"]["name"].endswith("Орлова")


def test_new_version_replaces_the_old_one_at_its_signing(people):
    old = core.sign(a_built_report(people), people)
    old_seal = old.seal.payload
    draft = reports.start_version(old, "Ошибка в тексте", actor=people.methodist)
    assert (draft.version, draft.state, draft.replaces_id) == (2, "draft", old.pk)
    assert AnnualReport.objects.get(pk=old.pk).state == "approved"
    new = core.sign(draft, people)
    old = AnnualReport.objects.get(pk=old.pk)
    assert (old.state, old.seal.payload) == ("replaced", old_seal)
    assert paper.of(new)["replaces"] == old.seal.code
    assert paper.of(new)["version_reason"] == "Ошибка в тексте"


def test_second_new_version_is_refused(people):
    old = core.sign(a_built_report(people), people)
    reports.start_version(old, "Ошибка", actor=people.methodist)
    with pytest.raises(reports.ReportError):
        reports.start_version(old, "Ещё одна", actor=people.methodist)


def test_new_version_repeats_no_assignment(people):
    report = a_built_report(people)
    report.proposals.create(heading="Руководителям", addressees=["leaders"], text="Работать")
    signed = core.sign(report, people)
    row = Assignment.objects.get()
    assert row.source_title == f"Отчёт за {report.school_year}"
    assert (row.addressee, row.asked) == ("Руководителям", people.association.name)
    core.sign(reports.start_version(signed, "Ошибка", actor=people.methodist), people)
    assert Assignment.objects.count() == 1


def test_next_year_counts_what_became_of_the_proposals(people):
    year = a_school_year(people.municipality)
    last = a_school_year(people.municipality, year.start - 1)
    report = reports.open_draft(people.municipality, last, actor=people.methodist)
    report.proposals.create(heading="Всем", addressees=["leaders", "office"], text="Работать")
    core.sign(reports.build(report, actor=people.methodist), people)
    Assignment.objects.filter(association=None).update(state="done", done_at=core.SIGNED_AT)
    figures = a_built_report(people).figures
    assert (figures["assignments.last_year"], figures["assignments.done"]) == (2, 1)


# Races


@pytest.fixture
def cast(transactional_db):
    return People()


def in_threads(count, work):
    """Outcomes of `work` called at once in threads, each with a connection of its own."""
    outcomes, start = [], threading.Barrier(count)

    def one():
        start.wait()
        try:
            outcomes.append(work() and "done")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _n in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(outcomes)


def test_twenty_signatures_at_once_are_one(cast):
    report = brought_to("submitted", a_built_report(cast), cast)
    head = cast.head
    outcomes = in_threads(20, lambda: workflow.perform(report, "approve", actor=head))
    assert outcomes == ["TransitionError"] * 19 + ["done"]
    assert Decision.objects.filter(report=report, action="approve").count() == 1
    assert Seal.objects.filter(kind="report").count() == 1
    assert AuditEntry.objects.filter(action="report.approve").count() == 1
    assert seals.verify_municipality(cast.municipality) == []


def test_without_the_lock_the_race_shows(cast, monkeypatch):
    """The control: both readers see the report waiting, and only the database stops one."""
    report = brought_to("submitted", a_built_report(cast), cast)
    both_have_read = threading.Barrier(2)
    monkeypatch.setattr(
        "django.db.models.query.QuerySet.select_for_update", lambda rows, **options: rows
    )
    monkeypatch.setattr(communities.workflow, "require", lambda *args: both_have_read.wait())
    head = cast.head
    outcomes = in_threads(2, lambda: workflow.perform(report, "approve", actor=head))
    assert outcomes == [IntegrityError.__name__, "done"]


# A random walk


def invariants(report, seen):
    """What must hold of a report after any step; `seen` remembers what was signed."""
    decisions = list(report.decisions.all())
    approvals = [one for one in decisions if one.action == "approve"]
    signed = report.state in ("approved", "replaced")
    yield "sealed exactly when signed", signed == (report.seal_id is not None)
    yield "one signature at most", len(approvals) <= 1
    yield "signed by a decision", signed == (len(approvals) == 1)
    yield "the author does not sign", all(one.actor_id != report.author_id for one in approvals)
    yield (
        "decisions follow each other",
        all(before.target == after.source for before, after in itertools.pairwise(decisions)),
    )
    yield (
        "the state is the last decision's",
        report.state == "replaced"
        or report.state == (decisions[-1].target if decisions else "draft"),
    )
    yield "a return says why", all(one.comment for one in decisions if one.action == "return")
    yield (
        "the journal has every step",
        AuditEntry.objects.filter(
            object_id=str(report.pk), action__in=[f"report.{name}" for name in WALKER]
        ).count()
        == len(decisions),
    )
    if signed:
        text = seen.setdefault(report.pk, report.seal.payload)
        yield "the signed text stays", report.seal.payload == text
        yield "nothing differs from it", paper.integrity(report) == []
    yield (
        "one open report at most",
        AnnualReport.objects.filter(
            school_year=report.school_year,
            association=None,
            state__in=["draft", "submitted", "returned"],
        ).count()
        <= 1,
    )


def test_random_walk_breaks_no_rule(people):
    chance = random.Random(20210625)
    report, seen, steps = a_built_report(people), {}, 0
    roles = ("teacher", "leader", "coordinator", "methodist", "head", "operator", "neighbour")
    moves = (*WALKER, "text", "figure", "version")
    for _n in range(250):
        actor = getattr(people, chance.choice([*roles, *["methodist", "head"] * 6]))
        report, moved = step(report, chance.choice(moves), actor, chance)
        steps += moved
        broken = [name for name, holds in invariants(report, seen) if not holds]
        assert broken == []
    assert steps > 20  # the walk has really gone somewhere
    assert len(seen) > 1
    assert seals.verify_municipality(people.municipality) == []


def step(report, move, actor, chance):
    """Try one move; the latest version and whether anything happened."""
    try:
        if move == "text":
            reports.save_text(
                report, "effect", f"Правка {chance.random()}", actor=actor, edition=report.edition
            )
        elif move == "figure":
            reports.set_figure(
                report,
                "organizations.school",
                chance.randrange(9),
                "Причина",
                actor=actor,
                edition=report.edition,
            )
        elif move == "version":
            report = reports.start_version(report, "Ошибка", actor=actor)
        else:
            comment = chance.choice(["", "Поправьте"])
            workflow.perform(report, move, actor=actor, comment=comment)
    except (PermissionDenied, TransitionError, reports.ReportError):
        return AnnualReport.objects.get(pk=report.pk), False
    return AnnualReport.objects.get(pk=report.pk), True
