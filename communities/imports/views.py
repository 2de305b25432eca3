"""Pages of the import of people: upload, preview, apply, undo."""

import tempfile

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import require
from communities.imports import apply as service
from communities.imports.forms import LABELS, ApplyForm, ColumnsForm, UploadForm
from communities.imports.undo import undo
from communities.models import ImportBatch
from network_portal.htmx import render_page
from network_portal.paging import page_of

State = ImportBatch.State
TONES = {State.PREVIEW: "wait", State.APPLIED: "ok", State.UNDONE: ""}


def import_list(request):
    """A field for the file, how the file should look, and the imports so far."""
    require(request.user, "communities.import_people")
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _started(request, form)
        except service.ImportRefused as error:
            form.add_error("file", str(error))
        else:
            return redirect(batch)
    batches = ImportBatch.objects.visible_to(request.user).defer("table", "changes")
    page = page_of(batches.select_related("created_by"), request.GET)
    context = {
        "form": form,
        "page": page,
        "batches": [(batch, TONES[batch.state]) for batch in page],
    }
    return render_page(request, "communities/import_list.html", context)


def _started(request, form):
    file = form.cleaned_data["file"]
    with tempfile.NamedTemporaryFile(suffix=".table") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return service.start(
            copy.name,
            file_name=file.name,
            actor=request.user,
            organization=form.cleaned_data["organization"],
        )


def import_detail(request, pk):
    """What would change, what is wrong and where; after applying, what was done."""
    batch = _batch(request, pk)
    form = ColumnsForm(user=request.user, batch=batch)
    return _preview(request, batch, form)


def _batch(request, pk):
    rows = ImportBatch.objects.visible_to(request.user).defer("table", "changes")
    batch = get_object_or_404(rows.select_related("municipality"), pk=pk)
    require(request.user, "communities.import_people", batch)
    return batch


def _preview(request, batch, columns, apply_form=None):
    preview = batch.preview
    errors = page_of(preview["errors"], request.GET)
    for person in preview["sample"]:
        changes = person.get("changes", ())
        person["changes"] = [(_field_label(name), *values) for name, *values in changes]
    context = {
        "batch": batch,
        "preview": preview,
        "facts": _facts(preview),
        "errors": errors,
        "columns": columns,
        "form": apply_form or columns,
        "apply_form": apply_form or ApplyForm(has_errors=bool(preview["wrong"])),
        "taken": preview["new"] + preview["changed"],
        "is_preview": batch.state == State.PREVIEW,
        "is_applied": batch.state == State.APPLIED,
        "tone": TONES[batch.state],
    }
    return render_page(request, "communities/import_detail.html", context)


def _facts(preview):
    return [
        (preview["new"], _("New people"), ""),
        (preview["changed"], _("Will change"), ""),
        (preview["same"], _("Without changes"), ""),
        (preview["wrong"], _("Rows with errors"), "#h-errors" if preview["wrong"] else ""),
    ]


def _field_label(name):
    columns = {
        "category_id": "category",
        "teaching_since": "experience",
        "contact_email": "email",
        "contact_phone": "phone",
    }
    return LABELS[columns.get(name, name)]


@require_POST
def import_columns(request, pk):
    """Say anew what the columns mean."""
    batch = _batch(request, pk)
    form = ColumnsForm(request.POST, user=request.user, batch=batch)
    if not form.is_valid():
        return _preview(request, batch, form)
    try:
        service.remap(
            batch,
            columns=form.columns(),
            organization=form.cleaned_data["organization"],
            actor=request.user,
        )
    except service.ImportRefused as error:
        messages.warning(request, str(error))
    return redirect(batch)


@require_POST
def import_apply(request, pk):
    """Write the rows without errors down."""
    batch = _batch(request, pk)
    form = ApplyForm(request.POST, has_errors=bool(batch.preview["wrong"]))
    if not form.is_valid():
        columns = ColumnsForm(user=request.user, batch=batch)
        return _preview(request, batch, columns, form)
    try:
        partial = form.cleaned_data.get("partial", False)
        service.apply(batch, actor=request.user, partial=partial)
    except service.ImportRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The list is applied."))
    return redirect(batch)


def import_undo(request, pk):
    """Ask, then take the import back as a whole, or forget the preview."""
    batch = _batch(request, pk)
    if batch.state == State.UNDONE:
        return redirect(batch)
    if request.method != "POST":
        return _ask_to_undo(request, batch)
    try:
        if batch.state == State.PREVIEW:
            service.discard(batch, actor=request.user)
            messages.success(request, _("The upload is cancelled. Nothing was written."))
        else:
            undo(batch, actor=request.user)
            messages.success(request, _("The import is undone. The former values are back."))
    except service.ImportRefused as error:
        messages.warning(request, str(error))
    return redirect(batch)


def _ask_to_undo(request, batch):
    ask = _about_preview if batch.state == State.PREVIEW else _about_import
    context = {
        **ask(batch),
        "back": reverse("communities:import-detail", args=[batch.pk]),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def _about_preview(batch):
    return {
        "heading": _("Cancel the upload «%(name)s»?") % {"name": batch.file_name},
        "consequences": [_("Nothing of this file has been written.")],
        "action": _("Cancel the upload"),
    }


def _about_import(batch):
    counts = batch.preview
    return {
        "heading": _("Undo the import «%(name)s»?") % {"name": batch.file_name},
        "consequences": [
            ngettext(
                "%(n)s record created by the import will be removed.",
                "%(n)s records created by the import will be removed.",
                counts["new"],
            )
            % {"n": counts["new"]},
            ngettext(
                "%(n)s record changed by the import will get its former values.",
                "%(n)s records changed by the import will get their former values.",
                counts["changed"],
            )
            % {"n": counts["changed"]},
        ],
        "action": _("Undo the import"),
    }
