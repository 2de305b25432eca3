"""A batch from the file to the database and back: read, preview, apply, undo."""

import hashlib
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from communities.access import require
from communities.imports import shown
from communities.imports.columns import mapping_of
from communities.imports.plan import make_plan
from communities.limited import LimitedError, run_limited
from communities.models import Employment, ImportBatch, Municipality, User

SECONDS, MEGABYTES = 30, 1000
UNDO_WITHIN = timedelta(days=30)
SHOWN = {"errors": 2000, "notes": 300}


class ImportRefused(Exception):
    """A refusal whose text the reader may see."""


def reason_text(code):
    """Why a file was not read, and what to do, for a code of the reader."""
    texts = {
        "empty": _("The file is empty."),
        "format": _("This is not a spreadsheet. Save it as XLSX, XLS, ODS or CSV."),
        "encrypted": _("The file has a password. Save it without one and try again."),
        "damaged": _("The file is damaged or was not copied to the end. Save it once more."),
        "no_header": _(
            "No heading was found. One row should name the columns, for example: "
            "full name, organization, post."
        ),
        "too_long": _("There are too many rows. Divide the file: up to 20 000 people at a time."),
        "too_many_sheets": _(
            "There are more than 100 sheets. Divide the file, or leave only sheets with people."
        ),
        "too_many_titles": _(
            "The headings of the sheets have more than 1000 columns in all. Take away the columns "
            "that are not about people, or give the sheets the same heading."
        ),
        "time": _("The file took too long to read. Divide it or save it as CSV."),
    }
    return texts.get(code, _("The file could not be read. Save it as XLSX once more."))


def read(path):
    """Sheets of the file, read by a process that may fail without harm."""
    try:
        return run_limited(
            "communities.imports.read.read_file", str(path), seconds=SECONDS, megabytes=MEGABYTES
        )
    except LimitedError as error:
        raise ImportRefused(reason_text(str(error) if error.name else error.reason)) from None


def start(path, *, file_name, actor, organization=None):
    """Read a file into a batch with its preview; nobody's record changes yet."""
    require(actor, "communities.import_people")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _preview_of(read(path), digest, file_name[-200:], actor, organization)


@transaction.atomic
def _preview_of(answer, digest, file_name, actor, organization):
    """The batch of a file that was read; the same file once more is the same preview."""
    own = ImportBatch.objects.filter(created_by=actor, sha256=digest)
    # Locked: one that is being applied at this moment is a preview no more.
    again = own.filter(state=ImportBatch.State.PREVIEW).select_for_update().first()
    batch = again or ImportBatch(municipality=actor.municipality, created_by=actor, sha256=digest)
    batch.file_name, batch.created_at = file_name, timezone.now()  # looked at today once more
    batch.table = {"rows": [sheet["rows"] for sheet in answer["sheets"]]}
    batch.mapping = {
        "sheets": [
            {
                "name": sheet["name"],
                "titles": sheet["titles"],
                "columns": mapping_of(sheet["titles"]),
            }
            for sheet in answer["sheets"]
        ],
        "skipped": answer["skipped"],
        "organization": organization.pk if organization else None,
    }
    refresh(batch)
    audit.record("import.preview", batch, actor=actor, **_counts(batch))
    return batch


@transaction.atomic
def remap(batch, *, columns, organization, actor):
    """Say anew what the columns mean; `columns` is one mapping per sheet."""
    batch = locked(batch, actor, ImportBatch.State.PREVIEW)
    for sheet, mapping in zip(batch.sheets, columns, strict=True):
        sheet["columns"] = mapping
    batch.mapping["organization"] = organization.pk if organization else None
    batch.created_at = timezone.now()  # an old list somebody works on is no old list
    refresh(batch)
    audit.record("import.remap", batch, actor=actor, **_counts(batch))
    return batch


def _counts(batch):
    return {name: batch.mapping["preview"][name] for name in ("new", "changed", "wrong")}


def refresh(batch):
    """Compute the preview again and keep it with the batch."""
    plan = make_plan(batch)
    wrong = {(error["sheet"], error["row"]) for error in plan.errors}
    batch.mapping["preview"] = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "wrong": len(wrong),
        "posts": plan.posts.most_common(),
        "errors": plan.errors[: SHOWN["errors"]],
        "notes": plan.notes[: SHOWN["notes"]],
        "sample": shown.people_of(plan, batch.municipality),
    }
    batch.save()


