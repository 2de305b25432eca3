"""Reading annual reports: by year, and one as a sheet with its findings and next step."""

import datetime

from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from attestation import findings, paper, sheet, workflow
from attestation.models import AnnualReport
from communities.access import can, require
from communities.models import Association, Job
from communities.school_year import parse_slug
from events.models import SchoolYear
from network_portal.formats import day_near, short_name
from network_portal.htmx import render_page
from network_portal.paging import page_of

State = AnnualReport.State
TONES = {
    State.DRAFT: "",
    State.SUBMITTED: "wait",
    State.RETURNED: "bad",
    State.APPROVED: "ok",
    State.REPLACED: "",
}


def visible(request):
    """Reports this reader may open, without the long lists of evidence."""
    rows = AnnualReport.objects.visible_to(request.user).defer("evidence")
    return rows.select_related(
        "municipality", "school_year", "association__kind", "author__municipality", "seal"
    )


def start_of(slug):
    """The first calendar year of `2020-21`; -1, which no row has, for what is no school year."""
    return parse_slug(slug) or -1


def year_of(request, slug):
    """The municipality's school year of an address, else 404."""
    return get_object_or_404(SchoolYear.objects.visible_to(request.user), start=start_of(slug))


def find(request, year, association):
    """The report of an address: the version it names, else the newest this reader may open."""
    rows = visible(request).filter(school_year__start=start_of(year))
    if association:
        rows = rows.filter(association__slug=association)
    else:
        rows = rows.filter(association=None)
    version = request.GET.get("version", "")
    if version:
        rows = rows.filter(version=int(version) if version.isdecimal() and len(version) < 4 else 0)
    report = rows.order_by("-version").first()
    if report is None:
        raise Http404
    return report


@require_GET
def report_list(request):
    """Every report this reader may open, or those of one association, the newest year first."""
    require(request.user, "attestation.view_reports")
    rows = AnnualReport.objects.visible_to(request.user).for_list()
    asked = request.GET.get("association", "")
    if asked:
        rows = rows.filter(association__slug=asked)
    rows = rows.defer("evidence", "figures", "tables", "findings").exclude(state=State.REPLACED)
    page = page_of(rows, request.GET)
    context = {
        "page": page,
        "rows": [(row, TONES[row.state]) for row in page],
        "is_all": not asked,
        "years": SchoolYear.objects.visible_to(request.user).order_by("-start")[:8],
    }
    return render_page(request, "attestation/report_list.html", context, "rows")


@require_GET
def report_year(request, year):
    """The municipal report of a year, and how far those of the associations are."""
    require(request.user, "attestation.view_reports")
    school_year = year_of(request, year)
    rows = AnnualReport.objects.visible_to(request.user).filter(school_year=school_year)
    rows = rows.for_list().defer("evidence", "figures", "tables").order_by("version")
    latest = {row.association_id: row for row in rows}
    today = request.user.municipality.today()
    counted = min(school_year.ends_on, today)
    associations = Association.objects.visible_to(request.user).open_on(counted).for_list()
    shown = [one for one in associations if _has_part(request.user, one, latest)]
    context = {
        "school_year": school_year,
        "municipal": latest.get(None),
        "tone": TONES.get(latest[None].state) if None in latest else "",
        "rows": [
            (
                one,
                row := latest.get(one.pk),
                TONES.get(row.state) if row else "",
                can(request.user, "attestation.build_report", _blank(request, school_year, one)),
            )
            for one in shown
        ],
        "may_build_own": can(
            request.user, "attestation.build_report", _blank(request, school_year, None)
        ),
        "job": _live_job(f"year:{school_year.pk}", "attestation.build_reports"),
        "years": SchoolYear.objects.visible_to(request.user).order_by("-start")[:8],
    }
    return render_page(request, "attestation/report_year.html", context)


def _has_part(user, association, latest):
    return user.is_department or association.pk in user.led_association_ids | set(latest)


def _blank(request, year, association):
    return AnnualReport(
        municipality_id=request.user.municipality_id, school_year=year, association=association
    )


def _live_job(key, kind):
    return Job.objects.filter(
        kind=kind, key=key, state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).first()


