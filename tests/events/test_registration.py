"""Signing up: places, the waiting list in order, letters, pages with and without htmx."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities.models import AuditEntry, Letter
from events import registration, services
from events.models import Registration
from events.registration import RegistrationError
from tests import factories

HX = {"HX-Request": "true"}


@pytest.fixture
def event(people):
    return factories.EventFactory(
        municipality=people.municipality, association=people.association, capacity=2
    )


def crowd(event, number):
    return [
        factories.AccountFactory(municipality=event.municipality, last_name=f"Гостева{n:03}")
        for n in range(number)
    ]


def states(event):
    return list(event.registrations.order_by("queued_at").values_list("state", flat=True))


def fill(event, number):
    people = crowd(event, number)
    for person in people:
        registration.register(event, person, actor=person)
    return people


def test_places_are_given_in_order_then_turns(event):
    fill(event, 4)
    assert states(event) == ["confirmed", "confirmed", "waiting", "waiting"]
    last = event.registrations.order_by("queued_at").last()
    assert registration.place_in_queue(last) == 2


def test_asking_twice_changes_nothing(event, people):
    first = registration.register(event, people.teacher, actor=people.teacher)
    again = registration.register(event, people.teacher, actor=people.teacher)
    assert (first.pk, first.queued_at) == (again.pk, again.queued_at)
    assert AuditEntry.objects.filter(action="event.register").count() == 1


def test_leaving_moves_the_first_of_the_list_up_with_a_letter(event):
    crowd_ = fill(event, 4)
    registration.leave(event, crowd_[0], actor=crowd_[0])
    assert states(event) == ["cancelled", "confirmed", "confirmed", "waiting"]
    letter = Letter.objects.get()
    assert letter.person == crowd_[2]
    assert "есть место" in letter.subject


def test_leaving_the_list_moves_nobody_up(event):
    crowd_ = fill(event, 4)
    registration.leave(event, crowd_[2], actor=crowd_[2])
    assert states(event) == ["confirmed", "confirmed", "cancelled", "waiting"]


def test_coming_back_means_the_last_turn(event):
    crowd_ = fill(event, 4)
    registration.leave(event, crowd_[0], actor=crowd_[0])
    registration.register(event, crowd_[0], actor=crowd_[0])
    row = event.registrations.get(person=crowd_[0])
    assert (row.state, registration.place_in_queue(row)) == ("waiting", 2)


def test_more_places_move_the_list_up_in_order(event, people, as_):
    crowd_ = fill(event, 5)
    event.capacity = 4
    event.save()
    moved = registration.promote(event, actor=people.leader)
    assert [row.person for row in moved] == crowd_[2:4]
    event.capacity = None
    event.save()
    registration.promote(event, actor=people.leader)
    assert states(event) == ["confirmed"] * 5


def test_clock_stepping_back_reorders_nobody(event):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fill(event, 3)
        clock.shift(-7200)
        late = crowd(event, 1)[0]
        registration.register(event, late, actor=late)
    assert event.registrations.order_by("queued_at").last().person == late


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"state": "cancelled", "reason": "болезнь"},
        {"state": "closed"},
        {"registration_until": timezone.now() - datetime.timedelta(minutes=1)},
        {
            "starts_at": timezone.now() - datetime.timedelta(hours=3),
            "ends_at": timezone.now() - datetime.timedelta(hours=1),
        },
    ],
)
def test_nobody_signs_up_when_registration_is_over(event, people, fields):
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()
    with pytest.raises(RegistrationError):
        registration.register(event, people.teacher, actor=people.teacher)
    assert not Registration.objects.exists()


def test_deadline_is_the_midnight_of_the_municipality(people):
    municipality = factories.a_municipality("kamchatka", time_zone="Asia/Kamchatka")
    midnight = datetime.datetime(2026, 11, 20, tzinfo=municipality.tz)
    event = factories.EventFactory(
        municipality=municipality,
        starts_at=midnight + datetime.timedelta(hours=10),
        registration_until=midnight,
    )
    early, late = (factories.AccountFactory(municipality=municipality) for _n in range(2))
    with time_machine.travel("2026-11-19T11:59:59Z", tick=False):
        registration.register(event, early, actor=early)
    with time_machine.travel("2026-11-19T12:00:01Z", tick=False), pytest.raises(RegistrationError):
        registration.register(event, late, actor=late)


def test_nobody_leaves_after_the_beginning(event, people):
    registration.register(event, people.teacher, actor=people.teacher)
    event.starts_at = timezone.now() - datetime.timedelta(minutes=5)
    event.save()
    with pytest.raises(RegistrationError):
        registration.leave(event, people.teacher, actor=people.teacher)


def test_person_of_another_municipality_gets_no_place(event, people):
    with pytest.raises(RegistrationError):
        registration.register(event, people.neighbour, actor=people.methodist)


def test_button_answers_by_redirect_with_undo(event, people, as_):
    client = as_(people.teacher)
    response = client.post(reverse("events:event-register", args=[event.pk]), follow=True)
    assert response.redirect_chain == [(event.get_absolute_url(), 302)]
    (message,) = response.context["messages"]
    assert str(message) == "Вы записаны."
    client.post(message.extra_tags)
    assert event.registrations.get().state == "cancelled"


def test_button_answers_in_place_for_htmx(event, people, as_):
    client = as_(people.teacher)
    path = reverse("events:event-register", args=[event.pk])
    html = client.post(path, headers=HX).content.decode()
    assert "<html" not in html
    assert "Вы записаны" in html
    assert "Отменить" in html
    assert reverse("events:event-leave", args=[event.pk]) in html
    left = client.post(reverse("events:event-leave", args=[event.pk]), headers=HX)
    assert "Записаться снова" in left.content.decode()


def test_waiting_list_says_which_one_is(event, people, as_):
    fill(event, 3)
    html = as_(people.teacher).post(reverse("events:event-register", args=[event.pk]), headers=HX)
    assert "Лист ожидания, ваш номер 2" in html.content.decode()


def test_return_address_of_strangers_is_ignored(event, people, as_):
    client = as_(people.teacher)
    path = reverse("events:event-register", args=[event.pk])
    for foreign in ("https://evil.example/", "abc", "events/"):
        response = client.post(path, {"next": foreign})
        assert response.url == event.get_absolute_url()
    response = client.post(path, {"next": "/events/?page=2"})
    assert response.url == "/events/?page=2"


def test_getting_the_address_signs_nobody_up(event, people, as_):
    path = reverse("events:event-register", args=[event.pk])
    assert as_(people.teacher).get(path).status_code == 405
    assert not Registration.objects.exists()


def test_coordinator_signs_up_people_of_the_own_school(event, people, as_):
    client = as_(people.coordinator)
    path = reverse("events:event-people", args=[event.pk])
    stranger = factories.EmploymentFactory(person__municipality=people.municipality).person
    choices = client.get(path).context["form"].fields["people"].queryset
    assert people.teacher in choices
    assert stranger not in choices
    response = client.post(path, {"people": [people.teacher.pk, people.leader.pk]}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["Место есть у 2 человек."]
    assert set(event.registrations.values_list("registered_by", flat=True)) == {
        people.coordinator.pk
    }


@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "9" * 30, "stranger", "neighbour"])
def test_coordinator_cannot_sign_up_others(event, people, as_, wrong):
    stranger = factories.EmploymentFactory(person__municipality=people.municipality).person
    wrong = {"stranger": stranger.pk, "neighbour": people.neighbour.pk}.get(wrong, wrong)
    path = reverse("events:event-people", args=[event.pk])
    response = as_(people.coordinator).post(path, {"people": [people.teacher.pk, wrong]})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["people"]
    assert not Registration.objects.exists()


def test_school_over_the_limit_goes_to_the_waiting_list(event, people, as_):
    event.capacity = 1
    event.save()
    path = reverse("events:event-people", args=[event.pk])
    third = factories.EmploymentFactory(
        organization=people.organization, person__municipality=people.municipality
    ).person
    data = {"people": [people.teacher.pk, people.leader.pk, third.pk]}
    response = as_(people.coordinator).post(path, data, follow=True)
    (message,) = response.context["messages"]
    assert str(message) == "Место есть у 1 человека. 2 человека в листе ожидания."


def test_capacity_grows_by_the_form_and_the_list_moves_up(event, people, as_):
    fill(event, 3)
    services.change_event(event, {"title": event.title, "capacity": 3}, actor=people.leader)
    assert states(event) == ["confirmed"] * 3


def test_register_takes_few_queries(event, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        registration.register(event, people.teacher, actor=people.teacher)
