"""Certificates: numbered, sealed as they were printed, annulled or replaced but never changed."""

import json

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from attestation.models import AS_MADE, Certificate, Participation
from communities import audit, documents, seals
from communities.models import Municipality
from events.models import Event, ParticipationRole
from network_portal import formats

KIND = "certificate"
State = Certificate.State
# Of several facts of one person at one event the paper names the most active one.
PHRASES = {
    ParticipationRole.MASTER_CLASS_HOST: gettext_lazy("held a master class at the event"),
    ParticipationRole.SPEAKER: gettext_lazy("spoke at the event"),
    ParticipationRole.AUTHOR: gettext_lazy("presented own work at the event"),
    ParticipationRole.JURY: gettext_lazy("was in the jury of the event"),
    ParticipationRole.EXPERT: gettext_lazy("was an expert at the event"),
    ParticipationRole.MODERATOR: gettext_lazy("chaired the event"),
    ParticipationRole.LEADER: gettext_lazy("spoke for an association at the event"),
    ParticipationRole.ORGANIZER: gettext_lazy("organized the event"),
    ParticipationRole.SECRETARY: gettext_lazy("kept the minutes of the event"),
    ParticipationRole.CONTESTANT: gettext_lazy("took part in the contest"),
    ParticipationRole.LISTENER: gettext_lazy("took part in the event"),
}
RANK = list(PHRASES)


class CertificateError(Exception):
    """Why there is no paper; the text is for the reader."""


def facts_of(event, **who):
    """Person → the fact the certificate names, for everybody the event has proof about."""
    rows = Participation.objects.filter(event=event, material=None, **who)
    rows = rows.select_related("person", "organization").order_by(*AS_MADE)
    facts = {}
    for fact in sorted(rows, key=lambda row: RANK.index(row.role)):
        facts.setdefault(fact.person_id, fact)
    return facts


def valid_of(event, person):
    """The valid certificate of a person at an event, or None."""
    found = Certificate.objects.filter(event=event, person=person, state=State.VALID)
    return found.select_related("municipality", "seal").first()


def issued(event):
    """How many valid certificates of an event there are."""
    return Certificate.objects.filter(event=event, state=State.VALID).count()


@transaction.atomic
def issue_for_event(event, *, actor, at=None):
    """Issue what is missing for everybody who took part; twice changes nothing."""
    event, municipality = _locked(event)
    have = Certificate.objects.filter(event=event, state=State.VALID)
    have = set(have.values_list("person_id", flat=True))
    missing = [fact for pk, fact in sorted(facts_of(event).items()) if pk not in have]
    return [_issue(event, fact, municipality, actor, at) for fact in missing]


@transaction.atomic
def issue_own(event, person, *, actor):
    """The certificate of one person, made when first asked for."""
    if found := valid_of(event, person):
        return found
    event, municipality = _locked(event)
    if found := valid_of(event, person):
        return found
    fact = facts_of(event, person=person).get(person.pk)
    if fact is None:
        raise CertificateError(_("There is no mark that you took part in this event."))
    return _issue(event, fact, municipality, actor)


def _locked(event):
    """The event with its list of people closed, and the municipality's register.

    Numbers follow each other without gaps, so there is one writer of the register at a time;
    whoever wants to open the list again waits for him.
    """
    rows = Event.objects.select_for_update(of=("self",), no_key=True)
    event = rows.select_related("kind", "level", "association").get(pk=event.pk)
    if event.state != Event.State.CLOSED:
        raise CertificateError(_("Certificates are issued when the attendance is closed."))
    register = Municipality.objects.select_for_update(no_key=True)
    return event, register.get(pk=event.municipality_id)


