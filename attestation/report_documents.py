"""Papers of a report: PDF and DOCX of one print form, made of the sealed text."""

import datetime
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attestation import paper as papers
from attestation import texts
from attestation.tables import TABLES
from communities import documents, seals
from communities.models import Municipality
from materials import stored
from network_portal.formats import capital, number

TEMPLATE = Path(settings.BASE_DIR, "attestation", "documents", "report.docx")
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def pdf(report):
    """The tagged PDF of a report as it stands: signed, or a project of it."""
    form = print_form(report)
    return documents.pdf("report", form, made_at=made_at(report))


def docx(report):
    """The DOCX from the office's template."""
    form = print_form(report)
    qr = documents.qr_png(form["check"]["url"] if form["check"] else "")
    return documents.docx(TEMPLATE, with_notes(form), pictures={"qr": qr})


def made_at(report):
    return report.seal.sealed_at if report.seal_id else report.built_at or timezone.now()


def keep(report):
    """Store and seal both papers of a signed report; field → name of the file."""
    return seal(report, made(report), actor=None)


def made(report):
    """Both papers stored under their hashes: kind → name of the file and hash."""
    return {kind: _kept(make(report), kind) for kind, make in (("pdf", pdf), ("docx", docx))}


@transaction.atomic
def _kept(content, kind):
    sha256 = hashlib.sha256(content).hexdigest()
    name = stored.keep(
        ContentFile(content),
        folder="reports",
        sha256=sha256,
        size=len(content),
        ending=f".{kind}",
    )
    return {"name": name, "sha256": sha256}


@transaction.atomic
def seal(report, files, *, actor):
    """Put the hashes of the papers into the chain, once; field → name of the sealed file.

    Papers made again are the same bytes, unless a newer engine sets them otherwise: then
    those that were sealed stay the papers of the report.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=report.municipality_id)
    link = papers.sealed_files(report)
    if link is None:
        payload = {"paper": report.seal.code, **files}
        link = seals.seal(papers.FILES, report, payload, actor=actor)
    told = json.loads(link.payload)
    return {kind: told[kind]["name"] for kind in files}


def print_form(report):
    """What both papers print, in the order they print it."""
    paper = papers.of(report)
    return {
        "title": paper["title"],
        "version": _version(paper),
        "issuer": paper["department"],
        "approval": paper.get("approval") or _blank_approval(report),
        "sections": [form for one in paper["sections"] if (form := _section(one, paper))],
        "sign": _sign(paper),
        "check": _check(report),
        "chain": _chain(report, paper),
    }


def _version(paper):
    if paper["version"] == 1:
        return ""
    return _("Version %(version)s: %(reason)s") % {
        "version": paper["version"],
        "reason": paper["version_reason"],
    }


def _blank_approval(report):
    """Room for a signature by hand on a project of the municipal report."""
    if report.association_id:
        return None
    place = report.municipality
    return papers.mark_of(place) | {
        "post": place.head_post,
        "name": f"____________ {place.head_name}",
        "date": "«___» ____________ 20__ г.",
    }


def _section(section, paper):
    blocks = list(BLOCKS[section["kind"]](section, paper))
    if not blocks:
        return None
    return {"heading": section["heading"] if section["is_heading_shown"] else "", "blocks": blocks}


def _text_blocks(section, paper):
    """Paragraphs, and neighbouring items as one list."""
    items = []
    for paragraph in section["paragraphs"]:
        runs = [_run(part, paper["figures"]) for part in paragraph["parts"]]
        if paragraph["item"]:
            items.append(runs)
            continue
        if items:
            yield {"type": "list", "items": items}
            items = []
        yield {"type": "text", "runs": runs}
    if items:
        yield {"type": "list", "items": items}


def _run(part, figures):
    if isinstance(part, str):
        return {"text": part, "note": ""}
    return {"text": texts.plain(part), "note": footnote(figures[part["code"]])}


def footnote(figure):
    """«Исправлено вручную: было 1 184. …»: what a reader of the paper is told."""
    if not figure["reason"]:
        return ""
    return _("Changed by hand: %(label)s, computed %(was)s. %(reason)s") % {
        "label": figure["label"],
        "was": number(figure["computed"]),
        "reason": figure["reason"],
    }


def _table_blocks(section, paper):
    table = section.get("table")
    if not table or not table["rows"] or section["code"] not in TABLES:
        return
    first = table["rows"][0]["cells"]
    yield {
        "type": "table",
        "columns": [column[0] for column in table["columns"]],
        "numeric": [isinstance(cell, int) for cell in first],
        "rows": [[_cell(cell) for cell in row["cells"]] for row in table["rows"]],
        "totals": [_cell(cell) for cell in table["totals"]],
        "note": table["note"],
    }


def _cell(value):
    return number(value) if isinstance(value, int) else value


def _proposal_blocks(section, paper):
    groups = [
        {"heading": heading, "items": [proposal_lines(one) for one in rows]}
        for heading, rows in papers.proposals_by_heading(paper)
    ]
    if groups:
        yield {"type": "proposals", "groups": groups}


def proposal_lines(one):
    """A proposal and its deadline as printed."""
    text = one["text"].strip().rstrip(".;,") + "."
    if not one["due_on"]:
        return {"text": text, "due": ""}
    due = datetime.date.fromisoformat(one["due_on"])
    return {"text": text, "due": _("until %(day)s") % {"day": f"{due:%d.%m.%Y}"}}


BLOCKS = {"text": _text_blocks, "table": _table_blocks, "proposals": _proposal_blocks}


def _sign(paper):
    name = paper["author"]["name"]
    return {"post": capital(paper["author"]["post"]), "name": name}


def _check(report):
    if not report.seal_id:
        return None
    url = documents.check_url(report.seal.code)
    return {"url": url, "code": report.seal.code, "qr": documents.qr_svg(url)}


def _chain(report, paper):
    """The head of the chain as it stands with this paper: printed, it cannot be cut off."""
    if not report.seal_id:
        return ""
    return _(
        "Paper %(code)s, link %(number)s of the chain. Head of the chain: %(head)s. "
        "Before it: %(before)s."
    ) % {
        "code": report.seal.code,
        "number": report.seal.number,
        "head": report.seal.chain_hash,
        "before": paper["chain_before"]["hash"] or "—",
    }


def with_notes(form):
    """The form for a word processor: footnotes become numbered notes under the text."""
    form = json.loads(json.dumps(form))
    notes = []
    for section in form["sections"]:
        for block in section["blocks"]:
            lines = block.get("items", []) if block["type"] == "list" else [block.get("runs", [])]
            for runs in lines:
                _number_notes(runs, notes)
    return {**form, "notes": notes, **_as_lines(form)}


def _number_notes(runs, notes):
    for one in runs:
        if one["note"]:
            notes.append(one["note"])
            one["text"] += str(len(notes)).translate(SUPERSCRIPTS)


def _as_lines(form):
    """Blocks as the template walks them: a paragraph or an item is one string."""
    for section in form["sections"]:
        for block in section["blocks"]:
            if block["type"] == "text":
                block["text"] = "".join(one["text"] for one in block["runs"])
            elif block["type"] == "list":
                block["lines"] = ["".join(one["text"] for one in runs) for runs in block["items"]]
    return {"sections": form["sections"]}
