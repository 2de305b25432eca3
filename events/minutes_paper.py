"""Signed minutes on paper: the snapshot as sentences, as a tagged PDF and as a DOCX."""

import datetime
import json
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communities import documents
from events.models import Attendance
from network_portal.formats import day_full, signature_name

TEMPLATE = Path(__file__).parent / "documents" / "minutes.docx"
LIST_FITS = 15  # people named in the text; more of them stand in a list at the end


def read(minutes):
    """The snapshot of signed minutes with every line of the paper written out."""
    data = json.loads(minutes.seal.payload)
    present, absent = data["present"], data["absent"]
    association = data["association"]
    return {
        **data,
        "heading": f"{association['kind']}: {association['name']}" if association else "",
        "subject": f"{data['event']['kind']} «{data['title']}»",
        "title": _("Minutes No. %(number)s") % {"number": data["number"]},
        "day": _day(data["date"]),
        "chair_line": person_line(data["chair"]),
        "secretary_line": person_line(data["secretary"]),
        "present_line": _present(present),
        "present_lines": [person_line(row) for row in present],
        "absent_line": _("Absent: %(count)s") % {"count": people_count(len(absent))},
        "absent_lines": [person_line(row) for row in absent],
        "present_apart": len(present) > LIST_FITS,
        "rows": [_row(number, row) for number, row in enumerate(present, 1)],
        "agenda": [_item(number, row) for number, row in enumerate(data["agenda"], 1)],
        "decisions": [_decision(number, row) for number, row in enumerate(data["decisions"], 1)],
        "signatures": _signatures(data),
        "signed_line": _signed(data["signed"]),
        "code": minutes.seal.code,
        "hash": minutes.seal.chain_hash,
        "digest": minutes.seal.digest,
    }


def person_line(card):
    """«Лебедева Ирина Викторовна, учитель, СОШ № 4»."""
    if not card:
        return ""
    return ", ".join(filter(None, (card["name"], card["post"], card["organization"])))


def people_count(number):
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": number}


def _present(present):
    """«Присутствовали: 12 человек, из них онлайн 2 (список прилагается)»."""
    count = people_count(len(present))
    online = sum(row["mode"] == Attendance.Mode.ONLINE for row in present)
    if not online:
        line = _("Present: %(count)s") % {"count": count}
    else:
        line = _("Present: %(count)s, %(online)s of them online") % {
            "count": count,
            "online": online,
        }
    return (
        line if len(present) <= LIST_FITS else _("%(line)s (the list is attached)") % {"line": line}
    )


def votes_line(votes_for, against):
    """«За – 11, против – 0», or nothing when nobody counted."""
    if votes_for is None and against is None:
        return ""
    numbers = {"for": votes_for or 0, "against": against or 0}
    return _("Voted: for – %(for)s, against – %(against)s.") % numbers


def _day(text):
    return day_full(datetime.date.fromisoformat(text)) if text else ""


def _row(number, card):
    online = card["mode"] == Attendance.Mode.ONLINE
    mode = pgettext("participation", "online") if online else pgettext("participation", "in person")
    return {**card, "number": number, "mode": mode}


def _item(number, row):
    return {
        "number": number,
        "question": row["question"] or row["heard"],
        "heard": row["heard"].splitlines() or [row["question"]],
        "spoke": row["spoke"].splitlines(),
        "decided": row["decided"].splitlines(),
        "votes": votes_line(row["for"], row["against"]),
    }


def _decision(number, row):
    who, until = person_line(row["person"]), _day(row["due_on"])
    line = row["text"].rstrip(".") + "."
    if who:
        line += " " + _("Responsible: %(who)s.") % {"who": who}
    if until:
        line += " " + _("Until %(day)s") % {"day": until}
    return {"number": number, "line": line}


def _signatures(data):
    pairs = ((_("Chair"), data["chair"]), (pgettext("of minutes", "Secretary"), data["secretary"]))
    return [{"post": post, "name": signature_name(card["name"])} for post, card in pairs if card]


def _signed(signed):
    at = day_full(datetime.datetime.fromisoformat(signed["at"]))
    who = ", ".join(filter(None, (signed["name"], signed["post"])))
    return _("Signed in the portal on %(day)s: %(who)s") % {"day": at, "who": who}


def file_name(minutes, extension):
    """«Протокол-3-2026-11-19.pdf»."""
    data = json.loads(minutes.seal.payload)
    return f"{_('Minutes')}-{data['number']}-{data['date']}.{extension}"


def pdf(minutes):
    """Bytes of the PDF; the same snapshot gives the same bytes."""
    url = documents.check_url(minutes.seal.code)
    data = {**read(minutes), "url": url, "qr": documents.qr_svg(url)}
    return documents.pdf("minutes", data, made_at=minutes.signed_at)


def docx(minutes):
    """Bytes of the DOCX, for whoever has to paste it into other papers."""
    return documents.docx(
        TEMPLATE, {**read(minutes), "url": documents.check_url(minutes.seal.code)}
    )
