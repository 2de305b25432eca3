"""The last seat: real threads with their own connections, and a control that must overbook."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from events import registration
from events.models import Event, Registration
from tests import factories

CROWD, PLACES = 60, 30


@pytest.fixture
def event(transactional_db):
    return factories.EventFactory(capacity=PLACES)


@pytest.fixture
def crowd(event):
    return [factories.PersonFactory(municipality=event.municipality) for _n in range(CROWD)]


def all_at_once(function, people):
    """Call `function(person)` for everybody at the same moment."""
    gate = threading.Barrier(len(people), timeout=30)

    def work(person):
        try:
            gate.wait()
            return function(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(work, people))


def confirmed(event):
    return event.registrations.filter(state="confirmed").count()


def test_sixty_people_take_thirty_places(event, crowd):
    all_at_once(lambda person: registration.register(event, person, actor=person), crowd)
    rows = list(event.registrations.order_by("queued_at", "pk"))
    assert [row.state for row in rows] == ["confirmed"] * PLACES + ["waiting"] * (CROWD - PLACES)
    waiting = rows[PLACES:]
    assert [registration.place_in_queue(row) for row in waiting] == list(range(1, 31))


def test_without_the_lock_the_event_is_overbooked(event, crowd, monkeypatch):
    Event.objects.filter(pk=event.pk).update(capacity=1)
    both = threading.Barrier(2, timeout=20)

    def count_together(event, counted=registration.taken_places):
        taken = counted(event)
        both.wait()
        return taken

    monkeypatch.setattr(registration, "locked", lambda event: Event.objects.get(pk=event.pk))
    monkeypatch.setattr(registration, "taken_places", count_together)
    all_at_once(lambda person: registration.register(event, person, actor=person), crowd[:2])
    assert confirmed(event) == 2


def test_five_who_leave_at_once_make_room_for_the_first_five(event, crowd):
    for person in crowd[:40]:
        registration.register(event, person, actor=person)
    all_at_once(lambda person: registration.leave(event, person, actor=person), crowd[5:10])
    moved = Registration.objects.filter(event=event, person__in=crowd[30:40])
    assert list(moved.order_by("queued_at").values_list("state", flat=True)) == (
        ["confirmed"] * 5 + ["waiting"] * 5
    )
    assert confirmed(event) == PLACES


def test_one_person_pressing_twice_gets_one_row(event, crowd):
    all_at_once(lambda _n: registration.register(event, crowd[0], actor=crowd[0]), range(8))
    assert event.registrations.count() == 1


def test_places_removed_while_people_sign_up_are_not_given(event, crowd):
    """Shrinking takes the same lock: nobody gets a place that is being taken away."""

    def step(person):
        if person is None:
            return shrink(event)
        return registration.register(event, person, actor=person)

    all_at_once(step, [*crowd[:40], None])
    event.refresh_from_db()
    assert confirmed(event) <= event.capacity


def shrink(event):
    from events.services import EventError, change_event

    time.sleep(0.01)
    try:
        change_event(event, {"title": event.title, "capacity": 10}, actor=None)
    except EventError:
        return
