"""The job after an upload: text for the search and a picture of the first page."""

import dataclasses
import hashlib
import io
import logging
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from communities import jobs
from communities.limited import LimitedError, run_limited
from materials import stored
from materials.models import MaterialVersion

log = logging.getLogger(__name__)
KIND = "materials.extract"
SECONDS, MEGABYTES = 20, 768
PREVIEWS = "previews"
TEXT_LIMITS = (1_000_000, 400_000, 100_000)  # a search index holds a megabyte of words


@dataclasses.dataclass
class Extract:
    """What came out of a file; `is_whole` is false when a part of the work failed."""

    text: str = ""
    picture: bytes = b""
    is_whole: bool = True


def order(version, *, actor):
    """Queue the work on a version; asked twice, it is queued once."""
    return jobs.enqueue(
        KIND,
        owner=actor,
        title=_("Preview of “%(title)s”") % {"title": version.material.title[:100]},
        municipality=version.material.municipality,
        key=str(version.pk),
        version=version.pk,
    )


@jobs.job(KIND, is_patient=True)
def extract(run, version):
    """Read the file in limited processes; whatever happens, it stays downloadable."""
    row = MaterialVersion.objects.filter(pk=version).first()
    run.step(_("Reading the file"))
    result = read(row) if row else Extract()
    with run.finish() as outcome:
        row = MaterialVersion.objects.select_for_update().filter(pk=version).first()
        if row:
            save(row, result)
            outcome["url"] = row.material.get_absolute_url()
            outcome["text"] = _("Open the material")


def read(version):
    """Text and picture of a version, as far as they can be made."""
    result = Extract()
    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        path = Path(folder, "file")
        try:
            _copy(version, path)
        except FileNotFoundError:
            log.error("file of version %s is missing", version.pk)
            return Extract(is_whole=False)
        result.text = _limited(result, "text", path, version.extension) or ""
        picture = _limited(result, "make_preview", path, version.extension, folder)
        if picture:
            result.picture = Path(folder, picture).read_bytes()
    return result


def _copy(version, path):
    with version.file.open("rb") as source, path.open("wb") as target:
        for block in source.chunks():
            target.write(block)


def _limited(result, function, path, *args):
    try:
        return run_limited(
            f"materials.readers.{function}",
            str(path),
            *args,
            seconds=SECONDS,
            megabytes=MEGABYTES,
        )
    except LimitedError as error:
        log.warning("%s of a file: %s %s", function, error.reason, error)
        result.is_whole = False
        return None


def save(version, result):
    """Write the outcome: the picture under its hash first, then the row."""
    done, failed = MaterialVersion.Extraction.DONE, MaterialVersion.Extraction.FAILED
    version.extraction = done if result.is_whole else failed
    if result.picture:
        version.preview.name = stored.keep(
            io.BytesIO(result.picture),
            folder=PREVIEWS,
            sha256=hashlib.sha256(result.picture).hexdigest(),
            size=len(result.picture),
            ending=".webp",
        )
    for limit in TEXT_LIMITS:
        version.text = result.text[:limit]
        if _saved(version):
            return
    version.text = ""
    version.save(update_fields=["extraction", "preview", "text"])


def _saved(version):
    """False when the words do not fit into a search index: the server counts them exactly."""
    try:
        with transaction.atomic():
            version.save(update_fields=["extraction", "preview", "text"])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "54000":
            raise
        return False
    return True


def preview_bytes(version):
    """The picture as an open file; `FileNotFoundError` when it is gone."""
    return default_storage.open(version.preview.name, "rb")
