"""Invitations: the link by which a person claims the record colleagues already keep."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit, mail
from communities.access import can, require
from communities.models import Invitation, User

VALID_FOR = timedelta(days=14)
PAUSE = timedelta(minutes=1)  # a second click sends no second letter


class InvitationError(Exception):
    """A refusal whose text the reader may see."""


class AddressTaken(InvitationError):
    """Somebody else took the address between the check and the claim."""


def link_of(token):
    return settings.SITE_URL + reverse("communities:invitation", args=[token])


@transaction.atomic
def invite(person, *, actor, email):
    """Make a link for a person without an account, send it and return it once.

    Earlier links of the person stop working.
    """
    person = _locked(person.pk)
    require(actor, "communities.invite_person", person)
    if person.invitations.filter(created_at__gt=timezone.now() - PAUSE, used_at=None).exists():
        raise InvitationError(_("An invitation was sent a minute ago. Wait a little."))
    return issue(person, email=email, invited_by=actor)


@transaction.atomic
def issue(person, *, email, invited_by):
    """The same without asking who invites: for the first operator of a municipality."""
    now = timezone.now()
    person.invitations.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    token = Invitation.new_token()
    invitation = person.invitations.create(
        municipality_id=person.municipality_id,
        token_hash=Invitation.hash_of(token),
        invited_by=invited_by,
        expires_at=now + VALID_FOR,
    )
    link = link_of(token)
    _write(person, email, link, invitation.expires_at)
    audit.record("person.invite", person, actor=invited_by, invitation=invitation.pk)
    return link


def _write(person, email, link, expires_at):
    body = _(
        "Good day, %(name)s!\n\n"
        "You are invited to the teacher network of %(place)s. Your record is already there: "
        "open the link, check the address and set a password.\n\n%(link)s\n\n"
        "The link works until %(day)s and only once. "
        "If this letter came to you by mistake, do nothing."
    ) % {
        "name": " ".join(filter(None, (person.first_name, person.patronymic))),
        "place": person.municipality.name_genitive,
        "link": link,
        "day": timezone.localtime(expires_at).strftime("%d.%m.%Y"),
    }
    subject = _("Invitation to the teacher network")
    mail.post_secret(person.municipality, email, subject, body, person=person)


def find(token):
    """The invitation of this link, open or not; None when there is no such link."""
    rows = Invitation.objects.select_related("person__municipality")
    return rows.filter(token_hash=Invitation.hash_of(token)).first()


@transaction.atomic
def claim(token, *, email, password):
    """Open the account of the record; of many simultaneous claims one succeeds."""
    found = find(token)
    if found is None:
        raise InvitationError(_("This link does not work."))
    person = _locked(found.person_id)
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if not invitation.is_open or person.is_active or person.email or not _holds(invitation, person):
        raise InvitationError(_("This link has been used or is out of date."))
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    person.email = email
    person.is_active = True
    person.set_password(password)
    try:
        person.save(update_fields=["email", "is_active", "password"])
    except IntegrityError:
        raise AddressTaken(_("This address is taken. Is it you? Then sign in.")) from None
    audit.record("person.claim", person, actor=person, invitation=invitation.pk)
    return person


def _holds(invitation, person):
    """Whether the inviter may still invite: roles come and go while a link waits.

    The first operator of a municipality is invited by nobody else.
    """
    inviter = invitation.invited_by
    is_first = inviter is None or inviter == person
    return is_first or (inviter.is_active and can(inviter, "communities.invite_person", person))


def _locked(pk):
    rows = User.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=pk)
