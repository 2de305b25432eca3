"""Letters: written in the transaction of their cause, sent once by a task."""

import datetime
import logging
import uuid
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from communities import broker
from communities.models import Letter

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 20  # three days, with the pauses between them
LONGEST_PAUSE = 6 * 60  # minutes before a refused letter is offered again
CLOSING = 421  # what a server says of itself, whatever it was asked
SECRET = "secret:"  # noqa: S105  keys of letters whose body is forgotten once it has been sent


class ServerAway(Exception):
    """The mail server takes nothing: the other letters need not ask it now."""


def post(key, person, subject, body, *, not_before=None):
    """Queue a letter to the address a person named for letters; the same `key` is queued once."""
    address = person.contact_email or person.email
    if not address:
        return None
    letter, _created = Letter.objects.get_or_create(
        key=key,
        defaults={
            "municipality_id": person.municipality_id,
            "person": person,
            "address": address,
            "subject": one_line(subject),
            "body": body,
            "not_before": not_before or timezone.now(),
        },
    )
    return letter


def one_line(subject):
    """A subject as letters keep it."""
    return " ".join(subject.split())[:200]


def post_secret(municipality, address, subject, body, *, person=None):
    """Queue a letter with a code or an invitation and wake a worker: somebody waits for it."""
    letter = Letter.objects.create(
        key=SECRET + uuid.uuid4().hex,
        municipality=municipality,
        person=person,
        address=address,
        subject=one_line(subject),
        body=body,
    )
    transaction.on_commit(_wake)
    return letter


def _wake():
    from communities.tasks import send_letters

    broker.send(send_letters)


def send_due(limit=200):
    """Send what is due, one transaction per letter, and return how many went out."""
    due = Letter.objects.filter(
        sent_at=None, not_before__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS
    )
    sent = 0
    for pk in list(due.order_by("not_before").values_list("pk", flat=True)[:limit]):
        try:
            sent += _send(pk)
        except ServerAway:
            break
    return sent


def _send(pk):
    with transaction.atomic():
        letter, error = _try_to_send(pk)
    if error is not None and not _is_refusal(error):
        raise ServerAway
    return letter is not None and error is None


def _try_to_send(pk):
    """The letter with what came of it; one that another worker has is left to it."""
    letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
    if letter is None:
        return None, None
    error = _deliver(letter)
    if error is None:
        letter.attempts += 1
        letter.sent_at = timezone.now()
        letter.body = "" if letter.key.startswith(SECRET) else letter.body
    else:
        log.warning("letter %s not sent: %s", letter.pk, error)
        _put_off(letter, error)
    letter.error = str(error or "")[:300]
    letter.save(update_fields=["attempts", "sent_at", "not_before", "error", "body"])
    return letter, error


def _put_off(letter, error):
    """A refused letter waits longer each time; an absent server is no fault of the letter.

    Yet even then it goes behind the others, lest a letter on which the server breaks stop them.
    """
    pause = 0
    if _is_refusal(error):
        letter.attempts += 1
        pause = min(2**letter.attempts, LONGEST_PAUSE)
    letter.not_before = timezone.now() + datetime.timedelta(minutes=pause)


def _deliver(letter):
    """Hand it to the mail server; the error if that failed or no letter can be made of it."""
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.address]).send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors too
        return error
    return None


def _is_refusal(error):
    """Whether this letter was not taken; else the server takes none: gone, closing, no sign-in."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code != CLOSING for code, _text in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code != CLOSING
    return isinstance(error, SMTPNotSupportedError | ValueError)