def errors_of(batch):
    """Every error of the list; the preview keeps the first of them only."""
    kept = batch.preview["errors"]
    if len(kept) < SHOWN["errors"] or batch.state != ImportBatch.State.PREVIEW:
        return kept
    return make_plan(batch).errors


@transaction.atomic
def apply(batch, *, actor, partial=False):
    """Write the batch down; with wrong rows only when `partial` says to leave them out."""
    Municipality.objects.select_for_update(no_key=True).get(pk=batch.municipality_id)
    batch = locked(batch, actor, ImportBatch.State.PREVIEW)
    plan = make_plan(batch)
    if plan.errors and not partial:
        raise ImportRefused(_("Some rows have errors. Mend the file or agree to leave them out."))
    batch.changes = [*_create(plan.new, batch), *_update(plan.changed, batch)]
    batch.table = {"rows": [[] for _sheet in batch.sheets]}  # people are records now
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, timezone.now()
    counts = {"new": len(plan.new), "changed": len(plan.changed), "same": len(plan.same)}
    batch.mapping["preview"] = {**batch.preview, **counts, "sample": []}
    batch.save()
    audit.record("import.apply", batch, actor=actor, new=len(plan.new), changed=len(plan.changed))
    return batch


@transaction.atomic
def discard(batch, *, actor):
    """Forget a preview: nothing of it was written."""
    batch = locked(batch, actor, ImportBatch.State.PREVIEW)
    batch.state, batch.undone_at = ImportBatch.State.UNDONE, timezone.now()
    batch.table = {"rows": [[] for _sheet in batch.sheets]}
    batch.mapping["preview"] = {**batch.preview, "sample": [], "errors": [], "notes": []}
    batch.save()
    audit.record("import.discard", batch, actor=actor)


def locked(batch, actor, state):
    """The batch for this transaction alone, if it is still in the expected state."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    require(actor, "communities.import_people", batch)
    if batch.state != state:
        raise ImportRefused(_("This import has already been dealt with."))
    return batch


def _create(people, batch):
    """New people with their work, many at once."""
    password = make_password(None)
    records = [
        User(
            municipality_id=batch.municipality_id,
            password=password,
            **person.names,
            **{_column(name): value for name, value in person.about.items()},
        )
        for person in people
    ]
    User.objects.bulk_create(records, batch_size=500)
    works = [
        (record.pk, work)
        for person, record in zip(people, records, strict=True)
        for work in person.works
    ]
    created = _create_works(works, batch)
    return [{"model": "user", "pk": record.pk, "created": True} for record in records] + created


def _column(name):
    return "category_id" if name == "category" else name


def _create_works(works, batch):
    rows = [
        Employment(
            municipality_id=batch.municipality_id,
            person_id=person_pk,
            organization_id=work.values["organization"],
            post=work.values["post"],
            kind=work.values["kind"],
            starts_on=work.values.get("starts_on"),
        )
        for person_pk, work in works
    ]
    Employment.objects.bulk_create(rows, batch_size=500)
    link = Employment.subjects.through
    link.objects.bulk_create(
        (
            link(employment_id=row.pk, subject_id=subject)
            for row, (_person, work) in zip(rows, works, strict=True)
            for subject in work.values["subjects"]
        ),
        batch_size=1000,
    )
    return [{"model": "employment", "pk": row.pk, "created": True} for row in rows]


def _update(people, batch):
    """Values of known people; kinds that stop being main are written before those that become."""
    changes, new_works = [], []
    for person in people:
        if person.new:
            User.objects.filter(pk=person.pk).update(**person.new)
            changes.append(_change("user", person))
        for work in sorted(person.works, key=lambda work: work.new.get("kind") == "main"):
            if work.pk is None:
                new_works.append((person.pk, work))
            elif work.new:
                write_work(work.pk, work.new)
                changes.append(_change("employment", work))
    return changes + _create_works(new_works, batch)


def _change(model, row):
    return {"model": model, "pk": row.pk, "old": row.old, "new": row.new}


def write_work(pk, values):
    """Write some values of a place of work, subjects among them."""
    plain = {name: value for name, value in values.items() if name != "subjects"}
    if plain:
        Employment.objects.filter(pk=pk).update(**plain)
    if "subjects" in values:
        Employment.objects.get(pk=pk).subjects.set(values["subjects"])
