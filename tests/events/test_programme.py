"""Programme: talks in order, speakers of the network by name, guests by hand."""

import pytest
from django.urls import reverse

from events import programme
from events.models import Talk
from tests import factories
from tests.races import at_once


@pytest.fixture
def event(people):
    return factories.EventFactory(municipality=people.municipality, association=people.association)


@pytest.fixture
def talk(event):
    return factories.TalkFactory(event=event)


def titles(event):
    return list(event.talks.values_list("title", flat=True))


def test_talks_move_one_place_and_stop_at_the_ends(event, people, as_):
    talks = [factories.TalkFactory(event=event, title=title, position=0) for title in "АБВ"]
    client = as_(people.leader)
    client.post(reverse("events:talk-move", args=[talks[2].pk, "up"]))
    assert titles(event) == ["А", "В", "Б"]
    client.post(reverse("events:talk-move", args=[talks[0].pk, "up"]))
    client.post(reverse("events:talk-move", args=[talks[1].pk, "down"]))
    assert titles(event) == ["А", "В", "Б"]
    client.post(reverse("events:talk-move", args=[talks[0].pk, "down"]))
    assert titles(event) == ["В", "А", "Б"]


def test_a_talk_moves_no_third_way(talk, people, as_):
    address = reverse("events:talk-move", args=[talk.pk, "up"]).replace("/up/", "/sideways/")
    assert as_(people.leader).post(address).status_code == 404


def test_new_talk_finds_its_only_speaker_at_once(event, people, as_):
    path = reverse("events:talk-new", args=[event.pk])
    data = {"title": "Задачи", "starts_at": "14:30", "role": "speaker", "speaker": "учител анн"}
    response = as_(people.leader).post(path, data)
    assert response.url == f"{event.get_absolute_url()}#programme"
    speaker = Talk.objects.get().speakers.get()
    assert speaker.person == people.teacher
    assert speaker.organization == people.organization


def test_new_talk_with_an_unknown_speaker_leads_to_the_search(event, people, as_):
    path = reverse("events:talk-new", args=[event.pk])
    data = {"title": "Задачи", "role": "speaker", "speaker": "Гостев"}
    response = as_(people.leader).post(path, data, follow=True)
    page = response.content.decode()
    assert "По запросу «Гостев» никого нет" in page
    assert response.context["guest"]["name"].value() == "Гостев"


def test_names_are_found_by_their_beginnings_without_yo(people):
    person = factories.PersonFactory(
        municipality=people.municipality, last_name="Ёлкина", first_name="Алёна"
    )
    day = factories.a_school_year(people.municipality).starts_on
    assert programme.find_people(people.leader, "елк ален", day) == [person]
    assert programme.find_people(people.leader, "ЁЛКИНА", day) == [person]
    assert programme.find_people(people.leader, "%", day) == []
    assert programme.find_people(people.leader, "соседова", day) == []


def test_speaker_is_added_once(talk, people, as_):
    client = as_(people.leader)
    path = reverse("events:speaker-add", args=[talk.pk, people.teacher.pk])
    client.post(path)
    client.post(path)
    assert talk.speakers.count() == 1


def test_person_of_another_municipality_is_no_speaker(talk, people, as_):
    path = reverse("events:speaker-add", args=[talk.pk, people.neighbour.pk])
    assert as_(people.leader).post(path).status_code == 404


def test_guest_needs_a_name_and_an_organization_of_ours(talk, people, as_):
    client = as_(people.leader)
    path = reverse("events:speaker-guest", args=[talk.pk])
    foreign = factories.OrganizationFactory(municipality=people.other)
    response = client.post(path, {"name": "", "organization": foreign.pk})
    assert set(response.context["guest"].errors) == {"name", "organization"}
    client.post(path, {"name": "Гостев Иван", "organization": people.organization.pk})
    speaker = talk.speakers.get()
    client.post(reverse("events:speaker-delete", args=[speaker.pk]))
    assert not talk.speakers.exists()


def test_guests_do_not_read_names_of_speakers(talk, people, client):
    talk.speakers.create(person=people.teacher, organization=people.organization)
    page = client.get(talk.event.get_absolute_url()).content.decode()
    assert people.teacher.last_name not in page
    assert people.organization.short_name.replace("№ ", "№\u00a0") in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", ""), ("title", "я" * 301), ("starts_at", "25:99"), ("role", "king")],
)
def test_bad_talk_is_refused_at_its_field(talk, people, as_, name, value):
    data = {"title": "Задачи", "starts_at": "14:30", "role": "speaker"} | {name: value}
    response = as_(people.leader).post(reverse("events:talk-edit", args=[talk.pk]), data)
    assert list(response.context["form"].errors) == [name]


def test_teacher_changes_no_programme(talk, people, as_):
    for name in ("talk-edit", "talk-delete"):
        path = reverse(f"events:{name}", args=[talk.pk])
        assert as_(people.teacher).get(path).status_code == 403


def test_deleting_a_talk_names_it_first(talk, people, as_):
    path = reverse("events:talk-delete", args=[talk.pk])
    assert talk.title in as_(people.leader).get(path).content.decode()
    assert Talk.objects.exists()
    as_(people.leader).post(path)
    assert not Talk.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_person_added_by_many_presses_at_once_speaks_once(people):
    event = factories.EventFactory(municipality=people.municipality)
    talk = factories.TalkFactory(event=event)
    wrong = at_once(8, lambda: programme.add_speaker(talk, people.teacher, actor=people.leader))
    assert {type(error) for error in wrong} == {programme.ProgrammeError}
    assert (len(wrong), talk.speakers.count()) == (7, 1)


def test_talk_deleted_meanwhile_moves_nowhere(event, talk, people):
    other = factories.TalkFactory(event=event)
    gone = Talk.objects.get(pk=talk.pk)
    talk.delete()
    programme.move_talk(gone, 1, actor=people.leader)
    assert titles(event) == [other.title]
