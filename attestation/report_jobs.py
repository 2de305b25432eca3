"""Long work on reports: computing one or all of a year, and making the kept papers."""

from django.db import transaction
from django.utils.translation import gettext as _

from attestation import report_assignments, report_documents, report_letters, reports
from attestation.models import AnnualReport
from communities.jobs import JobError, enqueue, job


def _load(pk):
    rows = AnnualReport.objects.select_related("municipality", "school_year", "association__kind")
    return rows.get(pk=pk)


@job("attestation.build_report")
def build_report(run, report):
    """Compute one report: outside of any transaction, then stored whole or not at all."""
    row = _load(report)
    values = reports.computed(
        row, step=lambda done, total: run.step(_("Counting figures"), done, total)
    )
    with run.finish() as result:
        try:
            row = reports.store(row, values, actor=run.row.owner)
        except reports.ReportError as error:
            raise JobError(str(error)) from error
        result.update(url=row.get_absolute_url(), text=_("Open the report"))


@job("attestation.build_reports")
def build_reports(run, reports_to_build, address):
    """Compute several reports one after another; those handed in meanwhile are left alone."""
    total = len(reports_to_build)
    for done, pk in enumerate(reports_to_build):
        run.step(_("Counting participations of associations"), done, total)
        row = _load(pk)
        if row.state in reports.EDITABLE:
            values = reports.computed(row)
            with transaction.atomic():
                run.step(_("Counting participations of associations"), done, total)
                _store_if_open(row, values, run.row.owner)
    with run.finish() as result:
        result.update(url=address, text=_("Open the reports of the year"))


def _store_if_open(row, values, actor):
    try:
        reports.store(row, values, actor=actor)
    except reports.ReportError:
        return  # handed in between the look and the lock: what was handed in stays


@job("attestation.render_report")
def render_report(run, report):
    """Make PDF and DOCX of a signed report from its sealed text, and seal the hashes of both.

    The letters about its assignments go out here too: the signature does not wait for them.
    """
    row = AnnualReport.objects.select_related("municipality", "seal").get(pk=report)
    run.step(_("Making the papers"))
    files = report_documents.made(row)
    with run.finish() as result:
        names = report_documents.seal(row, files, actor=run.row.owner)
        AnnualReport.objects.filter(pk=row.pk).update(**names)
        if not report_letters.is_old(row.decisions.get(action="approve")):
            report_assignments.announce(row)
        result.update(url=row.get_absolute_url(), text=_("Open the report"))


def request_papers(report, *, actor):
    """Queue the making of the papers of a signed report."""
    return enqueue(
        "attestation.render_report",
        owner=actor,
        municipality=report.municipality,
        title=_("Papers of the report: %(title)s") % {"title": report.short_title},
        key=f"report:{report.pk}",
        report=report.pk,
    )
