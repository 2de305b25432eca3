"""Size and colours: kept in a cookie, printed on <html>, open to guests."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from network_portal import sign_in

ALL = {"size": "xl", "colours": "wb", "spacing": "wide", "pictures": "off"}


@pytest.fixture
def page(people):
    return reverse("communities:view-settings")


def test_a_guest_keeps_a_choice_for_a_year(client, page):
    response = client.post(page, ALL)
    assert response.cookies["view"].value == "size:xl.colours:wb.spacing:wide.pictures:off"
    assert response.cookies["view"]["max-age"] == 365 * 24 * 3600
    html = client.get(page).content.decode()
    for attribute in ('data-size="xl"', 'data-contrast="wb"', 'data-spacing="wide"'):
        assert attribute in html.partition("<head>")[0]


def test_theme_and_contrast_are_told_apart(client, page):
    client.post(page, {"colours": "dark"})
    start = client.get(page).content.decode().partition("<head>")[0]
    assert 'data-theme="dark"' in start
    assert "data-contrast" not in start


def test_the_default_leaves_no_cookie(client, page):
    client.post(page, ALL)
    client.post(page, {**ALL, "reset": "1"})
    assert client.cookies["view"].value == ""


@pytest.mark.parametrize("value", ["huge", '"><script>', "x" * 5000])
def test_foreign_values_change_nothing(client, page, value):
    client.cookies["view"] = f"size:{value}.colours:bw"
    start = client.get(page).content.decode().partition("<head>")[0]
    assert 'data-contrast="bw"' in start
    assert "data-size" not in start


@pytest.mark.parametrize(
    ("address", "lands"),
    [
        ("/help/?a=1", "/help/?a=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("abc", "/"),
        ("attestation:home", "/"),
        ("/" + "a" * 5000, "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_on_the_portal(client, page, address, lands):
    assert client.post(page, {**ALL, "next": address}).url == lands


def test_a_get_changes_nothing(client, page):
    assert "view" not in client.get(page, ALL).cookies


def test_every_page_of_sign_in_is_shown_the_way_the_reader_likes(people):
    cache.clear()
    people.teacher.set_password("ночной-поезд-17")
    people.teacher.save()
    readers = {
        "account_logout": people.teacher,
        "account_reauthenticate": people.teacher,
        "account_change_password": people.teacher,
        "account_set_password": people.methodist,
    }
    for pattern in sign_in.urlpatterns:
        client = Client()
        if reader := readers.get(pattern.name):
            client.force_login(reader)
        if pattern.name == "account_confirm_login_code":
            client.post(reverse("account_request_login_code"), {"email": people.teacher.email})
        client.cookies["view"] = "colours:dark.size:xl"
        response = client.get(reverse(pattern.name))
        assert response.status_code == 200, pattern.name
        start = response.content.decode().partition("<head>")[0]
        assert 'data-theme="dark" data-size="xl"' in start, pattern.name
