"""Signing in: by a code, by a password, equally silent about known and unknown addresses."""

import re

import pytest
import time_machine
from django.core import mail as outbox
from django.core.cache import cache
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError

from communities import mail
from communities.models import Letter

PASSWORD, WRONG = "ночной-поезд-17", "не тот"


@pytest.fixture(autouse=True)
def no_limits_of_other_tests():
    cache.clear()


@pytest.fixture
def teacher(people):
    people.teacher.set_password(PASSWORD)
    people.teacher.save()
    return people.teacher


def ask_for_code(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def code_in(letter):
    return re.search(r"\?code=(\S+)", letter.body).group(1)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_code_from_the_letter_signs_in(client, teacher):
    response = ask_for_code(client, teacher.email.upper())
    assert response["Location"] == reverse("account_confirm_login_code")
    letter = Letter.objects.get(address=teacher.email)
    page = client.get(response["Location"], {"code": code_in(letter)})
    assert f'value="{code_in(letter)}"' in page.content.decode()
    assert not signed_in(client)
    client.post(response["Location"], {"code": code_in(letter)})
    assert client.session["_auth_user_id"] == str(teacher.pk)


def test_body_of_the_letter_is_forgotten_when_sent(client, teacher):
    ask_for_code(client, teacher.email)
    code = code_in(Letter.objects.get())
    assert mail.send_due() == 1
    assert code in outbox.outbox[0].body
    assert Letter.objects.get().body == ""


def test_wrong_code_does_not_sign_in(client, teacher):
    ask_for_code(client, teacher.email)
    for _attempt in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRONG-CODE"})
    assert not signed_in(client)
    letter = Letter.objects.get()
    client.post(reverse("account_confirm_login_code"), {"code": code_in(letter)})
    assert not signed_in(client)


def test_known_and_unknown_addresses_are_answered_alike(client, people):
    answers = []
    for email in (people.teacher.email, "nobody@test.example"):
        client.logout()
        response = ask_for_code(client, email)
        page = client.get(response["Location"]).content.decode().replace(email, "")
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
        answers.append((response.status_code, response["Location"], page))
    assert answers[0] == answers[1]
    assert Letter.objects.count() == 2


def test_person_without_account_gets_no_code(client, teacher):
    teacher.is_active = False
    teacher.save()
    ask_for_code(client, teacher.email)
    assert "?code=" not in Letter.objects.get().body


def test_password_signs_in_and_leads_on(client, teacher):
    url = reverse("account_login") + "?next=" + reverse("account_change_password")
    response = client.post(url, {"login": teacher.email, "password": PASSWORD})
    assert response["Location"] == reverse("account_change_password")
    assert signed_in(client)


def test_wrong_password_keeps_the_address(client, teacher):
    url = reverse("account_login")
    response = client.post(url, {"login": teacher.email, "password": "не тот"})
    assert response.status_code == 200
    assert f'value="{teacher.email}"' in response.content.decode()
    assert not signed_in(client)


def test_wrong_password_says_the_same_to_everybody(client, teacher):
    def errors(email):
        answer = client.post(reverse("account_login"), {"login": email, "password": "не тот"})
        return answer.context["form"].errors

    assert errors(teacher.email) == errors("nobody@test.example")


def test_guessing_passwords_is_stopped(client, teacher):
    for _attempt in range(5):
        client.post(reverse("account_login"), {"login": teacher.email, "password": "не тот"})
    client.post(reverse("account_login"), {"login": teacher.email, "password": PASSWORD})
    assert not signed_in(client)


def guess(client, emails, password=WRONG):
    for email in emails:
        client.post(reverse("account_login"), {"login": email, "password": password})


def test_guesser_does_not_lock_out_the_school(client, teacher):
    guess(client, (f"guess{n}@test.example" for n in range(55)))
    guess(client, [teacher.email], PASSWORD)
    assert signed_in(client)


def test_guesser_of_many_accounts_is_stopped_all_the_same(client, teacher):
    guess(client, (f"guess{n}@test.example" for n in range(60)))
    guess(client, [teacher.email], PASSWORD)
    assert not signed_in(client)


def test_stopped_account_opens_again_in_five_minutes(client, teacher):
    with time_machine.travel("2026-11-27T09:00Z", tick=False) as clock:
        guess(client, [teacher.email] * 5)
        clock.shift(4 * 60)
        guess(client, [teacher.email], PASSWORD)
        assert not signed_in(client)
        clock.shift(61)
        guess(client, [teacher.email], PASSWORD)
        assert signed_in(client)


def test_whole_school_asks_for_codes_at_once(client, people):
    answers = [ask_for_code(client, f"person{n}@test.example") for n in range(40)]
    assert {answer.status_code for answer in answers} == {302}


def test_cache_away_breaks_no_sign_in(client, teacher, monkeypatch):
    from django.core.cache.backends.redis import RedisCacheClient

    def gone(*args, **kwargs):
        raise RedisConnectionError("gone")

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(RedisCacheClient, name, gone)
    client.post(reverse("account_login"), {"login": teacher.email, "password": PASSWORD})
    assert signed_in(client)


def test_broker_away_keeps_the_letter(
    client, teacher, monkeypatch, django_capture_on_commit_callbacks
):
    from communities.tasks import send_letters

    def gone(*args, **kwargs):
        raise ConnectionError("gone")

    monkeypatch.setattr(send_letters, "delay", gone)
    with django_capture_on_commit_callbacks(execute=True):
        response = ask_for_code(client, teacher.email)
    assert response.status_code == 302
    assert Letter.objects.filter(sent_at=None).count() == 1


def test_closed_account_is_told_so(client, teacher):
    teacher.is_active = False
    teacher.save()
    url = reverse("account_login")
    response = client.post(url, {"login": teacher.email, "password": PASSWORD})
    assert response["Location"] == reverse("account_inactive")
    assert client.get(response["Location"]).status_code == 200
    assert not signed_in(client)


def test_foreign_next_is_not_followed(client, teacher):
    url = reverse("account_login") + "?next=https://evil.example/"
    response = client.post(url, {"login": teacher.email, "password": PASSWORD})
    assert response["Location"] == "/"


@pytest.mark.parametrize("address", ["нет", "x" * 400 + "@test.example", ""])
def test_bad_address_gets_a_message_at_the_field(client, people, address):
    response = ask_for_code(client, address)
    assert response.status_code == 200
    assert "email" in response.context["form"].errors


def test_signing_up_is_closed(client, people):
    for answer in (
        client.get(reverse("account_signup")),
        client.post(
            reverse("account_signup"), {"email": "new@test.example", "password1": PASSWORD}
        ),
    ):
        assert answer.status_code == 200
        assert answer.templates[0].name == "account/signup_closed.html"
    assert not signed_in(client)


def test_signing_out_asks_first(as_, people):
    client = as_(people.teacher)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_password_is_changed_with_the_old_one(client, teacher):
    client.post(reverse("account_login"), {"login": teacher.email, "password": PASSWORD})
    new = {"password1": "дневной-поезд-18", "password2": "дневной-поезд-18"}
    url = reverse("account_change_password")
    assert "oldpassword" in client.post(url, new).context["form"].errors
    assert client.post(url, {"oldpassword": PASSWORD, **new}).status_code == 302
    teacher.refresh_from_db()
    assert teacher.check_password("дневной-поезд-18")


def test_forgotten_password_is_changed_after_a_code(client, teacher):
    ask_for_code(client, teacher.email)
    code = code_in(Letter.objects.get())
    client.post(reverse("account_confirm_login_code"), {"code": code})
    new = {"password1": "дневной-поезд-18", "password2": "дневной-поезд-18"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    teacher.refresh_from_db()
    assert teacher.check_password("дневной-поезд-18")


def test_first_password_is_set_after_a_code(as_, people):
    people.teacher.set_unusable_password()
    people.teacher.save()
    client = as_(people.teacher)
    new = {"password1": "дневной-поезд-18", "password2": "дневной-поезд-18"}
    assert client.post(reverse("account_set_password"), new).status_code == 302
    people.teacher.refresh_from_db()
    assert people.teacher.check_password("дневной-поезд-18")


def test_another_address_may_be_used_instead(client, teacher):
    ask_for_code(client, "mistake@test.example")
    assert client.get(reverse("account_login")).status_code == 302
    login = reverse("account_login")
    assert client.post(reverse("account_logout"), {"next": login})["Location"] == login
    assert client.get(login).status_code == 200
