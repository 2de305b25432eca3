"""Writing a report: nobody overwrites anybody, and a build keeps what people wrote."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from attestation import deadlines, paper, report_jobs, reports, workflow
from attestation.models import AnnualReport
from communities import jobs
from communities.models import Job
from tests.attestation import core
from tests.factories import AssociationFactory, OrganizationFactory, a_school_year


def text_of(report, section="effect"):
    return report.texts.get(section=section).text


def test_second_save_over_an_old_edition_is_refused(report, people):
    opened = {"edition": report.edition, "base": reports.base_of(text_of(report))}
    reports.save_text(report, "effect", "Первый", actor=people.methodist, **opened)
    with pytest.raises(reports.EditConflict) as conflict:
        reports.save_text(report, "effect", "Второй", actor=people.methodist, **opened)
    assert conflict.value.theirs == "Первый"
    assert text_of(report) == "Первый"


def test_two_sections_do_not_hinder_each_other(report, people):
    base = reports.base_of(text_of(report, "goals"))
    edition = report.edition
    reports.save_text(report, "effect", "Первый", actor=people.methodist, edition=edition)
    reports.save_text(report, "goals", "Второй", actor=people.methodist, edition=edition, base=base)
    assert (text_of(report), text_of(report, "goals")) == ("Первый", "Второй")


def test_build_keeps_texts_corrections_and_proposals(report, people):
    edition = report.edition
    reports.save_text(report, "effect", "Своё", actor=people.methodist, edition=edition)
    reports.set_figure(
        report, "organizations.school", 7, "Так", actor=people.methodist, edition=edition + 1
    )
    report.proposals.create(heading="Всем", addressees=["office"], text="Работать")
    OrganizationFactory(municipality=people.municipality)
    again = reports.build(report, actor=people.methodist)
    assert text_of(again) == "Своё"
    figure = paper.of(again)["figures"]["organizations.school"]
    assert (figure["computed"], figure["value"]) == (2, 7)
    assert again.proposals.count() == 1


def test_reset_brings_the_computed_figure_back(report, people):
    reports.set_figure(
        report, "organizations.school", 7, "Так", actor=people.methodist, edition=report.edition
    )
    reports.reset_figure(report, "organizations.school", actor=people.methodist)
    assert paper.of(report)["figures"]["organizations.school"]["value"] == 1


def test_percent_is_not_corrected_itself(report, people):
    with pytest.raises(reports.ReportError):
        reports.set_figure(
            report, "teachers.coverage", 7, "Так", actor=people.methodist, edition=report.edition
        )


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_handed_in_report_is_neither_written_nor_built(state, report, people):
    workflow.perform(report, "submit", actor=people.methodist)
    if state == "approved":
        workflow.perform(report, "approve", actor=people.head)
    with pytest.raises(PermissionDenied):
        reports.save_text(report, "effect", "Поздно", actor=people.methodist, edition=9)
    with pytest.raises(reports.ReportError):
        reports.build(report, actor=people.methodist)


# Jobs


def run_build(report, people):
    row = reports.request_build(report, actor=people.methodist)
    jobs.run(row.pk)
    row.refresh_from_db()
    return row


def test_build_job_computes_and_links_the_report(report, people):
    year = a_school_year(people.municipality, report.school_year.start + 1)
    draft = reports.open_draft(people.municipality, year, actor=people.methodist)
    row = run_build(draft, people)
    draft.refresh_from_db()
    assert (row.state, row.result["url"]) == ("done", draft.get_absolute_url())
    assert draft.figures["organizations.school"] == 1
    assert draft.counted_on == min(year.ends_on, people.municipality.today())


def test_two_requests_are_one_job(report, people):
    first = reports.request_build(report, actor=people.methodist)
    assert reports.request_build(report, actor=people.methodist) == first


def test_build_that_runs_twice_changes_nothing(report, people):
    first = reports.request_build(report, actor=people.methodist)
    jobs.run(first.pk)
    before = AnnualReport.objects.values("figures", "tables", "findings", "evidence").get()
    jobs.run(first.pk)
    run_build(report, people)
    assert AnnualReport.objects.values("figures", "tables", "findings", "evidence").get() == before


def test_killed_build_leaves_nothing_half_done(people, monkeypatch):
    year = a_school_year(people.municipality, 2019)
    draft = reports.open_draft(people.municipality, year, actor=people.methodist)
    row = reports.request_build(draft, actor=people.methodist)

    class Killed(BaseException):
        pass

    def die(report, values, *, actor):
        AnnualReport.objects.filter(pk=report.pk).update(figures={"half": 1})
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(reports, "store", die)
        with pytest.raises(Killed):
            jobs.run(row.pk)
    draft.refresh_from_db()
    assert (draft.figures, draft.built_at) == ({}, None)
    Job.objects.update(heartbeat_at=core.SIGNED_AT)  # the worker has been silent for long
    jobs.run(row.pk)
    draft.refresh_from_db()
    assert draft.figures["organizations.school"] == 1
    assert AnnualReport.objects.count() == 2  # with the one that stood there


def test_build_overtaken_by_handing_in_says_so(report, people):
    row = reports.request_build(report, actor=people.methodist)
    workflow.perform(report, "submit", actor=people.methodist)
    edition = report.edition
    jobs.run(row.pk)
    row.refresh_from_db()
    report.refresh_from_db()
    assert (row.state, report.edition) == ("failed", edition)


def test_building_all_drafts_each_association_once(people):
    AssociationFactory(municipality=people.municipality)
    AssociationFactory(municipality=people.municipality, closed_on=core.ORDER_DAY)
    year = a_school_year(people.municipality)
    for _n in range(2):
        row = deadlines.draft_all(people.municipality, year, actor=people.methodist, rebuild=True)
        jobs.run(row.pk)
        row.refresh_from_db()
        assert row.state == "done"
    assert AnnualReport.objects.count() == 3
    assert not AnnualReport.objects.filter(built_at=None).exists()


def test_building_all_leaves_handed_in_reports_alone(report, people):
    workflow.perform(report, "submit", actor=people.methodist)
    before = AnnualReport.objects.values("figures", "edition", "built_at").get(pk=report.pk)
    row = deadlines.draft_all(
        people.municipality, report.school_year, actor=people.methodist, rebuild=True
    )
    jobs.run(row.pk)
    assert AnnualReport.objects.values(*before).get(pk=report.pk) == before


def test_job_kinds_are_registered():
    kinds = {"attestation.build_report", "attestation.build_reports", "attestation.render_report"}
    assert kinds <= set(jobs.REGISTRY)
    assert report_jobs.build_report is jobs.REGISTRY["attestation.build_report"]


def test_deadline_another_has_moved_is_not_moved_back_unseen(report, people):
    old, new = datetime.date(2021, 9, 1), datetime.date(2021, 10, 1)
    row = report.proposals.create(heading="Всем", addressees=["office"], text="Дело", due_on=old)
    mine = reports.proposal_values(row)
    opened = {
        "edition": report.edition,
        "base": reports.base_of(reports.proposal_text(mine)),
    }
    theirs = mine | {"due_on": new}
    reports.save_proposal(report, row, theirs, actor=people.methodist, **opened)
    with pytest.raises(reports.EditConflict, match=r"01\.10\.2021"):
        reports.save_proposal(report, row, mine, actor=people.methodist, **opened)
    row.refresh_from_db()
    assert row.due_on == new
