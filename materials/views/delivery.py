"""Stored files on their way out: downloads and preview pictures, both checked for access."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from materials import downloads
from materials.extraction import preview_bytes
from materials.files import CONTENT_TYPES
from materials.models import Material, MaterialVersion

log = logging.getLogger(__name__)
SANDBOX = "sandbox; default-src 'none'"


@login_not_required
@require_safe
def material_download(request, pk, number=None):
    """The file as it was uploaded, under its own name; nothing in it runs in the browser."""
    version = _version(request, pk, number)
    try:
        file = version.file.open("rb")
    except FileNotFoundError as error:
        log.error("file of version %s is missing", version.pk)
        raise Http404(_("The file is missing.")) from error
    if request.method == "GET":
        downloads.count(pk)
    kind = CONTENT_TYPES.get(version.extension, "application/octet-stream")
    response = FileResponse(file, as_attachment=True, filename=version.file_name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return _sealed_off(response)


@login_not_required
@require_safe
def material_preview(request, pk, number):
    """The picture of the first page."""
    version = _version(request, pk, number)
    if not version.preview:
        raise Http404
    try:
        file = preview_bytes(version)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return _sealed_off(response)


def _version(request, pk, number):
    """A version of a material this reader may see; without a number the current one."""
    versions = MaterialVersion.objects.visible_to(request.user).defer("text", "body")
    if number is None:
        visible = Material.objects.visible_to(request.user).filter(current__isnull=False)
        return get_object_or_404(versions, pk=get_object_or_404(visible, pk=pk).current_id)
    return get_object_or_404(versions, material__id=pk, number=number)


def _sealed_off(response):
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
