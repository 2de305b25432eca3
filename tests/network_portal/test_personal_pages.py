"""What a browser may keep: nothing of a person who is signed in, unless the page says so."""

import pytest
from django.urls import reverse

from tests.factories import EventFactory, published_material

NOTHING = "private, no-store"


def kept(response):
    return response.headers.get("Cache-Control")


@pytest.mark.parametrize("address", ["/", "/me/", "/help/", "/nothing/", "/events/", "/manage/"])
def test_pages_of_a_person_are_kept_nowhere(people, as_, address):
    assert kept(as_(people.teacher).get(address)) == NOTHING


def test_changes_and_fragments_are_kept_nowhere(people, as_):
    client = as_(people.teacher)
    event = EventFactory(municipality=people.municipality, association=people.association)
    address = reverse("events:event-register", args=[event.pk])
    assert kept(client.post(address)) == NOTHING
    assert kept(client.post(address, headers={"HX-Request": "true"})) == NOTHING


def test_pages_for_everybody_are_as_before(people, client):
    assert kept(client.get("/help/")) is None
    assert kept(client.get("/events/")) is None


def test_what_says_itself_how_long_it_is_kept_is_left_alone(people, as_):
    client = as_(people.teacher)
    material = published_material(
        owner=people.teacher, content=b"RIFF picture", preview=b"RIFF preview"
    )
    address = reverse("materials:material-preview", args=[material.pk, 1])
    preview = client.get(address)
    assert preview.getvalue() == b"RIFF preview"
    assert kept(preview) == "private, max-age=3600"
    event = EventFactory(municipality=people.municipality, association=people.association)
    calendar = client.get(reverse("events:event-calendar", args=[event.pk]))
    assert kept(calendar) == "private, no-cache"


def test_signing_out_empties_the_browser(people, as_):
    client = as_(people.teacher)
    address = reverse("account_logout")
    assert "Clear-Site-Data" not in client.get(address).headers
    assert client.post(address)["Clear-Site-Data"] == '"cache"'