def _issue(event, fact, municipality, actor, at=None):
    at = at or timezone.now()
    year = timezone.localtime(at, municipality.tz).year
    certificate = Certificate.objects.create(
        municipality=municipality,
        year=year,
        number=_next_number(municipality, year),
        person=fact.person,
        event=event,
        role=fact.role,
        issued_at=at,
    )
    payload = payload_of(certificate, fact)
    certificate.seal = seals.seal(KIND, certificate, payload, actor=actor, at=at)
    certificate.save(update_fields=["seal"])
    audit.record("certificate.issue", certificate, actor=actor, person=fact.person_id)
    return certificate


def _next_number(municipality, year):
    rows = Certificate.objects.filter(municipality=municipality, year=year)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def hours_text(hours):
    """«2 часа», «1,5 часа»: the form of the word follows the number."""
    if hours == int(hours):
        form = ngettext("%(n)s hour", "%(n)s hours", int(hours))
        hours = int(hours)
    else:
        form = pgettext("with a fraction", "%(n)s hours")
        hours = hours.normalize()
    return form % {"n": formats.number(hours)}


def payload_of(certificate, fact):
    """Everything the paper says, as it stood when it was issued."""
    event, municipality = certificate.event, certificate.municipality
    issued_on = timezone.localdate(certificate.issued_at, municipality.tz)
    return {
        "template": "certificate",
        "number": certificate.register_number,
        "person_id": certificate.person_id,
        "event_id": certificate.event_id,
        "issued_on": issued_on,
        "issued_text": formats.day_full(issued_on),
        "issuer": municipality.department_name,
        "municipality": municipality.name,
        "head_post": municipality.head_post,
        "head_name": municipality.head_name,
        "person": fact.person.full_name,
        "person_dative": fact.person.name_dative,
        "organization": fact.organization.short_name if fact.organization else "",
        "role": fact.role,
        "role_label": fact.get_role_display(),
        "phrase": str(PHRASES[fact.role]),
        "event": event.title,
        "event_kind": event.kind.label,
        "level": event.level.label,
        "association": event.association.name if event.association else "",
        "topic": fact.topic if fact.topic != event.title else "",
        "happened_on": fact.happened_on,
        "happened_text": formats.day_full(fact.happened_on),
        "hours": event.hours,
        "hours_text": hours_text(event.hours),
        "proof": fact.get_proof_display(),
    }


@transaction.atomic
def annul(certificate, *, actor, reason):
    """Say publicly that a paper is no longer good, and why."""
    # The chain before the paper, as when one is reissued: two who end it at once do not lock up.
    Municipality.objects.select_for_update(no_key=True).get(pk=certificate.municipality_id)
    certificate = _valid_and_locked(certificate)
    _end(certificate, State.ANNULLED, reason)
    seals.end(certificate.seal, certificate, State.ANNULLED, actor=actor, reason=reason)
    audit.record("certificate.annul", certificate, actor=actor)
    return certificate


@transaction.atomic
def reissue(certificate, *, actor, reason):
    """Replace a paper, for example after a name was mended; the old one points at the new."""
    event, municipality = _locked(certificate.event)
    old = _valid_and_locked(certificate)
    fact = facts_of(event, person=old.person_id).get(old.person_id)
    if fact is None:
        raise CertificateError(_("There is no mark of this person at the event any more."))
    _end(old, State.REPLACED, reason)
    new = _issue(event, fact, municipality, actor)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    seals.end(old.seal, old, State.REPLACED, actor=actor, reason=reason, successor=new.seal)
    audit.record("certificate.replace", old, actor=actor, new=new.pk)
    return new


def _valid_and_locked(certificate):
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.state != State.VALID:
        raise CertificateError(_("This certificate is not valid any more."))
    return certificate


def _end(certificate, state, reason):
    certificate.state, certificate.state_reason = state, reason
    certificate.save(update_fields=["state", "state_reason"])


def pdf(certificate):
    """The paper, always set from its sealed text."""
    seal = certificate.seal
    url = documents.check_url(seal.code)
    data = json.loads(seal.payload) | {
        "code": seal.code,
        "url": url,
        "qr": documents.qr_svg(url),
    }
    return documents.pdf(data["template"], data, made_at=seal.sealed_at)
