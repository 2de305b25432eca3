"""Rows against the chain: whether certificates, minutes and reports still say what was sealed."""

import dataclasses
import datetime
import json
from collections.abc import Callable

from attestation import paper
from attestation.models import AnnualReport, Certificate
from communities import seals
from communities.models import Seal
from events.models import Minutes

CHUNK = 500  # sealed texts are long: rows are read in portions
AGENDA = ("question", "heard", "spoke", "decided", "for", "against")


@dataclasses.dataclass(frozen=True)
class Papers:
    """Rows of one kind that must carry a seal, and what in one of them is not as sealed."""

    rows: Callable
    faults: Callable


def of_municipality(municipality):
    """Lines about every row that differs from its seal, and every sealed row that is gone."""
    for kind, papers in PAPERS.items():
        rows = papers.rows().filter(municipality=municipality).order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK):
            yield from (f"{kind} {row.pk}: {what}" for what in of_row(kind, row))
        sealed = Seal.objects.filter(municipality=municipality, kind=kind)
        sealed = sealed.filter(object_type=rows.model._meta.label_lower)
        carried = rows.exclude(seal=None).order_by().values("seal")
        for number in sealed.exclude(pk__in=carried).values_list("number", flat=True):
            yield f"link {number}: its {kind} is gone"


def of_row(kind, row):
    """What in this row is not as it was sealed, as codes."""
    return PAPERS[kind].faults(row) if row.seal_id else ["unsealed"]


def of_seal(seal):
    """What is wrong with the row this seal was put on; not every kind has such a row."""
    if seal.kind not in PAPERS:
        return []
    row = PAPERS[seal.kind].rows().get(pk=seal.object_id)
    return of_row(seal.kind, row) if row.seal_id == seal.pk else ["seal"]


def _certificates():
    return Certificate.objects.select_related("seal__municipality", "replaced_by__seal")


def _signed_minutes():
    rows = Minutes.objects.filter(state=Minutes.State.SIGNED)
    return rows.select_related("seal__municipality").prefetch_related("items", "decisions")


def _signed_reports():
    rows = AnnualReport.objects.filter(seal__isnull=False).defer("evidence", "tables", "findings")
    return rows.select_related("seal__municipality")


def _compared(fields):
    """A check of rows by `fields(row, told)`: name → (what the row says, what was sealed)."""

    def faults(row):
        if not seals.is_of(row.seal, row):
            return ["seal"]
        if wrong := seals.faults(row.seal):
            return wrong
        told = json.loads(row.seal.payload)
        return [name for name, (now, then) in fields(row, told).items() if now != then]

    return faults


def _certificate(row, told):
    # The code of the municipality before them may change, year and number may not.
    year, number = told["number"].rsplit("-", 2)[1:]
    return {
        "state": (_fate(row), _sealed_fate(row.seal)),
        "year": (row.year, int(year)),
        "number": (row.number, int(number)),
        "person": (row.person_id, told["person_id"]),
        "event": (row.event_id, told["event_id"]),
        "role": (row.role, told["role"]),
        "issued_at": (row.issued_at, row.seal.sealed_at),
    }


def _fate(certificate):
    new = certificate.replaced_by
    code = new.seal.code if new and new.seal else ""
    return certificate.state, certificate.state_reason, code


def _sealed_fate(seal):
    end = seals.end_of(seal)
    if end is None:
        return Certificate.State.VALID, "", ""
    told = json.loads(end.payload)
    return told["state"], told["reason"], told["successor"]


def _minutes(row, told):
    return {
        "number": (row.number, told["number"]),
        "event": (row.event_id, told["event"]["id"]),
        "association": (row.association_id, _id(told["association"])),
        "chair": (row.chair_id, _id(told["chair"])),
        "secretary": (row.secretary_id, _id(told["secretary"])),
        "signed_at": (row.signed_at, datetime.datetime.fromisoformat(told["signed"]["at"])),
        "agenda": (
            [
                (one.question, one.heard, one.spoke, one.decided, one.votes_for, one.votes_against)
                for one in row.items.all()
            ],
            [tuple(one[name] for name in AGENDA) for one in told["agenda"]],
        ),
        "decisions": (
            [(one.text, one.person_id, str(one.due_on or "")) for one in row.decisions.all()],
            [(one["text"], _id(one["person"]), one["due_on"]) for one in told["decisions"]],
        ),
    }


def _id(card):
    return card["id"] if card else None


PAPERS = {
    "certificate": Papers(_certificates, _compared(_certificate)),
    "minutes": Papers(_signed_minutes, _compared(_minutes)),
    "report": Papers(_signed_reports, paper.integrity),
}
