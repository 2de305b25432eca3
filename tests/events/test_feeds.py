"""Calendars: right times, stable identity, nothing about other people, revocable address."""

import datetime
import time
from urllib.parse import quote

import icalendar
import pytest
from django.urls import reverse

from events import feeds, registration, services
from events.models import Event
from tests import factories

TITLE = "Семинар; с запятой, кавычкой \\ и очень длинным названием, которое не входит в строку"


@pytest.fixture
def event(people):
    return factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        title=TITLE,
        summary="Первая строка\nвторая",
        online_url="https://room.example/secret",
        starts_at=datetime.datetime(2026, 12, 19, 11, 30, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2026, 12, 19, 13, 0, tzinfo=datetime.UTC),
    )


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    return [part for part in calendar.walk() if part.name == "VEVENT"]


def test_event_is_read_back_as_it_was(event, client):
    (read_event,) = read(client.get(reverse("events:event-calendar", args=[event.pk])))
    assert str(read_event["SUMMARY"]) == TITLE
    assert read_event["DTSTART"].dt == event.starts_at
    assert read_event["DTEND"].dt == event.ends_at
    assert str(read_event["DESCRIPTION"]) == "Первая строка\nвторая"
    assert "secret" not in read_event.to_ical().decode()


def test_files_are_called_in_russian(event, people, client):
    Event.objects.filter(pk=event.pk).update(title="Семинар: 5/6 класс")
    people.teacher.feed_token = "token-of-the-teacher"
    people.teacher.save()
    addresses = {
        reverse("events:event-calendar", args=[event.pk]): "Семинар_ 5_6 класс.ics",
        reverse("events:my-calendar", args=["token-of-the-teacher"]): "Мои мероприятия.ics",
    }
    for address, name in addresses.items():
        disposition = client.get(address)["Content-Disposition"]
        assert disposition == f"inline; filename*=utf-8''{quote(name)}"


def test_lines_are_folded_within_the_limit(event, client):
    content = client.get(reverse("events:event-calendar", args=[event.pk])).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.endswith(b"END:VCALENDAR\r\n")
    content.decode()


def test_changes_raise_the_sequence_and_keep_the_identity(event, people, client):
    path = reverse("events:event-calendar", args=[event.pk])
    (before,) = read(client.get(path))
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    (after,) = read(client.get(path))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_hidden_events_have_no_calendar(event, people, client, as_):
    Event.objects.update(is_open=False)
    path = reverse("events:event-calendar", args=[event.pk])
    assert client.get(path).status_code == 404
    assert as_(people.teacher).get(path).status_code == 200
    Event.objects.update(state="draft")
    assert as_(people.leader).get(path).status_code == 404


def test_my_events_are_mine_with_the_link_for_those_with_a_place(event, people, client):
    other = factories.EventFactory(municipality=people.municipality)
    spoken = factories.EventFactory(municipality=people.municipality)
    factories.TalkFactory(event=spoken).speakers.create(person=people.teacher)
    registration.register(event, people.teacher, actor=people.teacher)
    registration.register(other, people.leader, actor=people.leader)
    token = feeds.renew_token(people.teacher, actor=people.teacher)
    response = client.get(reverse("events:my-calendar", args=[token]))
    uids = {str(part["UID"]) for part in read(response)}
    assert uids == {f"event-{e.pk}@nikolsky.teacher-network" for e in (event, spoken)}
    text = response.content.decode().replace("\r\n ", "")
    assert "https://room.example/secret" in text
    for person in (people.teacher, people.leader):
        assert person.last_name not in text
        assert person.email not in text


def test_waiting_list_gets_no_link(event, people, client):
    factories.RegistrationFactory(event=event, person=people.teacher, state="waiting")
    token = feeds.renew_token(people.teacher, actor=people.teacher)
    response = client.get(reverse("events:my-calendar", args=[token]))
    assert "room.example" not in response.content.decode()


def test_address_is_made_replaced_and_closed(people, as_, client):
    as_(people.teacher).post(reverse("events:calendar-renew"))
    people.teacher.refresh_from_db()
    first = people.teacher.feed_token
    assert first in as_(people.teacher).get(reverse("events:calendar-settings")).content.decode()
    as_(people.teacher).post(reverse("events:calendar-renew"))
    people.teacher.refresh_from_db()
    client.logout()
    assert client.get(reverse("events:my-calendar", args=[first])).status_code == 404
    second = reverse("events:my-calendar", args=[people.teacher.feed_token])
    assert client.get(second).status_code == 200
    as_(people.teacher).post(reverse("events:calendar-revoke"))
    client.logout()
    assert client.get(second).status_code == 404


def test_dismissed_person_has_no_feed(people, client):
    token = feeds.renew_token(people.teacher, actor=people.teacher)
    people.teacher.is_active = False
    people.teacher.save()
    assert client.get(reverse("events:my-calendar", args=[token])).status_code == 404


def test_writing_is_an_order_faster_than_the_library(event):
    """Against the library in the same run: the ratio does not depend on the machine."""
    events = [event] * 500

    def library():
        for one in events:
            part = icalendar.Event()
            part.add("uid", feeds.uid_of(one))
            part.add("dtstamp", one.changed_at)
            part.add("dtstart", one.starts_at)
            part.add("dtend", one.ends_at)
            part.add("summary", one.title)
            part.to_ical()

    ours = min(timed(lambda: feeds.calendar_of(events, "x")) for _n in range(3))
    assert timed(library) / ours > 3


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def test_title_of_several_lines_does_not_break_the_calendar(event, client):
    Event.objects.filter(pk=event.pk).update(title="A\r\nBcc: x\u2028y")
    (read_event,) = read(client.get(reverse("events:event-calendar", args=[event.pk])))
    assert str(read_event["SUMMARY"]) == "A\nBcc: x\u2028y"
