"""Changing annual reports: building, writing, correcting, and walking the route."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from attestation import deadlines, facts, findings, paper, reports, texts, workflow
from attestation.comparison import words_changed
from attestation.indicators import SHARE
from attestation.models import AnnualReport
from attestation.report_forms import (
    STEP_FORMS,
    FigureForm,
    ProposalForm,
    StepForm,
    TextForm,
    VersionForm,
)
from attestation.views.reports import visible, year_of
from communities.access import require
from communities.models import Association
from communities.sent_forms import keyed, once
from communities.workflow import TransitionError
from network_portal.formats import number
from network_portal.htmx import render_page

PAGE_METHODS = ["GET", "HEAD", "POST"]


def _report(request, pk):
    return get_object_or_404(visible(request), pk=pk)


def _changeable(request, pk):
    report = _report(request, pk)
    require(request.user, "attestation.change_report", report)
    return report


@require_POST
def report_build(request, year):
    """Start or repeat the computing of a report; the job page shows how far it is."""
    school_year = year_of(request, year)
    slug = request.POST.get("association", "")
    rows = Association.objects.visible_to(request.user)
    association = get_object_or_404(rows, slug=slug) if slug else None
    wanted = AnnualReport(
        municipality_id=request.user.municipality_id,
        school_year=school_year,
        association=association,
    )
    require(request.user, "attestation.build_report", wanted)
    try:
        report = reports.open_draft(
            request.user.municipality, school_year, association, actor=request.user
        )
        job = reports.request_build(report, actor=request.user)
    except reports.ReportError as error:
        messages.error(request, str(error))
        return redirect("attestation:report-year", school_year.slug)
    return redirect(job)


@require_POST
def report_build_all(request, year):
    """Draft and compute the municipal report and those of all associations."""
    school_year = year_of(request, year)
    own = AnnualReport(municipality_id=request.user.municipality_id, school_year=school_year)
    require(request.user, "attestation.build_report", own)
    place = request.user.municipality
    job = deadlines.draft_all(place, school_year, actor=request.user, rebuild=True)
    if job is None:
        messages.info(request, _("All reports of the year are handed in or signed."))
        return redirect("attestation:report-year", school_year.slug)
    return redirect(job)


def _saved(request, report, text):
    messages.success(request, text)
    return redirect(report)


def _conflict(request, report, error, mine, heading, retry):
    """Both texts side by side; nothing has been overwritten."""
    context = {
        "report": report,
        "heading": heading,
        "mine": mine,
        "theirs": error.theirs,
        "parts": words_changed(error.theirs, mine),
        "retry": retry,
    }
    return render_page(request, "attestation/report_conflict.html", context, status=409)


@require_http_methods(PAGE_METHODS)
def report_text(request, pk, section):
    """The text of one section."""
    report = _changeable(request, pk)
    row = get_object_or_404(paper.sections_of(report), code=section, kind="text")
    now = report.texts.filter(section=section).values_list("text", flat=True).first() or ""
    form = TextForm.opened(report, now, text=now)
    if request.method == "POST":
        form = TextForm(request.POST, report=report)
        if form.is_valid():
            text = form.cleaned_data["text"]
            try:
                reports.save_text(report, section, text, actor=request.user, **form.opened_over)
            except reports.EditConflict as error:
                retry = TextForm.opened(error.report, error.theirs, text=text)
                return _conflict(request, report, error, text, row.label, retry)
            done = _("The section “%(name)s” is saved.") % {"name": row.label}
            return _saved(request, report, done)
    composed = paper.of(report)
    context = {
        "report": report,
        "heading": row.label,
        "form": form,
        "printed": _printed(composed, section),
        "places": _places(report, composed),
        "back": report.get_absolute_url(),
    }
    return render_page(request, "attestation/report_text.html", context)


def _printed(composed, code):
    """The section as the paper has it, with its figures."""
    sections = {one["code"]: one for one in composed["sections"]}
    return texts.plain_text(sections.get(code, {}).get("paragraphs", []))


# Figures by what they count: the first word of their code.
TOPICS = (
    (gettext_lazy("Events"), ("events", "minutes")),
    (gettext_lazy("People"), ("participants", "participations", "speakers", "teachers", "members")),
    (gettext_lazy("Organizations"), ("organizations",)),
    (gettext_lazy("Associations and communities"), ("associations", "online_communities")),
    (gettext_lazy("Materials and assignments"), ("materials", "assignments")),
)


def _places(report, composed):
    """What may stand in braces, by topic: places, what they are, and what is put there."""
    rest = dict(composed["figures"])
    groups = []
    for topic, words in TOPICS:
        codes = [code for code in rest if code.partition(".")[0] in words]
        groups.append((topic, [_place(code, rest.pop(code)) for code in codes]))
    known = report.tables.get("facts", {})
    names = [code for code in facts.codes_of(report) if known.get(code)]
    groups.append((_("Other figures"), [_place(code, told) for code, told in rest.items()]))
    groups.append((_("Names and documents"), [(f"{{{code}}}", known[code], "") for code in names]))
    return [(topic, rows) for topic, rows in groups if rows]


def _place(code, told):
    return f"{{{code}}}", told["label"], number(told["value"])


@require_http_methods(PAGE_METHODS)
def report_figure(request, pk, code):
    """Correct a figure by hand, with the reason."""
    report = _changeable(request, pk)
    told = report.tables.get("indicators", {}).get(code)
    if told is None or told["source"] == SHARE:
        raise Http404
    row = report.overrides.filter(code=code).first()
    initial = {"value": row.value, "reason": row.reason} if row else {}
    form = FigureForm.opened(report, reports.figure_text(row), **initial)
    if request.method == "POST":
        form = FigureForm(request.POST, report=report)
        if form.is_valid():
            values = form.values
            try:
                reports.set_figure(report, code, **values, actor=request.user, **form.opened_over)
            except reports.EditConflict as error:
                mine = f"{values['value']}: {values['reason']}"
                retry = FigureForm.opened(error.report, error.theirs, **values)
                return _conflict(request, report, error, mine, told["label"], retry)
            return _saved(request, report, _("The figure is corrected, both values are printed."))
    context = {
        "report": report,
        "code": code,
        "heading": told["label"],
        "computed": report.figures.get(code, 0),
        "override": row,
        "form": form,
        "back": report.get_absolute_url(),
    }
    return render_page(request, "attestation/report_figure.html", context)


@require_POST
def report_figure_reset(request, pk, code):
    """Take a correction back."""
    report = _changeable(request, pk)
    reports.reset_figure(report, code, actor=request.user)
    return _saved(request, report, _("The computed figure stands again."))


def _proposal_form(request, report, row):
    if request.method == "POST":
        form = ProposalForm(request.POST, report=report)
    else:
        initial = reports.proposal_values(row) if row else {}
        form = ProposalForm.opened(report, reports.proposal_text(initial), **initial)
    return form if row else keyed(form)


def _proposal_saved(request, report, row, form):
    values, over = form.values, form.opened_over
    reports.save_proposal(report, row, values, actor=request.user, **over)
    return _saved(request, report, _("The proposal is saved."))


@require_http_methods(PAGE_METHODS)
def proposal_edit(request, pk, proposal=None):
    """Add or change a proposal: what, to whom, by when."""
    report = _changeable(request, pk)
    rows = report.proposals.visible_to(request.user)
    row = get_object_or_404(rows, pk=proposal) if proposal else None
    form = _proposal_form(request, report, row)
    if form.is_valid():
        try:
            return once(request, form, lambda: _proposal_saved(request, report, row, form))
        except reports.EditConflict as error:
            retry = ProposalForm.opened(error.report, error.theirs, **form.values)
            mine = reports.proposal_text(form.values)
            return _conflict(request, report, error, mine, _("Proposal"), retry)
        except reports.ReportError as error:
            messages.error(request, str(error))
            return redirect(report)
    context = {
        "heading": _("Proposal") if row else _("New proposal"),
        "hint": _("After the signature it becomes an assignment to everybody it is for."),
        "form": form,
        "action": _("Save the proposal"),
        "back": report.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


@require_http_methods(PAGE_METHODS)
def proposal_delete(request, pk, proposal):
    """Delete a proposal, after a page that names it."""
    report = _changeable(request, pk)
    row = get_object_or_404(report.proposals.visible_to(request.user), pk=proposal)
    if request.method == "POST":
        reports.delete_proposal(report, row, actor=request.user)
        return _saved(request, report, _("The proposal is deleted."))
    context = {
        "heading": _("Delete the proposal?"),
        "consequences": [row.text],
        "action": _("Delete the proposal"),
        "back": report.get_absolute_url(),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


@require_http_methods(PAGE_METHODS)
def report_transition(request, pk, action):
    """One step of the route: what it does is named, then it is done."""
    report = _report(request, pk)
    arrow = workflow.REPORT.transitions.get(action)
    if arrow is None:
        raise Http404
    require(request.user, arrow.permission, report)
    form_class = STEP_FORMS.get(action, StepForm)
    form = form_class(request.POST) if request.method == "POST" else form_class()
    if request.method == "POST" and form.is_valid():
        comment = form.cleaned_data.get("comment", "")
        try:
            done = workflow.perform(
                report, action, actor=request.user, comment=comment, edition=_edition(request)
            )
        except TransitionError as error:
            messages.error(request, str(error))
            return redirect(report)
        return _saved(request, done, DONE[action]())
    context = {
        "heading": HEADINGS[action](),
        **_told_before(report, action),
        "action": arrow.label,
        "form": form,
        "back": report.get_absolute_url(),
        "keep": _("Back to the report"),
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def _edition(request):
    """The edition the reader had before the eyes, as the link on the sheet says it."""
    text = request.GET.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


HEADINGS = {
    "submit": lambda: _("Send the report for approval?"),
    "withdraw": lambda: _("Withdraw the report?"),
    "return": lambda: _("Return the report for revision?"),
    "approve": lambda: _("Sign the report"),
}
DONE = {
    "submit": lambda: _("The report is sent for approval."),
    "withdraw": lambda: _("The report is withdrawn, it can be edited again."),
    "return": lambda: _("The report is returned with your comment."),
    "approve": lambda: _("The report is signed. PDF and DOCX are being made."),
}


def _told_before(report, action):
    """What the step does to this report, in sentences, and what was found in it."""
    if action not in ("submit", "approve"):
        return {"consequences": [report.title]}
    written = paper.of(report)
    found = [one["text"] for one in findings.of(report, written)]
    lines = _consequences(report, written) if action == "approve" else [report.title]
    words = ngettext("%(n)s finding", "%(n)s findings", len(found)) % {"n": len(found)}
    return {"consequences": lines, "details": found, "details_title": words}


def _consequences(report, written):
    """What a signature makes of this report."""
    by_hand = sum(bool(one["reason"]) for one in written["figures"].values())
    lines = [
        report.title,
        _("Figures are counted on %(day)s.") % {"day": f"{report.counted_on:%d.%m.%Y}"},
    ]
    words = ngettext(
        "%(n)s figure is corrected by hand", "%(n)s figures are corrected by hand", by_hand
    )
    lines += _counted(by_hand, words)
    proposals = len(written["proposals"])
    words = ngettext(
        "%(n)s proposal becomes assignments", "%(n)s proposals become assignments", proposals
    )
    lines += _counted(proposals, words)
    lines.append(_("A signed report never changes: a mistake is mended by a new version."))
    return lines


def _counted(count, words):
    return [words % {"n": count}] if count else []


@require_http_methods(PAGE_METHODS)
def report_new_version(request, pk):
    """A new version of a signed report, with its reason."""
    report = _report(request, pk)
    require(request.user, "attestation.replace_report", report)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = reports.start_version(report, form.cleaned_data["reason"], actor=request.user)
        except reports.ReportError as error:
            messages.error(request, str(error))
            return redirect(report)
        return _saved(request, draft, _("The new version is a draft: correct it and hand it in."))
    context = {
        "heading": _("New version of a signed report"),
        "hint": report.title,
        "form": form,
        "action": _("Make a new version"),
        "back": report.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)
