"""Every named page × every role: the matrix is complete, and the portal agrees with it."""

import uuid

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from network_portal import urls
from tests.access import LOGIN, ROLES, SIGNED_IN
from tests.access.matrix import (
    PAGES,
    address_of,
    ask,
    is_public,
    name_of,
    named_urls,
    rows_of,
)

VIEWS = {name: view for name, view, _address in named_urls()}
GET = [key for key, page in PAGES.items() if page.method == "get"]
# A page that leads a browser on may give htmx the part it is for.
PLAIN = [key for key in GET if PAGES[key].status == 200]
OBJECTS = [key for key, page in PAGES.items() if page.neighbour == 404]
POST_ONLY = [key for key in PAGES if {page.method for page in rows_of(name_of(key))} == {"post"}]
NOBODY = {int: 2_000_000_000, uuid.UUID: uuid.UUID(int=1), str: "no-such"}


@pytest.fixture(autouse=True)
def _bare_refusals(monkeypatch):
    """Thousands are refused here; what the page of a refusal looks like is tested elsewhere."""
    monkeypatch.setattr(urls, "handler403", bare(403))
    monkeypatch.setattr(urls, "handler404", bare(404))


def bare(status):
    return lambda request, exception: HttpResponse(status=status)


def test_every_named_page_is_in_the_matrix():
    assert sorted(VIEWS) == sorted({name_of(key) for key in PAGES})


def test_each_row_says_what_it_is_in_english():
    assert [key for key, page in PAGES.items() if not page.title or not page.title.isascii()] == []


def test_only_pages_declared_public_open_to_a_guest():
    for key, page in PAGES.items():
        if not is_public(VIEWS[name_of(key)]):
            assert page.expected("guest") == LOGIN, key


def test_no_view_is_exempt_from_csrf():
    assert [name for name, view in VIEWS.items() if getattr(view, "csrf_exempt", False)] == []


@pytest.mark.parametrize("key", PAGES)
def test_page_answers_each_role_as_the_matrix_says(key, standing, sessions):
    page, address = PAGES[key], address_of(key, standing)
    answers = {
        role: ask(sessions[role], page.method, address, page.data(standing)) for role in ROLES
    }
    assert statuses(answers) == expected(page, ROLES)
    if page.method == "get":
        assert {role: answer.writes for role, answer in answers.items() if answer.writes} == {}


@pytest.mark.parametrize("key", PLAIN)
def test_htmx_gets_the_same_answers(key, standing, sessions):
    """Asked of one reader for each kind of answer."""
    page, address = PAGES[key], address_of(key, standing)
    roles = {page.expected(role): role for role in ROLES}.values()
    htmx = {"HX-Request": "true"}
    answers = {role: ask(sessions[role], "get", address, headers=htmx) for role in roles}
    assert statuses(answers) == expected(page, roles)
    assert {role: answer.writes for role, answer in answers.items() if answer.writes} == {}


@pytest.mark.parametrize("key", GET)
def test_who_may_not_open_a_page_may_not_post_to_it(key, standing, sessions):
    """Rows with "post" say who may; elsewhere a form is as closed as its page."""
    page, address = PAGES[key], address_of(key, standing)
    if any(row.method == "post" for row in rows_of(name_of(key))):
        return
    for role in {page.expected(role): role for role in reversed(ROLES)}.values():
        refusal = page.expected(role)
        if refusal >= 400 or (role == "guest" and refusal == LOGIN):
            answer = ask(sessions[role], "post", address)
            assert answer.status_code in {refusal, 405}, role
            assert answer.writes == [], role


@pytest.mark.parametrize("name", dict.fromkeys(map(name_of, PAGES)))
def test_post_without_the_forms_token_is_refused(name, standing, sessions):
    key = next(key for key in PAGES if name_of(key) == name)
    answer = ask(sessions["methodist"], "post", address_of(key, standing), csrf=True)
    assert answer.status_code == 403


@pytest.mark.parametrize("key", POST_ONLY)
def test_an_action_is_not_done_by_following_a_link(key, standing, sessions):
    answer = ask(allowed(PAGES[key], sessions), "get", address_of(key, standing))
    assert answer.status_code in {405, 302}  # refused, or led back to the form
    assert answer.writes == []


@pytest.mark.parametrize("key", OBJECTS)
def test_objects_of_another_municipality_are_not_found(key, standing, mirror, sessions):
    """Even for those who may do the same at home: the numbers are guessed, not linked."""
    page, address = PAGES[key], address_of(key, mirror)
    if address == address_of(key, standing):
        return  # a school year is called the same everywhere and means the own one
    for role in SIGNED_IN:
        answer = ask(sessions[role], page.method, address, page.data(mirror))
        may = page.expected(role) == page.status
        assert answer.status_code in ({404} if may else {403, 404}), role


@pytest.mark.parametrize("key", OBJECTS)
def test_objects_that_do_not_exist_are_not_found(key, standing, sessions):
    page = PAGES[key]
    args = page.args(standing)
    for place, value in enumerate(args):
        nobodys = [*args[:place], NOBODY[type(value)], *args[place + 1 :]]
        try:
            address = reverse(name_of(key), args=nobodys)
        except NoReverseMatch:
            continue  # the address itself names the few values there are
        answer = ask(allowed(page, sessions), page.method, address, page.data(standing))
        assert answer.status_code < 500, address
        assert answer.status_code == 404 or place, address


def statuses(answers):
    return {role: answer.status_code for role, answer in answers.items()}


def expected(page, roles):
    return {role: page.expected(role) for role in roles}


def allowed(page, sessions):
    """The session of somebody the page opens to, a person before a guest."""
    role = next(role for role in (*SIGNED_IN, "guest") if page.expected(role) == page.status)
    return sessions[role]
