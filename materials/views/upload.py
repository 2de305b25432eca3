"""From a chosen file to a published material, and new versions of it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import require
from communities.models import Association
from events.models import Event
from materials import services
from materials.files import FileRefused
from materials.forms import AuthorsForm, MaterialForm, UploadForm, VersionForm
from materials.models import Material, MaterialAuthor
from network_portal.htmx import render_page
from network_portal.numbers import row_id


@require_http_methods(["GET", "HEAD", "POST"])
def material_new(request):
    """The file first: from the moment it is here there is a draft."""
    require(request.user, "materials.add_material")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    if form.is_valid():
        try:
            material = _started(request, form.cleaned_data["file"])
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("materials:material-edit", material.pk)
    context = {"form": form, "event": _event(request)}
    return render_page(request, "materials/material_new.html", context, fragment="upload")


def _started(request, checked):
    slug = request.GET.get("association", "")
    association = Association.objects.visible_to(request.user).filter(slug=slug).first()
    return services.start_draft(
        checked, actor=request.user, event=_event(request), association=association
    )


def _event(request):
    pk = row_id(request.GET.get("event", ""))
    if pk is None:
        return None
    return Event.objects.visible_to(request.user).filter(pk=pk).first()


@require_http_methods(["GET", "HEAD", "POST"])
def material_edit(request, pk):
    """The one screen after the file, and later the page to correct what is written."""
    ordered = Prefetch("authors", MaterialAuthor.objects.order_by("position", "id"))
    rows = Material.objects.visible_to(request.user).for_detail().prefetch_related(ordered)
    material = get_object_or_404(rows, pk=pk)
    require(request.user, "materials.change_material", material)
    data = request.POST if request.method == "POST" else None
    publish = data is not None and "publish" in data
    keep = data is not None and not publish and _is_draft(material)
    form = MaterialForm(data, instance=material, user=request.user, publish=not keep)
    if data is not None and "find" not in data and form.is_valid():
        try:
            return _saved(request, material, form, publish)
        except services.MaterialError as error:
            form.add_error(None, str(error))
    context = {"form": form, "material": material, "is_draft": _is_draft(material)}
    return render_page(request, "materials/material_edit.html", context)


def _is_draft(material):
    return material.state == Material.State.DRAFT


def _saved(request, material, form, publish):
    was_draft = _is_draft(material)
    material = services.edit_material(
        Material(pk=material.pk),
        actor=request.user,
        values=form.values(),
        authors=list(form.cleaned_data["authors"]),
        publish=publish,
    )
    if was_draft and publish:
        messages.success(request, _("The material is published."))
    elif was_draft:
        messages.success(request, _("The draft is saved. Only you see it."))
    else:
        messages.success(request, _("The changes are saved."))
    return redirect(material)


@require_safe
def author_search(request):
    """People by name as boxes, those already ticked kept."""
    form = AuthorsForm(request.GET, user=request.user)
    return render_page(request, "materials/authors.html", {"authors": form["authors"]})


@require_http_methods(["GET", "HEAD", "POST"])
def material_versions(request, pk):
    """All versions of a material and the form for the next one."""
    rows = Material.objects.visible_to(request.user).for_detail()
    material = get_object_or_404(rows, pk=pk)
    require(request.user, "materials.change_material", material)
    form = VersionForm()
    if request.method == "POST":
        form = VersionForm(request.POST, request.FILES)
        if form.is_valid() and _added(request, material, form):
            return redirect(material)
    versions = material.versions.defer("text", "body").select_related("uploaded_by")
    context = {"form": form, "material": material, "versions": versions.order_by("-number")}
    return render_page(request, "materials/material_versions.html", context, fragment="upload")


def _added(request, material, form):
    data = form.cleaned_data
    try:
        version = services.add_version(
            material, data["file"], actor=request.user, note=data["note"]
        )
    except (services.MaterialError, FileRefused) as error:
        form.add_error("file", str(error))
        return False
    text = _("Version %(n)s is in place. The earlier ones stay.") % {"n": version.number}
    messages.success(request, text)
    return True
