"""Do stored files and the rows that name them agree, in every app and both ways?"""

import dataclasses
import datetime
import hashlib
from pathlib import PurePosixPath

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from communities import jobs
from communities.models import Job
from materials import extraction, stored
from materials.models import MaterialVersion

GRACE = datetime.timedelta(hours=1)  # a file younger than this may be waiting for its row


@dataclasses.dataclass
class Findings:
    """What does not agree; `removed` and `ordered` count what was mended."""

    orphans: list = dataclasses.field(default_factory=list)
    missing: list = dataclasses.field(default_factory=list)
    damaged: list = dataclasses.field(default_factory=list)
    removed: int = 0
    ordered: int = 0

    @property
    def is_clean(self):
        return not (self.orphans or self.missing or self.damaged)


def check(*, mend=False, now=None) -> Findings:
    """Compare the storage with the rows; with `mend` repair what can be repaired."""
    now, found, named = now or timezone.now(), Findings(), set()
    for field in file_fields():
        for pk, name in _rows(field):
            named.add(name)
            if not default_storage.exists(name):
                found.missing.append((field.model._meta.label, pk, field.name, name))
    for pk, name in jobs.with_files().values_list("pk", "result__file"):
        named.add(name)
        if not default_storage.exists(name):
            found.missing.append((Job._meta.label, pk, "result", name))
    found.orphans = [name for name in _files() if name not in named and _is_old(name, now)]
    found.damaged = list(_damaged())
    if mend:
        found.removed = sum(stored.drop_unused(name, is_used=is_named) for name in found.orphans)
        found.ordered = _make_previews_again(found.missing)
    return found


def file_fields():
    """Every file field of every model, but those of abstract parents and proxies."""
    return [
        field
        for model in apps.get_models()
        if not model._meta.proxy and model._meta.managed
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    ]


def is_named(name):
    """Whether any row of any model, or the result of a job, names this file."""
    return jobs.with_files().filter(result__file=name).exists() or any(
        field.model._base_manager.filter(**{field.name: name}).exists() for field in file_fields()
    )


def _rows(field):
    rows = field.model._base_manager.exclude(**{field.name: ""}).order_by()
    named = rows.exclude(**{f"{field.name}__isnull": True})
    return named.values_list("pk", field.name).iterator(2000)


def _files():
    """Names of all files under the folders that file fields store into."""
    folders = {PurePosixPath(str(field.upload_to)).parts[0] for field in file_fields()}
    for folder in sorted(folders | {jobs.FOLDER}):
        yield from _walk(folder)


def _walk(folder):
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _walk(f"{folder}/{name}")


def _is_old(name, now):
    return now - default_storage.get_modified_time(name) > GRACE


def _damaged():
    """Materials whose bytes are no longer those that were uploaded."""
    rows = MaterialVersion.objects.values_list("file", "sha256", "size").distinct().order_by()
    for name, sha256, size in rows.iterator(2000):
        if default_storage.exists(name) and (
            default_storage.size(name) != size or _sha256(name) != sha256
        ):
            yield name


def _sha256(name):
    with default_storage.open(name, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_previews_again(missing):
    label = MaterialVersion._meta.label
    pks = [pk for model, pk, field, _n in missing if (model, field) == (label, "preview")]
    versions = MaterialVersion.objects.filter(pk__in=pks).select_related(
        "material__municipality", "uploaded_by__municipality"
    )
    for version in versions:
        version.preview, version.extraction = "", MaterialVersion.Extraction.WAITING
        version.save(update_fields=["preview", "extraction"])
        extraction.order(version, actor=version.uploaded_by)
    return len(versions)
