import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from communities.seals import CODE_ALPHABET
from events import check_in
from events.models import Event, Registration
from tests.factories import EventFactory, PersonFactory


@pytest.fixture(autouse=True)
def _empty_cache(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "c"}
    }
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def event(people):
    return EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=timezone.now() + datetime.timedelta(minutes=10),
        created_by=people.leader,
    )


def at(code):
    return reverse("events:check-in", args=[code])


def test_code_is_short_unambiguous_and_changes_every_minute(event):
    codes = {check_in.code(event, at=moment) for moment in range(0, 600, 60)}
    assert len(codes) == 10
    assert all(len(code) == 6 and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert check_in.code(event, at=60) == check_in.code(event, at=119)


def test_codes_of_two_events_differ(event, people):
    assert check_in.code(event) != check_in.code(EventFactory(municipality=people.municipality))


def test_code_before_last_is_refused(event):
    accepted = [
        check_in.find(Event.objects.all(), check_in.code(event, back=back)) for back in (0, 1, 2)
    ]
    assert accepted == [event, event, None]


def test_code_typed_on_a_russian_keyboard_is_understood():
    assert check_in.normalize(" к7м-2 рх\n") == "K7M2PX"


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-14, True), (-16, False), (0, True), (149, True), (151, False)]
)
def test_window_is_fifteen_before_to_thirty_after(event, minutes, is_open):
    now = event.starts_at + datetime.timedelta(minutes=minutes)
    assert check_in.is_open(event, now) == is_open


def test_guest_signs_in_and_comes_back_with_a_ticket(event, client, people):
    code = check_in.code(event)
    guest = client.get(at(code))
    text = guest.content.decode()
    assert guest.status_code == 200
    assert "Войдите" in text
    assert event.title not in text
    ticket = check_in.ticket(event)
    client.force_login(people.teacher)
    back = client.get(at("ZZZZZZ"), {"t": ticket})  # the code has gone by meanwhile
    assert event.title in back.content.decode()


def test_guest_is_led_to_sign_in_by_the_codes_of_this_address(event, client, people):
    """Municipalities without a domain share the portal's; one with a domain has its own codes."""
    Event.objects.filter(pk=event.pk).update(is_open=False)
    there = EventFactory(municipality=people.other, starts_at=timezone.now())
    code = check_in.code(there)
    for answer in (client.get(at(check_in.code(event))), client.get(at(code))):
        assert answer.status_code == 200
        assert "Войдите" in answer.text
    people.other.domain = "zarechny.example"
    people.other.save()
    refused = client.get(at(code))
    assert refused.status_code == 404
    assert f"?next={reverse('events:check-in-enter').replace('/', '%2F')}" in refused.text
    assert client.get(at("AAAAAA"), {"t": check_in.ticket(there)}).status_code == 404
    client.force_login(people.neighbour)
    assert client.get(at(code)).status_code == 200


def test_code_leads_a_guest_to_the_domain_of_its_municipality(people, client, as_, settings):
    settings.ALLOWED_HOSTS = ["zarechny.example", "testserver"]
    people.other.domain = "zarechny.example"
    people.other.save()
    event = EventFactory(municipality=people.other, starts_at=timezone.now())
    screen = as_(people.neighbour).get(reverse("events:event-qr", args=[event.pk])).text
    assert "zarechny.example/c/" in screen
    client.logout()
    answer = client.get(at(check_in.code(event)), headers={"host": "zarechny.example"})
    assert answer.status_code == 200
    assert "Войдите" in answer.text


def test_old_or_forged_ticket_opens_nothing(event, monkeypatch):
    ticket = check_in.ticket(event)
    assert check_in.by_ticket(Event.objects.all(), ticket) == event
    assert check_in.by_ticket(Event.objects.all(), f"x{ticket}") is None
    monkeypatch.setattr(check_in, "TICKET_AGE", -1)
    assert check_in.by_ticket(Event.objects.all(), ticket) is None


