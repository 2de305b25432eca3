"""The dossier for attestation: five years of proven facts in one paper, made in one click."""

import contextlib

from django.utils.translation import gettext as _

from attestation import certificates, record
from attestation.models import Certificate
from communities import documents
from events.models import Event, Minutes
from network_portal import formats

KIND = "dossier"
YEARS = 5  # the period that commissions ask about


def period(today):
    """First and last day of the dossier: five years back from today."""
    return today.replace(day=1, year=today.year - YEARS), today


def facts_in(person, first, last):
    """The person's facts of the period, newest first."""
    facts = record.facts_of(person).filter(happened_on__range=(first, last))
    return list(record.in_order(facts))


def issue_missing(person, facts, *, actor):
    """Ask for certificates of closed events that neither one nor signed minutes prove."""
    proven = evidence_of(person, facts)
    events = {fact.event_id: fact.event for fact in facts if _is_at_closed(fact)}
    for pk in sorted(events.keys() - proven.keys()):
        # Between the two somebody may have opened the list again: then the row stands without.
        with contextlib.suppress(certificates.CertificateError):
            certificates.issue_own(events[pk], person, actor=actor)


def _is_at_closed(fact):
    return fact.event_id and not fact.material_id and fact.event.state == Event.State.CLOSED


def evidence_of(person, facts):
    """Event id → (what proves it, check code), by certificates or else by signed minutes."""
    events = {fact.event_id for fact in facts if fact.event_id}
    minutes = Minutes.objects.filter(event__in=events, state=Minutes.State.SIGNED)
    proofs = {
        row.event_id: (_("Minutes No. %(n)s") % {"n": row.number}, row.seal.code)
        for row in minutes.select_related("seal")
    }
    papers = Certificate.objects.filter(
        event__in=events, person=person, state=Certificate.State.VALID
    ).select_related("seal", "municipality")
    for row in papers:
        title = _("Certificate No. %(n)s") % {"n": row.register_number}
        proofs[row.event_id] = (title, row.seal.code)
    return proofs


def payload_of(person, today, facts):
    """Everything the dossier says, as it stands today."""
    first, last = period(today)
    proofs = evidence_of(person, facts)
    work = person.main_employment
    return {
        "template": "dossier",
        "title": _("Participation in methodical work"),
        "issuer": person.municipality.department_name,
        "person": person.full_name,
        "post": work.post if work else "",
        "organization": work.organization.full_name if work else "",
        "category": person.category.label if person.category else "",
        "period": f"{first:%d.%m.%Y} – {last:%d.%m.%Y}",
        "made_on": formats.day_full(today),
        "totals": totals_of(facts),
        "rows": [_row(same, *_proof(same[0], proofs)) for same in _together(facts)],
    }


def totals_of(facts):
    """Events, talks and materials, each counted once."""
    return {
        "events": len({fact.event_id for fact in facts if fact.event_id and not fact.material_id}),
        "talks": sum(fact.key.startswith("t") for fact in facts),
        "materials": len({fact.material_id for fact in facts if fact.material_id}),
    }


def _together(facts):
    """What was done at one event stands in one row, as in the own record."""
    rows = {}
    for fact in facts:
        at_event = fact.event_id and not fact.material_id
        rows.setdefault(fact.event_id if at_event else fact.key, []).append(fact)
    return rows.values()


def _proof(fact, proofs):
    """The papers of an event say nothing about a material that was shown there."""
    return ("", "") if fact.material_id else proofs.get(fact.event_id, ("", ""))


def _row(same, proof, code):
    fact = same[0]
    event = None if fact.material_id else fact.event
    roles = dict.fromkeys(one.get_role_display() for one in same)
    return {
        "date": f"{fact.happened_on:%d.%m.%Y}",
        "title": event.title if event else fact.topic,
        "topics": [one.topic for one in same if event and one.topic != event.title],
        "association": fact.association.title if fact.association_id else "",
        "kind": event.kind.label if event else "",
        "level": event.level.label if event else "",
        "role": ", ".join(roles),
        "proof": proof or same[-1].proven_by,
        "code": code,
        "url": documents.check_url(code) if code else "",
    }


def pdf(payload, code, made_at):
    """The dossier as a tagged PDF; rows with a checkable paper carry its QR code."""
    url = documents.check_url(code)
    drawn = {row["url"]: documents.qr_svg(row["url"]) for row in payload["rows"] if row["url"]}
    data = payload | {
        "code": code,
        "url": url,
        "qr": documents.qr_svg(url),
        "rows": [row | {"qr": drawn.get(row["url"], "")} for row in payload["rows"]],
    }
    return documents.pdf("dossier", data, made_at=made_at)
