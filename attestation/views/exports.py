"""The page of yearly participation: who took part in what, as a table to take away."""

import hashlib
import tempfile

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from attestation import column_sets, exports, record_jobs
from attestation.export_forms import ColumnSetForm, ExportForm
from attestation.models import ExportColumnSet
from communities import audit
from communities.access import require
from communities.models import Job, User
from network_portal.htmx import render_page

PREVIEW = 20
DIRECT_LIMIT = 20_000  # rows; a longer spreadsheet is a job
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


@require_GET
def participation(request):
    """Year, scope and columns; the first rows and their total; two buttons."""
    require(request.user, "attestation.export_participation")
    form = ExportForm(request.GET, user=request.user)
    context = {"form": form, "query": request.GET.urlencode(), "total": 0, "rows": []}
    if form.is_valid():
        context |= _shown(request, form)
    return render_page(request, "attestation/participation_export.html", context, fragment="rows")


def _shown(request, form):
    facts = exports.facts_for(request.user, **form.scope())
    preview = exports.rows(facts, form.columns, limit=PREVIEW)
    return {
        "total": facts.count(),
        "columns": form.columns,
        "headings": [exports.COLUMNS[code] for code in form.columns],
        "rows": [[exports.as_text(value) for value in row] for row in preview],
        "person": _person(request.user, form.cleaned_data["person"]),
        **_sets(request, form),
        "choices": _choices(form),
    }


def _person(user, pk):
    """Whose rows alone are shown, or None for those of everybody."""
    return User.objects.visible_to(user).filter(pk=pk).first() if pk else None


def _choices(form):
    """Lists to tick, as `components/choose_many.html` takes them: title, name, options, number."""
    chosen = {name: set(form.cleaned_data[name]) for name in ("organization", "association")}
    chosen["column"] = set(form.columns)
    return [
        (
            form.fields[name].label,
            name,
            [(value, label, value in ticked) for value, label in form.fields[name].choices],
            len(ticked),
        )
        for name, ticked in chosen.items()
    ]


def _sets(request, form):
    """Chips of saved columns: the usual ones first, each a link to this very table."""
    saved = list(ExportColumnSet.objects.visible_to(request.user))
    known = [(_("Usual columns"), exports.DEFAULT), *((row.label, row.columns) for row in saved)]
    chips = [
        (_with_columns(request.GET, columns), label, False)
        for label, columns in known
        if set(columns) != set(form.columns)
    ]
    return {"sets": chips, "saved": saved}


def _with_columns(query, columns):
    query = query.copy()
    query.setlist("column", [code for code in columns if code in exports.COLUMNS])
    return f"?{query.urlencode()}"


@require_POST
def download(request, kind):
    """CSV is streamed; a spreadsheet comes at once, a very long one as a job."""
    require(request.user, "attestation.export_participation")
    if kind not in ("csv", "xlsx"):
        raise Http404
    form = ExportForm(request.GET, user=request.user)
    if not form.is_valid():
        return redirect(_page(request))
    facts = exports.facts_for(request.user, **form.scope())
    total = facts.count()
    name = _("Participation %(year)s.%(kind)s") % {"year": form.chosen_year.slug, "kind": kind}
    audit.record("participation.export", request.user, actor=request.user, rows=total, format=kind)
    if kind == "csv":
        return csv_answer(facts, form.columns, name)
    if total > exports.SHEET_ROWS:
        messages.error(request, _("A spreadsheet has no room for so many rows: take the CSV."))
        return redirect(_page(request))
    if total > DIRECT_LIMIT:
        return redirect(_order(request, form, name))
    return xlsx_answer(facts, form.columns, name)


def _page(request):
    return f"{reverse('attestation:participation-export')}?{request.GET.urlencode()}"


def csv_answer(facts, columns, name):
    """Lines as they come from the database: nothing is held back."""
    answer = StreamingHttpResponse(
        exports.csv_lines(facts, columns), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def xlsx_answer(facts, columns, name):
    """The whole spreadsheet; what does not fit into a little memory waits in a file."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    exports.write_xlsx(out, facts, columns)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _order(request, form, name):
    digest = hashlib.sha256(request.GET.urlencode().encode()).hexdigest()[:32]
    return record_jobs.order_export(
        name,
        actor=request.user,
        title=_("Participation, %(year)s") % {"year": form.chosen_year},
        key=digest,
        columns=form.columns,
        **form.scope(),
    )


@require_GET
def export_file(request, pk):
    """The spreadsheet of a finished job, to its owner only."""
    require(request.user, "attestation.export_participation")
    return job_file(request, pk, record_jobs.EXPORT, XLSX_TYPE)


def job_file(request, pk, kind, content_type):
    """The file a finished job of this person left in the storage."""
    rows = Job.objects.visible_to(request.user).filter(kind=kind, state=Job.State.DONE)
    result = get_object_or_404(rows, pk=pk).result
    if not default_storage.exists(result["file"]):
        raise Http404
    return FileResponse(
        default_storage.open(result["file"]),
        as_attachment=True,
        filename=result["name"],
        content_type=content_type,
    )


@require_POST
def column_set_save(request):
    """Keep the shown columns under a name."""
    require(request.user, "attestation.change_column_sets")
    form = ColumnSetForm(request.POST)
    if form.is_valid():
        columns = [code for code in exports.COLUMNS if code in form.cleaned_data["column"]]
        row = column_sets.save_column_set(form.cleaned_data["label"], columns, actor=request.user)
        messages.success(request, _("The set «%(name)s» is saved.") % {"name": row.label})
    else:
        messages.error(request, _("Give the set a name, up to 120 letters."))
    return redirect(_page(request))


def column_set_delete(request, pk):
    """A set is forgotten after a question."""
    require(request.user, "attestation.change_column_sets")
    row = get_object_or_404(ExportColumnSet.objects.visible_to(request.user), pk=pk)
    back = reverse("attestation:participation-export")
    if request.method == "POST":
        column_sets.delete_column_set(row, actor=request.user)
        messages.success(request, _("The set is deleted."))
        return redirect(back)
    context = {
        "heading": _("Delete the set «%(name)s»?") % {"name": row.label},
        "consequences": [_("Tables made with it stay what they are.")],
        "action": _("Delete the set"),
        "back": back,
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")
