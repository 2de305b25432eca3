"""Every page that is read × what nobody means to type: an answer, never an error of ours."""

import pytest
from django.utils.functional import SimpleLazyObject

from network_portal import middleware
from tests.access.matrix import PAGES, address_of, ask

VALUES = ["abc", "-1", "99999999999", "9" * 400, "٣", "99999-01-01"]
FIELDS = (
    "page year start end since until month day date kind level format subject grade licence"
    " association organization event person author state status role column sort order scope ids"
).split()
RAW = [
    "?q=%00&page=%00",
    "?q=%ed%a0%80&year=%ed%a0%80",
    "?%ff=%ff&q=%ff",
    "?q=" + "ъ" * 10_000,
    "?q=%22%27%3B--&q=%3A%2A%7C%26%21%28%29%3C-%3E&author_q=%25_%5C",
    "?" + "&".join(f"{name}={name}" for name in FIELDS),
    "?" + "&".join(f"{name}[]=1&{name}=1&{name}=2" for name in FIELDS),
]
TYPED = ["?" + "&".join(f"{name}={value}" for name in FIELDS) for value in VALUES]
GET = [key for key, page in PAGES.items() if page.method == "get"]


def foreign_ids(mirror):
    """Numbers that exist, of rows next door."""
    ids = {
        "association": mirror.association.pk,
        "organization": mirror.organization.pk,
        "person": mirror.people.teacher.pk,
        "author": mirror.people.teacher.pk,
        "year": mirror.early_year.pk,
        "event": mirror.event.pk,
    }
    return "?" + "&".join(f"{name}={pk}" for name, pk in ids.items())


@pytest.fixture
def looks(monkeypatch):
    """Filled as soon as a view or a template looks into the query it was asked with."""
    found, cleaned = [], middleware.cleaned

    def watched(query):
        return SimpleLazyObject(lambda: found.append(query) or cleaned(query))

    monkeypatch.setattr(middleware, "cleaned", watched)
    return found


@pytest.mark.parametrize("key", GET)
def test_nonsense_in_the_address_is_answered(key, standing, mirror, sessions, looks):
    """A page that does not look into its query is asked once: nothing in it can matter."""
    page = PAGES[key]
    address = address_of(key, standing).partition("?")[0]
    queries = [*TYPED, *RAW, foreign_ids(mirror)]
    for role, asked in {"methodist": queries, "teacher": queries[:12:3]}.items():
        looks.clear()
        for query in asked if page.expected(role) == page.status else asked[:1]:
            answer = ask(sessions[role], "get", address + query)
            assert answer.status_code < 500, (role, query[:200])
            if not looks:
                break


def test_pages_that_look_into_their_query_are_known_to(standing, sessions, looks):
    ask(sessions["methodist"], "get", "/help/?q=1")
    assert not looks
    for address in ("/materials/?q=1", "/events/?page=2"):
        looks.clear()
        ask(sessions["methodist"], "get", address)
        assert looks, address
