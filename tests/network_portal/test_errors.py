"""Pages for what went wrong."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from network_portal import errors


@pytest.fixture
def request_of(people, rf):
    def make(path="/", person=None):
        request = rf.get(path)
        request.user = person or people.teacher
        return request

    return make


def test_an_unknown_address_offers_a_search_by_its_words(as_, people):
    response = as_(people.teacher).get("/materials/4212-линейная-функция-7/")
    assert response.status_code == 404
    assert 'value="линейная функция"' in response.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/12-kruglyi-stol/", ""),
        ("/12/", ""),
        ("/a/%3Cscript%3E-урок/", "урок"),
        ("/", ""),
    ],
)
def test_words_of_an_address(path, words):
    assert errors.slug_words(path) == words


def test_refused_access_names_who_grants_it(request_of):
    response = errors.permission_denied(request_of(), PermissionDenied("events.change_event"))
    html = response.content.decode()
    assert response.status_code == 403
    assert "Кто даёт доступ, подскажет методист." in html
    assert "events.change_event" not in html


def test_refused_access_keeps_a_reason_for_people(request_of):
    refused = PermissionDenied("Протокол уже подписан.")
    assert (
        "Протокол уже подписан." in errors.permission_denied(request_of(), refused).content.decode()
    )


def test_an_old_form_is_explained(request_of):
    response = errors.csrf_failure(request_of("/help/"))
    assert response.status_code == 403
    assert "Форма устарела" in response.content.decode()


def test_our_own_failure_needs_no_database_and_the_log_has_its_number(rf, settings, caplog):
    settings.SUPPORT_PHONE = "8 (000) 000-00-00"
    html = errors.server_error(rf.get("/")).content.decode()
    number = re.search(r"Номер (\w{4})\.", html)[1]
    assert number in caplog.text
    assert "8 (000) 000-00-00" in html


def test_a_request_without_a_reader_gets_its_page(rf, people):
    assert errors.bad_request(rf.get("/")).status_code == 400
