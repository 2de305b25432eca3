import datetime
import smtplib
import socket
import socketserver
import threading

import pytest
import time_machine
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from communities import mail
from communities.models import Letter
from tests.factories import PersonFactory


def post(person, key="a", **fields):
    return mail.post(key, person, "Завтра семинар", "Ждём вас.", **fields)


def test_same_key_is_posted_once_and_sent_once(people):
    assert post(people.teacher) == post(people.teacher)
    assert mail.send_due() == 1
    assert mail.send_due() == 0
    assert [letter.to for letter in outbox.outbox] == [[people.teacher.email]]


def test_subject_is_one_line(people):
    letter = mail.post("a", people.teacher, "Семинар\r\nBcc: x@y.example", "Текст")
    assert letter.subject == "Семинар Bcc: x@y.example"
    assert mail.send_due() == 1
    assert outbox.outbox[0].bcc == []


def test_person_without_an_address_gets_nothing(people):
    person = PersonFactory(municipality=people.municipality)
    assert post(person) is None
    person.contact_email = "shared@school.example"
    assert post(person).address == "shared@school.example"


def test_letter_goes_where_the_person_wants_letters(people):
    people.teacher.contact_email = "anna@home.example"
    assert post(people.teacher).address == "anna@home.example"


def test_letter_waits_for_its_time(people):
    post(people.teacher, not_before=timezone.now() + datetime.timedelta(minutes=10))
    assert mail.send_due() == 0


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        OSError("No route"),
        smtplib.SMTPConnectError(421, "x"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, "bad password"),
        smtplib.SMTPSenderRefused(553, "who are you", "portal@place.example"),
        smtplib.SMTPDataError(421, "closing"),
        smtplib.SMTPRecipientsRefused({"a@b.example": (421, "closing")}),
    ],
)
def test_letter_survives_a_mail_server_that_is_away(people, monkeypatch, error):
    def refuse(self):
        raise error

    post(people.teacher)
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", refuse)
        assert mail.send_due() == 0
    letter = Letter.objects.get()
    assert (letter.sent_at, letter.attempts) == (None, 0)
    assert letter.error == str(error)
    assert mail.send_due() == 1
    letter.refresh_from_db()
    assert (letter.attempts, letter.error) == (1, "")


def test_letter_that_nobody_takes_is_given_up(people, monkeypatch):
    def refuse(self):
        raise smtplib.SMTPRecipientsRefused({})

    post(people.teacher)
    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    begun, now = timezone.now(), timezone.now()
    while (letter := Letter.objects.get()).attempts < mail.MAX_ATTEMPTS:
        now = letter.not_before
        with time_machine.travel(now):
            mail.send_due()
    assert 2 <= (now - begun).days <= 4
    with time_machine.travel(letter.not_before):
        assert mail.send_due() == 0
    assert Letter.objects.get().attempts == mail.MAX_ATTEMPTS


def test_letter_put_off_by_a_busy_server_leaves_later(people, monkeypatch):
    def later(self):
        raise smtplib.SMTPDataError(451, "greylisted")

    post(people.teacher)
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", later)
        mail.send_due()
    assert mail.send_due() == 0
    with time_machine.travel(Letter.objects.get().not_before):
        assert mail.send_due() == 1


def test_letter_on_which_the_server_breaks_does_not_stop_the_others(people, monkeypatch):
    send = mail.EmailMessage.send

    def break_on_the_teacher(self):
        if self.to == [people.teacher.email]:
            raise smtplib.SMTPServerDisconnected("gone")
        return send(self)

    monkeypatch.setattr(mail.EmailMessage, "send", break_on_the_teacher)
    post(people.teacher, "a")
    post(people.leader, "b")
    assert [mail.send_due(), mail.send_due()] == [0, 1]


def test_one_bad_address_does_not_stop_the_others(people, monkeypatch):
    send = mail.EmailMessage.send

    def refuse_the_teacher(self):
        if self.to == [people.teacher.email]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(self)

    monkeypatch.setattr(mail.EmailMessage, "send", refuse_the_teacher)
    post(people.teacher, "a")
    post(people.leader, "b")
    assert mail.send_due() == 1


def test_absent_server_is_asked_once_in_a_round(people, monkeypatch):
    asked = []

    def refuse(self):
        asked.append(self.to)
        raise TimeoutError

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    for key in "abc":
        post(people.teacher, key)
    assert mail.send_due() == 0
    assert len(asked) == 1


class Mailbox(socketserver.TCPServer):
    """A mail server that keeps what it was given."""

    allow_reuse_address = True

    def __init__(self, address):
        self.letters = []
        super().__init__(address, Postman)


class Postman(socketserver.StreamRequestHandler):
    def handle(self):
        self.say(220)
        for line in self.rfile:
            word = line.split()[0].upper()
            if word == b"DATA":
                self.say(354)
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say(221 if word == b"QUIT" else 250)

    def say(self, code):
        self.wfile.write(b"%d ok\r\n" % code)


@pytest.fixture
def mail_address(settings):
    """Where the portal looks for the mail server; nobody listens there yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = address
    return address


def test_code_asked_while_the_mail_server_is_gone_leaves_when_it_is_back(
    people, client, mail_address
):
    asked = client.post(
        reverse("account_request_login_code"), {"email": people.teacher.email}, follow=True
    )
    assert asked.status_code == 200
    assert mail.send_due() == 0
    letter = Letter.objects.get()
    assert (letter.sent_at, letter.attempts) == (None, 0)
    with Mailbox(mail_address) as server:
        threading.Thread(target=server.handle_request).start()
        assert mail.send_due() == 1
    letter.refresh_from_db()
    assert letter.sent_at
    assert len(server.letters) == 1
    assert people.teacher.email.encode() in server.letters[0]


def test_letter_that_cannot_be_written_does_not_stop_the_others(people):
    post(people.teacher, "a")
    Letter.objects.update(address="двое@в.example\nодном@адресе.example")
    post(people.leader, "b")
    assert mail.send_due() == 1
    assert outbox.outbox[0].to == [people.leader.email]
    assert Letter.objects.get(key="a").attempts == 1