@require_GET
@login_not_required
def report_review(request, year, association=None):
    """The report as a sheet: figures with their evidence, findings, and the next step."""
    report = find(request, year, association)
    prefetch_related_objects([report], "proposals")
    written = paper.of(report)
    user = request.user
    may_edit = can(user, "attestation.change_report", report)
    may_see_people = can(user, "attestation.view_evidence", report)
    links = sheet.Links(report, user.is_authenticated, may_see_people, may_edit)
    is_open = report.state not in (State.APPROVED, State.REPLACED)
    found = findings.of(report, written) if is_open else []
    is_told = user.is_authenticated and report.state != State.DRAFT
    decisions = list(report.decisions.all()) if is_told else []
    arrows = workflow.available(report, user)
    blocking = [one for one in found if one["blocking"]]
    context = {
        "report": report,
        "paper": written,
        "approval": _approval(report, written),
        "clauses": sheet.clauses(written, links),
        "figures": sheet.figures(written, links) if user.is_authenticated else [],
        "may_edit": may_edit,
        "findings": found if user.is_authenticated else [],
        "passed": findings.number_of_checks() - len({one["code"] for one in found}),
        "blocking": blocking,
        "steps": _steps(report, decisions, len(found)),
        "returned": next((d for d in reversed(decisions) if d.action == "return"), None)
        if report.state == State.RETURNED
        else None,
        "arrows": [a for a in arrows if not (a.code == "submit" and _is_held(report, blocking))],
        "versions": visible(request)
        .filter(school_year=report.school_year, association=report.association)
        .order_by("-version")
        .values_list("version", "state", "version_reason"),
        "job": _live_job(f"report:{report.pk}", "attestation.build_report") if is_open else None,
        "faults": [] if is_open else [FAULTS[code] for code in paper.integrity(report)],
        "may_replace": report.state == State.APPROVED
        and can(user, "attestation.replace_report", report),
        "may_build": is_open and can(user, "attestation.build_report", report),
    }
    return render_page(request, "attestation/report_review.html", context)


FAULTS = {
    "text": gettext_lazy("The signed text does not match its hash."),
    "hash": gettext_lazy("The place in the chain of papers has been changed."),
    "signature": gettext_lazy("The signature of the portal is not genuine."),
    "seal": gettext_lazy("The seal belongs to another paper."),
    "state": gettext_lazy("The state in the database differs from the one in the chain of papers."),
    "row": gettext_lazy("The figures in the database differ from the signed ones."),
    "files": gettext_lazy("The record of the PDF and the DOCX in the chain has been changed."),
    "file_pdf": gettext_lazy("The PDF is missing or has been changed."),
    "file_docx": gettext_lazy("The DOCX is missing or has been changed."),
}


def _is_held(report, blocking):
    return report.built_at is None or bool(blocking)


def _approval(report, written):
    """The mark at the head of the sheet: signed, or waiting for the head's name."""
    mark = written.get("approval")
    if mark:
        day, month, year = map(int, mark["date"].split("."))
        return mark | {"date": datetime.date(year, month, day)}
    if report.association_id:
        return None
    place = report.municipality
    return paper.mark_of(place) | {"post": place.head_post, "name": place.head_name, "date": None}


def _steps(report, decisions, number_of_findings):
    """Built, checked, on approval, signed: which is done, with whom and when."""
    reached = STEP_OF[report.state] if report.built_at else 0
    built = day_near(report.built_at) if report.built_at else _("not built yet")
    states = ["done" if n < reached else "now" if n == reached else "" for n in range(4)]
    if report.state == State.RETURNED:
        states[1] = "back"
    notes = [
        built,
        _findings_left(number_of_findings) if reached == 1 else "",
        _who(decisions, "submit") if reached == 2 else "",
        _who(decisions, "approve") if reached == 4 else _("publication on the portal"),
    ]
    names = (_("Built"), _("Check"), _("Approval"), _("Signed"))
    return list(zip(names, notes, states, strict=True))


def _findings_left(count):
    return ngettext("%(n)s finding", "%(n)s findings", count) % {"n": count}


def _who(decisions, action):
    """Who walked this arrow last, and when."""
    last = next((one for one in reversed(decisions) if one.action == action), None)
    return f"{day_near(last.decided_at)}, {short_name(last.actor_name)}" if last else ""


STEP_OF = {
    State.DRAFT: 1,
    State.RETURNED: 1,
    State.SUBMITTED: 2,
    State.APPROVED: 4,
    State.REPLACED: 4,
}
