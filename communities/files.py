"""Uploads looked into by a limited process, the sentence for what is refused, orders' papers."""

import contextlib
import tempfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.limited import LimitedError, run_limited
from network_portal.forms import MEGABYTE, too_big

LIMIT = 10 * MEGABYTE
TYPES = ("pdf", "docx", "jpg")  # of the paper of an order
SAME = {"jpeg": "jpg", "jpe": "jpg"}
SECONDS, MEGABYTES = 20, 768  # for the process that looks inside

# What is wrong with a file and what to do, by the code the inspection gives.
TEXTS = {
    "wrong": gettext_lazy(
        "The file is named %(format)s, but inside it is %(detail)s. Open it in the program "
        "it was made in and save it as %(format)s."
    ),
    "unknown": gettext_lazy(
        "The file is named %(format)s, but inside it is something else. Open it in the "
        "program it was made in and save it as %(format)s."
    ),
    "broken": gettext_lazy(
        "The file is damaged or was not copied to the end. Check that it opens on your "
        "computer, save it anew and choose it again."
    ),
    "encrypted": gettext_lazy(
        "The file is protected by a password. Remove the protection and choose it again: "
        "colleagues must be able to open it."
    ),
    "macros": gettext_lazy(
        "There are macros in the file: programs that run on a colleague’s computer. Save "
        "it without macros, for example as DOCX, XLSX, PPTX or PDF."
    ),
    "huge": gettext_lazy(
        "The file unpacks to %(detail)s MB, which is suspiciously much. Split the archive "
        "or compress the pictures."
    ),
    "many_entries": gettext_lazy(
        "There are %(detail)s files in the archive, the limit is 3000. Split the archive."
    ),
    "many_pixels": gettext_lazy(
        "The picture has %(detail)s million points, the limit is 60. Make it smaller."
    ),
    "bad_names": gettext_lazy(
        "A name in the archive leads outside of it: %(detail)s. Make the archive anew from "
        "a folder."
    ),
    "nested": gettext_lazy(
        "There is an archive inside the archive: %(detail)s. Unpack it and put its files "
        "beside the others."
    ),
    "program": gettext_lazy(
        "There is a program in the archive: %(detail)s. Leave only documents and pictures."
    ),
    "acting": gettext_lazy(
        "The PDF acts by itself: it runs a script or starts a program on a colleague’s "
        "computer. Print it into a new PDF (“Print”, “Save as PDF”) and choose that one."
    ),
    "program_in_pdf": gettext_lazy(
        "There is a program inside the PDF: %(detail)s. Print it into a new PDF (“Print”, "
        "“Save as PDF”) and choose that one."
    ),
    "reaching": gettext_lazy(
        "A part of the document lies elsewhere: %(detail)s. It would be fetched to a "
        "colleague’s computer. Break the links of the document or save it as PDF."
    ),
    "dde": gettext_lazy(
        "There is a link in the document that starts a program (DDE). Delete it or save the "
        "document as PDF."
    ),
    "empty_archive": gettext_lazy("There are no files in the archive. Make it anew."),
    "heavy": gettext_lazy(
        "The file is too complex, we could not check it. Save it as PDF or split it and "
        "choose it again."
    ),
}


class FileRefused(Exception):
    """The file is not taken; the text says why and what to do."""


def check_paper(file):
    """The type of an order's paper by its name, if the content is that and harmless."""
    if file.size > LIMIT:
        raise ValidationError(too_big(file.size, LIMIT), "too_big")
    ending = file.name.rpartition(".")[2].lower()
    ending = SAME.get(ending, ending)
    if ending not in TYPES:
        raise ValidationError(_("This file cannot be read as PDF, DOCX or JPG. Save it anew."))
    try:
        look_inside(file, ending)
    except FileRefused as refused:
        raise ValidationError(str(refused)) from refused
    return ending


def look_inside(upload, extension):
    """Refuse what is not what its name says or is harmful; a process of its own looks."""
    with _on_disk(upload) as path:
        _look(path, extension)
    upload.seek(0)


@contextlib.contextmanager
def _on_disk(upload):
    """Path of an upload: a big one is on the disk already, a small one is copied there."""
    if hasattr(upload, "temporary_file_path"):
        yield upload.temporary_file_path()
        return
    with tempfile.NamedTemporaryFile(prefix="upload-") as copy:
        for block in upload.chunks():
            copy.write(block)
        copy.flush()
        yield copy.name


def _look(path, extension):
    try:
        refused = run_limited(
            "communities.inspection.inspect",
            path,
            extension,
            seconds=SECONDS,
            megabytes=MEGABYTES,
        )
    except LimitedError as error:
        code = "broken" if error.reason == "error" else "heavy"
        raise FileRefused(sentence(code)) from error
    if refused:
        raise FileRefused(sentence(*refused, extension=extension))


def sentence(code, detail="", extension=""):
    """The refusal in words: what is wrong and what to do."""
    if code == "wrong" and not detail:
        code = "unknown"
    return TEXTS[code] % {"detail": detail, "format": extension.upper()}
