"""What stands behind a report: rows of its figures, earlier versions, kept papers."""

import csv
import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from attestation import exports, paper, report_documents, tables
from attestation.comparison import figure_changes, text_changes
from attestation.indicators import SHARE, SOURCES, Scope, rows_behind
from attestation.indicators.when import THROUGH_THE_INTERNET
from attestation.models import AnnualReport
from attestation.tables import OUTSIDE
from attestation.views.reports import find, visible
from communities.access import can, require
from communities.models import Association
from communities.school_year import next_month, parse_month
from events.models import Event
from network_portal.formats import file_stem
from network_portal.htmx import render_page
from network_portal.paging import page_of


@require_GET
def report_evidence(request, year, code, association=None):
    """The rows a figure was counted from, as they stood when it was counted."""
    report = find(request, year, association)
    told = report.tables.get("indicators", {})
    if code not in told:
        raise Http404
    behind = rows_behind(code, told[code])
    source = SOURCES[told[behind]["source"]]
    if source.is_personal:
        require(request.user, "attestation.view_evidence", report)
    keys = _keys(request, report, behind, told[behind], source)
    scope = Scope.of(report, report.counted_on)
    if request.GET.get("format") == "csv":
        return _csv(source, scope, keys, _name_of_rows(report, told[code]["label"]))
    page = page_of(keys, request.GET)
    figure = paper.of(report)["figures"].get(code)
    context = {
        "report": report,
        "code": code,
        "label": told[code]["label"],
        "figure": figure,
        "is_share": told[code]["source"] == SHARE,
        "page": page,
        "columns": source.columns,
        "rows": source.shown(source.named(scope, list(page))),
        "may_change": can(request.user, "attestation.change_report", report)
        and told[code]["source"] != SHARE,
    }
    return render_page(request, "attestation/report_evidence.html", context, "rows")


def _keys(request, report, code, told, source):
    """Keys of the rows, or those of the part that a cell of a table counts."""
    frozen = AnnualReport.objects.filter(pk=report.pk).values_list("evidence", flat=True)
    keys = frozen.get().get(code, [])
    if not any(request.GET.get(name) for name in ("association", "month", "step")):
        return keys
    rows = source.queryset(_scope_of_part(request, report), told["params"])
    if rows.model is Event:
        rows = _of_month_and_step(request, rows, report.municipality.tz)
    own = set(rows.values_list("pk", flat=True))
    return [key for key in keys if key in own]


def _scope_of_part(request, report):
    scope, slug = Scope.of(report, report.counted_on), request.GET.get("association", "")
    if not slug or report.association_id:
        return scope
    if slug == OUTSIDE:
        return scope.outside()
    one = get_object_or_404(Association.objects.visible_to(request.user), slug=slug)
    return scope.within(one)


def _of_month_and_step(request, rows, tz):
    """Events that began in this month, face to face or through the internet."""
    if month := parse_month(request.GET.get("month")):
        first, after = (
            datetime.datetime.combine(day, datetime.time.min, tz)
            for day in (month, next_month(month))
        )
        rows = rows.filter(starts_at__gte=first, starts_at__lt=after)
    match request.GET.get("step"):
        case tables.FAR:
            rows = rows.filter(format__in=THROUGH_THE_INTERNET)
        case tables.NEAR:
            rows = rows.exclude(format__in=THROUGH_THE_INTERNET)
    return rows


def _name_of_rows(report, label):
    return _("%(label)s, %(year)s.csv") % {
        "label": file_stem(label),
        "year": report.school_year.slug,
    }


class _Echo:
    """A file that gives back what is written, so that a table can be streamed."""

    def write(self, value):
        return value


def _csv(source, scope, keys, name):
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")

    def lines():
        yield exports.BOM + writer.writerow([str(title) for title in source.columns])
        for start in range(0, len(keys), exports.CHUNK):
            part = source.named(scope, keys[start : start + exports.CHUNK])
            for _url, cells in source.shown(part):
                yield writer.writerow([exports.as_text(cell) for cell in cells])

    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return StreamingHttpResponse(lines(), "text/csv; charset=utf-8", headers=headers)


@require_GET
def report_compare(request, year, association=None):
    """What changed between two versions: figures, and texts word by word."""
    report = find(request, year, association)
    earlier = visible(request).filter(
        school_year=report.school_year, association=report.association
    )
    old = earlier.filter(version__lt=report.version).order_by("-version").first()
    if old is None:
        raise Http404
    before, after = paper.of(old), paper.of(report)
    context = {
        "report": report,
        "old": old,
        "figures": figure_changes(before, after),
        "texts": text_changes(before, after),
    }
    return render_page(request, "attestation/report_compare.html", context)


def _opened(kept):
    try:
        return kept.open("rb")
    except FileNotFoundError as error:  # the page of the report says so too
        raise Http404 from error


@require_GET
@login_not_required
def report_paper(request, pk, kind):
    """The kept PDF or DOCX of a signed report, or a project of one that is not signed."""
    report = get_object_or_404(visible(request), pk=pk)
    kept = getattr(report, kind)
    name = _name_of_paper(report, kind)
    if kept:
        return FileResponse(_opened(kept), as_attachment=True, filename=name)
    if report.seal_id:
        return redirect(report)  # its papers are being made; the page says so
    content = getattr(report_documents, kind)(report)
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, report_documents.TYPES[kind], headers=headers)


def _name_of_paper(report, kind):
    """«Отчёт 2020-21.pdf», an association's with its name."""
    words = {"year": report.school_year.slug, "kind": kind}
    if report.association is None:
        return _("Report %(year)s.%(kind)s") % words
    words["association"] = file_stem(report.association.name)
    return _("Report %(year)s, %(association)s.%(kind)s") % words