def test_get_marks_nobody_and_post_marks_once(event, people, as_):
    client = as_(people.teacher)
    code = check_in.code(event)
    assert "Я на месте" in client.get(at(code)).content.decode()
    assert not event.attendances.exists()
    for _ in range(2):
        client.post(at(code))
    mark = event.attendances.get()
    assert (mark.person, mark.method, mark.marked_by) == (people.teacher, "code", people.teacher)
    assert event.registrations.get().state == Registration.State.CONFIRMED
    assert "Вы отмечены" in client.get(at(code)).content.decode()


def test_whoever_is_in_a_full_room_is_marked_without_a_place(event, people):
    other = PersonFactory(municipality=people.municipality)
    Event.objects.filter(pk=event.pk).update(capacity=1)
    event.registrations.create(person=other, state="confirmed")
    assert check_in.check_in(event, people.teacher, actor=people.teacher)
    assert event.attendances.filter(person=people.teacher).exists()
    assert event.registrations.filter(state="confirmed").count() == 1


def test_waiting_person_gets_a_free_place_at_check_in(event, people):
    event.registrations.create(person=people.teacher, state="waiting")
    check_in.check_in(event, people.teacher, actor=people.teacher)
    assert event.registrations.get().state == "confirmed"


def test_neighbour_finds_nothing_by_the_right_code(event, people, as_):
    client = as_(people.neighbour)
    assert client.get(at(check_in.code(event))).status_code == 404
    answer = client.post(at("ZZZZZZ"), {"t": check_in.ticket(event)})
    assert (answer.status_code, event.attendances.count()) == (404, 0)


def test_expired_code_shows_the_way_by_list(people, as_):
    answer = as_(people.teacher).get(at("AAAAAA"))
    assert answer.status_code == 404
    assert "руководител" in answer.content.decode()


def test_guesses_are_limited_per_person(event, people, as_):
    client = as_(people.teacher)
    answers = [client.get(at("AAAAAA")).status_code for _ in range(11)]
    assert answers == [404] * 10 + [429]
    assert client.get(at(check_in.code(event))).status_code == 429
    assert as_(people.leader).get(at(check_in.code(event))).status_code == 200


def test_check_in_works_while_the_cache_is_away(event, people, as_, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "network_portal.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    client = as_(people.teacher)
    client.get(at("AAAAAA"))
    client.post(at(check_in.code(event)))
    assert event.attendances.count() == 1


@pytest.mark.parametrize("code", ["%00", "x" * 300, "код", "..", "%D0%BA7"])
def test_strange_codes_are_no_error(people, as_, code):
    assert as_(people.teacher).get(f"/c/{code}/").status_code in (400, 404)


def test_typed_code_leads_to_its_page(client, people):
    assert client.get(reverse("events:check-in-enter"), {"code": "к7м 2ух"}).url == at("K7M2YX")


def test_screen_shows_the_code_to_whoever_runs_the_event(event, people, as_):
    address = reverse("events:event-qr", args=[event.pk])
    screen = as_(people.leader).get(address).content.decode()
    assert check_in.code(event) in screen
    assert "<svg" in screen
    assert "viewBox" in screen
    assert as_(people.teacher).get(address).status_code == 403


def test_screen_before_the_window_says_when(people, as_):
    event = EventFactory(municipality=people.municipality, created_by=people.leader)
    screen = as_(people.leader).get(reverse("events:event-qr", args=[event.pk])).content.decode()
    assert "за 15 минут" in screen
    assert "<svg viewBox" not in screen
    assert check_in.code(event) not in screen


def test_ticket_does_not_live_on_by_being_shown(event, people, as_):
    """One good code handed around would check in whoever keeps its page open."""
    ticket = check_in.ticket(event)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        page = as_(people.teacher).get(at("ZZZZZZ"), {"t": ticket})
    assert page.context["ticket"] == ticket


def test_guesses_of_one_guest_do_not_tire_the_others_behind_a_proxy(event, client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    wrong, good = at("AAAAAA"), at(check_in.code(event))
    for _ in range(check_in.MAX_GUESSES_OF_ADDRESS + 1):
        client.get(wrong, headers={"x-forwarded-for": "203.0.113.7"})
    answers = [
        client.get(good, headers={"x-forwarded-for": f"203.0.113.{last}"}).status_code
        for last in (7, 8)
    ]
    assert answers == [429, 200]
