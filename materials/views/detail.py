"""The page of a material and what its owner and the methodist do with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import require
from events.models import Event
from materials import services
from materials.forms import HideForm, grades_text
from materials.models import Material
from materials.rows import downloaded
from network_portal.formats import day_year, file_size
from network_portal.htmx import render_page

FIRST_LINES = 12  # of the text, where there is no picture


def visible(request):
    return Material.objects.visible_to(request.user)


@login_not_required
@require_safe
def material_detail(request, pk, slug):
    """Everything about one material; an old address leads to the present one."""
    rows = visible(request).for_detail()
    material = get_object_or_404(rows, pk=pk)
    if slug != material.slug:
        return redirect(material)
    versions = list(material.versions.defer("text", "body").order_by("-number"))
    event = Event.objects.visible_to(request.user).filter(pk=material.event_id).first()
    authors = _authors(material, request.user)
    context = {
        "material": material,
        "current": material.current,
        "authors": authors,
        "versions": versions,
        "passport": _passport(material, event, authors),
        "lines": _first_lines(material.current),
        "event": event,
    }
    return render_page(request, "materials/material_detail.html", context, fragment="preview")


def _authors(material, user):
    if not user.is_authenticated:
        return []
    return [author.person for author in material.authors.select_related("person")]


def _first_lines(version):
    return [] if version is None else version.text[:4000].splitlines()[:FIRST_LINES]


def _passport(material, event, authors):
    version, licence = material.current, material.licence
    terms = f"{licence.label}. {licence.about}".strip(". ") if licence else ""
    names = ", ".join(person.full_name for person in authors)
    place = material.organization
    return [
        (_("Subject"), material.subject and material.subject.label, ""),
        (_("Grade"), grades_text(material.grades), ""),
        (_("Kind"), material.kind and material.kind.label, ""),
        (_("Authors"), names, ""),
        (_("Organization"), place and place.short_name, place and place.get_absolute_url()),
        (_("Association"), material.association, _url(material.association)),
        (_("Event"), event, _url(event)),
        (_("Terms of use"), terms, ""),
        (_("Who sees it"), material.get_visibility_display(), ""),
        (_("File"), version and f"{version.extension.upper()}, {file_size(version.size)}", ""),
        (_("Published"), material.published_at and day_year(material.published_at), ""),
        (_("Used"), material.downloads and downloaded(material.downloads), ""),
    ]


def _url(row):
    return row.get_absolute_url() if row else ""


@require_http_methods(["GET", "HEAD", "POST"])
def material_hide(request, pk):
    """A confirm page with the reason; then the readers no longer find it."""
    material = get_object_or_404(visible(request), pk=pk)
    require(request.user, "materials.hide_material", material)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.hide(material, actor=request.user, reason=form.cleaned_data["reason"])
        except services.MaterialError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The material is hidden."))
        still_seen = visible(request).filter(pk=pk).exists()
        return redirect(material if still_seen else "materials:material-list")
    context = {
        "heading": _("Hide “%(title)s”?") % {"title": material.title},
        "consequences": [
            _("Colleagues will not find it. Its file and its figures stay, it can be returned.")
        ],
        "action": _("Hide the material"),
        "back": material.get_absolute_url(),
        "url": reverse("materials:material-hide", args=[pk]),
        "form": form,
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


@require_POST
def material_unhide(request, pk):
    """Give it back to the readers."""
    material = get_object_or_404(visible(request), pk=pk)
    require(request.user, "materials.unhide_material", material)
    try:
        services.unhide(material, actor=request.user)
        messages.success(request, _("The material is open to its readers again."))
    except services.MaterialError as error:
        messages.error(request, str(error))
    return redirect(material)


@require_http_methods(["GET", "HEAD", "POST"])
def material_delete(request, pk):
    """A confirm page; only a draft can go."""
    material = get_object_or_404(visible(request), pk=pk)
    require(request.user, "materials.delete_material", material)
    if request.method == "POST":
        try:
            services.delete_draft(material, actor=request.user)
        except services.MaterialError as error:
            messages.error(request, str(error))
            return redirect(material)
        messages.success(request, _("The draft is deleted."))
        return redirect("materials:material-list")
    context = {
        "heading": _("Delete the draft “%(title)s”?") % {"title": material.title},
        "consequences": [_("The file will be removed from the portal. This cannot be undone.")],
        "action": _("Delete the draft"),
        "back": reverse("materials:material-edit", args=[pk]),
        "url": reverse("materials:material-delete", args=[pk]),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")
