"""Taking a whole import back, as long as nothing has come to rest on it."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from communities.imports.apply import UNDO_WITHIN, ImportRefused, locked, write_work
from communities.models import AuditEntry, Employment, ImportBatch, Municipality, User

NAMED = 5  # people named in a refusal


@transaction.atomic
def undo(batch, *, actor):
    """Restore what the batch changed and remove what it created, or refuse with the reason."""
    Municipality.objects.select_for_update(no_key=True).get(pk=batch.municipality_id)
    batch = locked(batch, actor, ImportBatch.State.APPLIED)
    if timezone.now() > _since(batch) + UNDO_WITHIN:
        raise ImportRefused(_("More than 30 days have passed: this import stays."))
    people = _created(batch, "user")
    works = _created(batch, "employment")
    held = _held(people, works, batch)
    if held:
        raise ImportRefused(
            _("These people have facts or edits since the import: %(names)s. The import stays.")
            % {"names": _names(held)}
        )
    try:
        _take_back(batch, people, works)
    except (IntegrityError, ProtectedError):
        raise ImportRefused(
            _("The work of these people has changed since. Correct their records by hand.")
        ) from None
    batch.state, batch.undone_at = ImportBatch.State.UNDONE, timezone.now()
    batch.changes = []
    batch.save()
    audit.record("import.undo", batch, actor=actor, people=len(people), works=len(works))
    return batch


@transaction.atomic
def _take_back(batch, people, works):
    Employment.objects.filter(pk__in=works).delete()
    for change in reversed(batch.changes):
        if "old" in change:
            _restore(change)
    User.objects.filter(pk__in=people).delete()


def _since(batch):
    return batch.applied_at or batch.created_at


def _created(batch, model):
    return [row["pk"] for row in batch.changes if row["model"] == model and row.get("created")]


def _touched(batch, model):
    """Rows the batch made or changed."""
    return [row["pk"] for row in batch.changes if row["model"] == model]


def _names(pks):
    people = User.objects.filter(pk__in=list(pks)).in_order()
    named = ", ".join(person.short_name for person in people[:NAMED])
    return named if len(pks) <= NAMED else _("%(names)s and others") % {"names": named}


def _held(people, works, batch):
    """People who have anything that the batch did not bring and its undoing would take away."""
    held = set()
    for model, pks in ((User, people), (Employment, works)):
        for relation in _relations(model):
            name = f"{relation.field.name}__in"
            rows = relation.related_model._base_manager.filter(**{name: pks})
            if relation.related_model is Employment:
                rows = rows.exclude(pk__in=works)
            owners = set(rows.values_list(relation.field.attname, flat=True)[:50])
            held |= owners if model is User else _people_of(owners)
    held |= _edited(User, people, batch)
    # Also of people who were there before: taking the work back would take the edit with it.
    held |= _people_of(_edited(Employment, _touched(batch, "employment"), batch))
    claimed = User.objects.filter(pk__in=people).exclude(email=None, is_active=False)
    return held | set(claimed.values_list("pk", flat=True)[:50])


def _edited(model, pks, batch):
    """Which of these rows somebody has changed by hand since the import."""
    entries = AuditEntry.objects.filter(
        object_type=model._meta.label_lower,
        object_id__in=[str(pk) for pk in pks],
        at__gt=_since(batch),
    )
    return {int(pk) for pk in entries.values_list("object_id", flat=True)[:50]}


def _people_of(works):
    return set(Employment.objects.filter(pk__in=works).values_list("person_id", flat=True))


def _relations(model):
    """Everything that may point at a row: hidden relations and those of other apps too."""
    own_links = {field.remote_field.through for field in model._meta.local_many_to_many}
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and relation.related_model not in own_links
    ]


def _restore(change):
    """Put old values back where nobody has changed them since."""
    model = {"user": User, "employment": Employment}[change["model"]]
    row = model.objects.filter(pk=change["pk"]).first()
    if row is None:
        return
    back = {
        name: _value(model, name, change["old"][name])
        for name, new in change["new"].items()
        if _now(row, name) == _value(model, name, new)
    }
    if model is Employment:
        write_work(row.pk, back)
    elif back:
        User.objects.filter(pk=row.pk).update(**back)


def _now(row, name):
    if name == "subjects":
        return sorted(row.subjects.values_list("pk", flat=True))
    return getattr(row, name)


def _value(model, name, stored):
    """A value as the model has it: days come back from JSON as text."""
    if name == "subjects" or name.endswith("_id") or stored is None:
        return stored
    return model._meta.get_field(name).to_python(stored)
