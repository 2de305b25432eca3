"""A report as one plain structure: composed while it is written, read from the seal after.

The page, the PDF and the DOCX are made of it, so they say the same.
"""

import hashlib
import json

from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from django.utils.translation import gettext as _

from attestation import texts
from attestation.indicators import SHARE, effective, rows_behind
from attestation.models import AnnualReport, ApprovalMark, Proposal, ReportSection
from communities import seals
from network_portal.formats import capital

FORMAT = 1
FILES = "papers"  # the kind of the link that seals the hashes of the kept files


def of(report):
    """The structure of a report: what was signed, or what would be."""
    text = report.seal.payload if report.seal_id else seals.canonical(compose(report))
    return json.loads(text)


def sections_of(report):
    """The sections of this kind of report, as the municipality has them now."""
    own = "association" if report.association_id else "municipality"
    return ReportSection.objects.filter(municipality_id=report.municipality_id, scope=own)


def compose(report):
    """The structure of a report that is still being written."""
    overrides = {row.code: row for row in report.overrides.select_related("actor")}
    figures = _figures(report, overrides)
    written = dict(report.texts.values_list("section", "text"))
    proposals = list(report.proposals.all())
    return {
        "format": FORMAT,
        "kind": "report",
        "title": report.title,
        "version": report.version,
        "version_reason": report.version_reason,
        "municipality": report.municipality.slug,
        "municipality_name": report.municipality.name,
        "department": report.municipality.department_name,
        "school_year": report.school_year.long_name,
        "association": report.association.name if report.association_id else "",
        "counted_on": report.counted_on,
        "built_at": report.built_at,
        "figures": figures,
        "texts": written,
        "facts": report.tables.get("facts", {}),
        "sections": [_section(row, report, figures, written) for row in sections_of(report)],
        "proposals": [_proposal(row) for row in proposals],
        "author": _author(report),
    }


def _figures(report, overrides):
    told = report.tables.get("indicators", {})
    by_hand = {code: row.value for code, row in overrides.items()}
    printed = effective(report.figures, by_hand, told)
    return {
        code: {
            "label": about["label"],
            "unit": about["unit"],
            "computed": report.figures.get(code, 0),
            "value": printed.get(code, 0),
            "rows": report.figures.get(rows_behind(code, about), 0),
            "reason": overrides[code].reason if code in overrides else "",
            "changed_by": overrides[code].actor.short_name if code in overrides else "",
            "is_share": about["source"] == SHARE,
        }
        for code, about in told.items()
    }


def _section(row, report, figures, written):
    section = {"code": row.code, "kind": row.kind, "heading": row.label}
    section["is_heading_shown"] = row.is_heading_shown
    if row.kind == "text":
        values = {code: told["value"] for code, told in figures.items()}
        found = report.tables.get("facts", {})
        section["paragraphs"] = texts.fill(written.get(row.code, ""), values, found)
    elif row.kind == "table":
        section["table"] = report.tables.get(row.code)
    return section


def _proposal(row):
    return {
        "heading": row.heading,
        "addressees": row.addressees,
        "text": row.text,
        "due_on": row.due_on,
    }


def _author(report):
    if report.author is None:
        return {"name": "", "post": ""}
    if report.association_id:
        post = _("Leader of %(association)s") % {"association": report.association.title}
    else:
        work = report.author.main_employment
        post = work.post if work else ""
    return {"name": report.author.signature, "post": post}


def signed(report, decision):
    """The structure that goes under the seal: with decisions, evidence, and the chain's head.

    Called under the lock of the municipality, so that the head is the link before this one.
    """
    before = seals.head(report.municipality)
    return {
        **compose(report),
        "evidence": {code: digest_of_keys(keys) for code, keys in report.evidence.items()},
        "decisions": [_decision(row) for row in report.decisions.all()],
        "approval": mark_of(report.municipality)
        | {
            "post": capital(decision.actor_post),
            "name": signature_of(decision),
            "date": decided_on(decision, report.municipality),
        },
        "replaces": report.replaces.seal.code if report.replaces_id else "",
        "chain_before": {
            "number": before.number if before else 0,
            "hash": before.chain_hash if before else "",
        },
    }


def mark_of(municipality):
    """The mark of this place's reports and its side of the sheet: the first of its marks."""
    mark = ApprovalMark.objects.filter(municipality=municipality).first()
    return {"mark": mark.label if mark else "", "side": mark.side if mark else "left"}


def digest_of_keys(keys):
    """How many rows stand behind a figure, and a hash of which."""
    text = "\n".join(map(str, keys))
    return {"rows": len(keys), "digest": hashlib.sha256(text.encode()).hexdigest()}


def _decision(row):
    return {
        "action": row.action,
        "name": row.actor_name,
        "post": row.actor_post,
        "at": row.decided_at,
        "comment": row.comment,
    }


def signature_of(decision):
    """«А.П. Соколова»: the signer's name as it stands at the decision."""
    return decision.actor.signature


def decided_on(decision, municipality):
    """«25.06.2021», as the approval mark prints it."""
    return f"{timezone.localtime(decision.decided_at, municipality.tz):%d.%m.%Y}"


def proposals_by_heading(paper):
    """Proposals as printed: under the names of those they are for."""
    grouped = {}
    for one in paper["proposals"]:
        grouped.setdefault(one["heading"], []).append(one)
    return list(grouped.items())


def addressees_in_words(codes):
    """Codes of those a proposal is for, as people call them."""
    return ", ".join(str(Proposal.Addressee(code).label) for code in codes)


def integrity(report):
    """What is wrong with a signed report, as codes; nothing wrong is an empty list.

    The text is checked against its hash and signature, the row and the files against the text.
    """
    seal = report.seal
    faults = seals.faults(seal)
    if not seals.is_of(seal, report):
        faults.append("seal")
    elif "text" not in faults and _row_differs(report, json.loads(seal.payload)):
        faults.append("row")
    if (report.state == AnnualReport.State.REPLACED) != bool(seals.end_of(seal)):
        faults.append("state")
    return faults + _faults_of_files(report)


def sealed_files(report):
    """The link under which the kept PDF and DOCX stand, or None while they are being made."""
    return seals.later(report.seal, FILES).first()


def _faults_of_files(report):
    """The files against the hashes in the chain: a name or a row says nothing about them."""
    link = sealed_files(report)
    if link is None:  # only the job that seals the files names them in the row
        return [f"file_{kind}" for kind in ("pdf", "docx") if getattr(report, kind)]
    if seals.faults(link):
        return ["files"]
    if not (report.pdf and report.docx):  # the job may have ended since the row was read
        report.refresh_from_db(fields=["pdf", "docx"])
    told = json.loads(link.payload)
    return [
        f"file_{kind}"
        for kind in ("pdf", "docx")
        if _hash_of(getattr(report, kind)) != told[kind]["sha256"]
    ]


def _row_differs(report, paper):
    told = {code: one["computed"] for code, one in paper["figures"].items()}
    return (
        report.figures != told
        or report.version != paper["version"]
        or report.title != paper["title"]
    )


def _hash_of(field):
    """The hash of a kept file as it lies there; "" when there is none."""
    if not field:
        return ""
    try:
        with field.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (OSError, SuspiciousOperation):  # gone, or a name that leads elsewhere
        return ""
