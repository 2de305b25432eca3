"""Files before they are stored: what is taken, and the sentence for what is refused."""

import dataclasses
import hashlib
import unicodedata
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from communities.files import SAME, FileRefused, look_inside, sentence
from network_portal.forms import too_big, visible_only

EXTENSIONS = (
    *("docx", "pptx", "xlsx", "pdf", "odt", "odp", "ods"),
    *("png", "jpg", "webp", "zip"),
)
OLD_OFFICE = {"doc": "DOCX", "rtf": "DOCX", "xls": "XLSX", "ppt": "PPTX", "pps": "PPTX"}
WITH_MACROS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm"}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "zip": "application/zip",
}
LONGEST_NAME = 200


@dataclasses.dataclass(frozen=True)
class CheckedFile:
    """A file that passed: `content` can be read until the request ends."""

    content: object
    name: str
    extension: str
    size: int
    sha256: str


def check(upload) -> CheckedFile:
    """Look at an uploaded file; raise `FileRefused` unless it may be stored."""
    name = clean_name(upload.name)
    extension = _extension(name)
    if upload.size > settings.UPLOAD_LIMIT:
        raise FileRefused(too_big(upload.size))
    if not upload.size:
        raise FileRefused(_("The file is empty. Check that it opens on your computer."))
    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    look_inside(upload, extension)
    return CheckedFile(upload, name, extension, upload.size, digest.hexdigest())


def clean_name(name):
    """The name as the person sees it: no path, nothing invisible, not too long."""
    name = visible_only(unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]))
    name = " ".join(name.split()).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME]


def _extension(name):
    ending = Path(name).suffix.lstrip(".").lower()
    ending = SAME.get(ending, ending)
    if ending in EXTENSIONS:
        return ending
    if ending in OLD_OFFICE:
        raise FileRefused(
            _(
                "%(old)s is an old format. Open the file, choose “Save as” and save it as "
                "%(new)s or PDF."
            )
            % {"old": ending.upper(), "new": OLD_OFFICE[ending]}
        )
    if ending in WITH_MACROS:
        raise FileRefused(sentence("macros"))
    suits = ", ".join(extension.upper() for extension in EXTENSIONS)
    if not ending:
        raise FileRefused(
            _("The name of the file has no format in it. We take %(suits)s.") % {"suits": suits}
        )
    raise FileRefused(
        _("We do not take %(format)s files. We take %(suits)s.")
        % {"format": ending.upper()[:12], "suits": suits}
    )
