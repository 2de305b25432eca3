"""What the public check page tells about a paper of each kind: only what is printed on it."""

import dataclasses
import datetime
import json
import re
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from attestation import integrity
from attestation.models import AnnualReport
from attestation.paper import FILES, sealed_files
from communities import seals
from communities.models import Seal
from communities.seals import CODE_ALPHABET, CODE_LENGTH, LOOK_ALIKE
from network_portal.formats import day_full

KINDS: dict[str, Callable] = {}


@dataclasses.dataclass
class Shown:
    """A paper as the check page shows it.

    `status` is one of genuine, replaced, annulled, changed; `note` explains the middle two;
    `hashes` are pairs for whoever compares files by a program.
    """

    title: str
    rows: list
    status: str = "genuine"
    note: str = ""
    url: str = ""
    hashes: list = dataclasses.field(default_factory=list)


def shows(kind):
    """Register `function(seal, payload)` that returns what to show of papers of a kind."""

    def register(function):
        KINDS[kind] = function
        return function

    return register


def clean_code(text):
    """The code as it is stored, from whatever was typed; "" when it cannot be one."""
    letters = text.upper().translate(LOOK_ALIKE)
    raw = "".join(letter for letter in letters if letter in CODE_ALPHABET)
    if len(raw) != CODE_LENGTH:
        return ""
    return "-".join(raw[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def find(code):
    """The seal with this code, or None."""
    return Seal.objects.filter(code=code).select_related("municipality").first() if code else None


def shown(seal):
    """What the page shows of this paper; a kind nobody registered shows its seal alone.

    What has become of the paper is read from the chain: a row can be written back.
    """
    try:
        paper = KINDS.get(seal.kind, _unknown)(seal, json.loads(seal.payload))
        wrong = integrity.of_seal(seal)
    except ObjectDoesNotExist:  # the row the seal was put on is gone
        return Shown(_("Paper"), [], "changed")
    end = seals.end_of(seal) if seal.kind in integrity.PAPERS else None
    if end and wrong in ([], ["state"]):
        return dataclasses.replace(paper, **_fate(end))
    return dataclasses.replace(paper, status="changed") if wrong else paper


def _fate(end):
    """What the link that ends a paper says of it, if that link is whole itself."""
    if faults(end):
        return {"status": "changed"}
    told = json.loads(end.payload)
    new = find(told["successor"])
    if new is None:
        return {"status": told["state"], "note": told["reason"]}
    note = f"{_successor(new)}: {told['reason']}"
    url = reverse("attestation:verify", args=[new.code])
    return {"status": told["state"], "note": note, "url": url}


def _successor(seal):
    payload = json.loads(seal.payload)
    if seal.kind == "report":
        return _("Replaced by version %(version)s") % {"version": payload["version"]}
    return _("Replaced by No. %(number)s") % {"number": payload["number"]}


def faults(seal):
    """What is wrong with the paper itself, as codes; empty when it is genuine."""
    found = seals.faults(seal)
    if not _follows(seal):
        found.append("predecessor")
    return found


def _follows(seal):
    """Whether the link before it is there and is the one this link was made after."""
    if seal.number == 1:
        return seal.previous == ""
    before = Seal.objects.filter(municipality=seal.municipality, number=seal.number - 1)
    return before.filter(chain_hash=seal.previous).exists()


def _unknown(seal, payload):
    return Shown(_("Paper"), [])


@shows("report")
def _report(seal, payload):
    rows = AnnualReport.objects.select_related("school_year", "association")
    report = rows.defer("evidence", "figures", "tables", "findings").get(pk=seal.object_id)
    mark = payload.get("approval") or {}
    rows = [
        (_("Title"), payload.get("title", "")),
        (_("School year"), payload.get("school_year", "")),
        (_("Version"), str(payload.get("version", "")) if payload.get("version", 1) > 1 else ""),
        (_("Reason of the version"), payload.get("version_reason", "")),
        (pgettext("paper", "Issued by"), payload.get("department", "")),
        (_("Signed by"), " ".join(filter(None, (mark.get("post"), mark.get("name"))))),
        (_("Date"), _day(mark.get("date", ""))),
    ]
    link = sealed_files(report) if report.seal_id else None
    if link is None:
        rows.append((_("PDF and DOCX"), pgettext("papers of a report", "being made")))
    return Shown(
        _("Annual report"),
        rows,
        url="" if report.association_id else report.get_absolute_url(),
        hashes=_hashes(json.loads(link.payload)) if link else [],
    )


def _hashes(told):
    """Whoever has a copy of the PDF or the DOCX can compare it with its hash."""
    return [
        (_("Hash of the PDF (SHA-256)"), told["pdf"]["sha256"]),
        (_("Hash of the DOCX (SHA-256)"), told["docx"]["sha256"]),
    ]


@shows(FILES)
def _papers_of_report(seal, payload):
    """The link itself, for whoever reads an exported chain."""
    rows = [(_("Code of the paper"), payload["paper"])]
    url = reverse("attestation:verify", args=[payload["paper"]])
    title = _("Entry on the files of a report")
    return Shown(title, rows, url=url, hashes=_hashes(payload))


@shows(seals.END)
def _end(seal, payload):
    """The link itself, for whoever reads an exported chain."""
    rows = [
        (_("Code of the paper"), payload["paper"]),
        (_("What was decided"), str(STATUS_LABELS[payload["state"]])),
        (_("Reason"), payload["reason"]),
        (_("Signed by"), " ".join(filter(None, (payload["post"], payload["name"])))),
    ]
    url = reverse("attestation:verify", args=[payload["paper"]])
    return Shown(_("Entry on the end of a paper"), rows, url=url)


@shows("certificate")
def _certificate(seal, payload):
    """Every field of the paper."""
    known = (
        (_("Number"), "number"),
        (_("Given to"), "person"),
        (_("Organization"), "organization"),
        (_("For"), "phrase"),
        (_("Event"), "event"),
        (_("Kind of event"), "event_kind"),
        (_("Association"), "association"),
        (_("Topic"), "topic"),
        (_("Level"), "level"),
        (_("Date of the event"), "happened_text"),
        (_("Hours"), "hours_text"),
        (_("Proof"), "proof"),
        (pgettext("paper", "Issued by"), "issuer"),
        (_("Municipality"), "municipality"),
        (_("Date of issue"), "issued_text"),
    )
    head = " ".join(filter(None, (payload.get("head_post"), payload.get("head_name"))))
    rows = [(label, payload.get(name, "")) for label, name in known]
    return Shown(_("Certificate"), [*rows, (_("Signed by"), head)])


@shows("dossier")
def _dossier(seal, payload):
    """A dossier belongs to its person, who gave the code away: all of it is shown."""
    totals = payload.get("totals", {})
    rows = [
        (_("Full name"), payload.get("person", "")),
        (_("Post"), payload.get("post", "")),
        (_("Organization"), payload.get("organization", "")),
        (_("Qualification category"), payload.get("category", "")),
        (_("Period"), payload.get("period", "")),
        (_("Events"), str(totals.get("events", ""))),
        (_("Talks"), str(totals.get("talks", ""))),
        (_("Materials"), str(totals.get("materials", ""))),
        (pgettext("paper", "Issued by"), payload.get("issuer", "")),
        (_("Made on"), payload.get("made_on", "")),
    ]
    return Shown(_("Dossier"), [*rows, *(_row_of_dossier(row) for row in payload["rows"])])


def _row_of_dossier(row):
    about = [row["title"], *row["topics"], row["level"], row["role"], row["proof"]]
    return row["date"], "; ".join(filter(None, about))


@shows("minutes")
def _minutes(seal, payload):
    """Minutes name many people: the page names the signer, as it does for every paper."""
    signed, association = payload.get("signed") or {}, payload.get("association") or {}
    rows = [
        (_("Number"), str(payload.get("number", ""))),
        (_("Event"), payload.get("title", "")),
        (_("Association"), association.get("name", "")),
        (_("Date"), _day(payload.get("date", ""))),
        (_("Place"), payload.get("place", "")),
        (_("Number of those present"), str(len(payload.get("present", ())))),
        (pgettext("paper", "Issued by"), payload.get("issuer", "")),
        (_("Signed by"), " ".join(filter(None, (signed.get("post"), signed.get("name"))))),
    ]
    return Shown(_("Minutes"), rows)


def _day(text):
    """«19 ноября 2026 г.» of a day as a paper keeps it, `2026-11-19` or `19.11.2026`."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) != 3:
        return text
    year, month, day = map(int, numbers if len(numbers[0]) == 4 else reversed(numbers))
    return day_full(datetime.date(year, month, day))


STATUS_LABELS = {
    "genuine": gettext_lazy("Genuine"),
    "replaced": gettext_lazy("Replaced by a new version"),
    "annulled": gettext_lazy("Annulled"),
    "changed": gettext_lazy("Changed after signing"),
}
TONES = {"genuine": "ok", "replaced": "wait", "annulled": "bad", "changed": "bad"}


def _facts(paper, seal):
    """What was printed, then where the paper is from and its code; nothing stands twice."""
    known = dict(paper.rows)
    more = ((_("Municipality"), seal.municipality.name), (_("Code"), seal.code))
    return [*paper.rows, *(row for row in more if row[0] not in known)]


def page(seal):
    """Everything the check page says about a paper that was found."""
    wrong = faults(seal)
    # A text that is not the sealed one is not repeated, it may say anything.
    paper = Shown(_("Paper"), []) if "text" in wrong else shown(seal)
    status = "changed" if wrong else paper.status
    head = seals.head(seal.municipality)
    return {
        "seal": seal,
        "paper": paper,
        "status": STATUS_LABELS[status],
        "note": "" if wrong else paper.note,
        "tone": TONES[status],
        "rows": [(label, value, "") for label, value in _facts(paper, seal) if value],
        "chain": [
            (_("Sealed"), day_full(seal.sealed_at), ""),
            *((label, value, "") for label, value in paper.hashes),
            (_("Hash of the text (SHA-256)"), seal.digest, ""),
            (_("Place in the chain"), f"{seal.number} / {head.number}", ""),
            (_("Hash of the link"), seal.chain_hash, ""),
            (_("Head of the chain"), head.chain_hash, ""),
        ],
    }
