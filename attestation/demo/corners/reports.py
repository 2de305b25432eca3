"""Certificates and annual reports of a neighbour, in every state."""

import datetime

from attestation import certificates, report_documents, reports
from attestation.models import AnnualReport, ExportColumnSet
from attestation.workflow import perform


def build(place):
    """One report for every step of the way to the signature and past it."""
    _certificates(place)
    _draft(place, None, place.year)
    perform(_draft(place, place.association, place.year), "submit", actor=place.leader)
    returned = _draft(place, place.association, place.past_year)
    perform(returned, "submit", actor=place.leader)
    perform(returned, "return", actor=place.methodist, comment="Добавьте выводы")
    first = _signed(place, _draft(place, None, place.past_year))
    _signed(place, reports.start_version(first, "Ошибка в тексте", actor=place.methodist))
    ExportColumnSet.objects.get_or_create(
        municipality=place.municipality,
        code="short",
        defaults={"label": "Короткая", "columns": ["person", "event"]},
    )


def _certificates(place):
    """One for everybody the closed event has proof about; one annulled, one replaced."""
    issued = certificates.issue_for_event(place.events[2], actor=place.leader)
    certificates.annul(issued[-1], actor=place.methodist, reason="Ошибка в имени")
    certificates.reissue(issued[-2], actor=place.methodist, reason="Новая фамилия")


def _draft(place, association, year):
    author = place.leader if association else place.methodist
    report = reports.open_draft(place.municipality, year, association, actor=author)
    report = reports.build(report, actor=author)
    values = {
        "heading": "Руководителям РМО",
        "addressees": ["leaders"],
        "text": "Продолжить работу",
        "due_on": datetime.date(year.start + 1, 9, 1),
    }
    report = reports.save_proposal(report, None, values, actor=author, edition=report.edition)
    code = "members.people" if association else "organizations.school"
    return reports.set_figure(
        report,
        code,
        report.figures[code] + 1,
        "В портал ещё не внесено",
        actor=author,
        edition=report.edition,
    )


def _signed(place, report):
    """Signed on the day the year's papers are due; both papers are there at once."""
    at = datetime.datetime(report.school_year.start + 1, 6, 25, 9, tzinfo=datetime.UTC)
    at = min(at, place.now)
    perform(report, "submit", actor=place.methodist, at=at)
    report = perform(report, "approve", actor=place.head, at=at)
    AnnualReport.objects.filter(pk=report.pk).update(**report_documents.keep(report))
    return report
