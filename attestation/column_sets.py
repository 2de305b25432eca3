"""Saved sets of columns of participation exports: the tables an office is asked for."""

from django.db import transaction
from django.db.models import Max

from attestation.models import ExportColumnSet
from communities import audit
from communities.models import Municipality


@transaction.atomic
def save_column_set(label, columns, *, actor):
    """Keep columns under a name; the same name is the same set with new columns."""
    place = Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)
    sets = ExportColumnSet.objects.filter(municipality=place)
    row = sets.filter(label__iexact=label).first() or _new(sets, place)
    row.label, row.columns = label, columns
    row.save()
    audit.record("export_columns.save", row, actor=actor, columns=columns)
    return row


def _new(sets, municipality):
    last = sets.aggregate(last=Max("position"))["last"] or 0
    number = 1 + max((_number(code) for code in sets.values_list("code", flat=True)), default=0)
    return ExportColumnSet(municipality=municipality, code=f"set-{number}", position=last + 1)


def _number(code):
    tail = code.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0


@transaction.atomic
def delete_column_set(row, *, actor):
    """Forget a set; tables made with it stay what they are."""
    audit.record("export_columns.delete", row, actor=actor)
    row.delete()
