"""Every page that is read × what nobody means to type: an answer, never an error of ours."""

import pytest
from django.http import QueryDict

from network_portal import middleware
from network_portal.middleware import cleaned
from tests.access.matrix import PAGES, address_of, ask

EVERY = "*"  # what stands in all fields of a query
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


class Watched:
    """A query that notes in `read` which of its fields are looked at and what stands there."""

    def __init__(self, query):
        self.query, self.read = query, {}

    def getlist(self, field, default=None):
        self.read[field] = self.query.getlist(field)
        return self.query.getlist(field, default)

    def get(self, field, default=None):
        self.getlist(field)
        return self.query.get(field, default)

    def __getitem__(self, field):
        self.getlist(field)
        return self.query[field]

    def __contains__(self, field):
        self.getlist(field)
        return field in self.query

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.keys())

    def __getattr__(self, name):
        self.read[EVERY] = dict(self.query.lists())  # it may be looked through as a whole
        return getattr(self.query, name)


def is_same(read, query):
    """Whether a page that read this cannot tell it from the query."""
    asked = cleaned(QueryDict(query.removeprefix("?")))
    there = {field: asked.getlist(field) for field in read} | {EVERY: dict(asked.lists())}
    return all(there[field] == values for field, values in read.items())


@pytest.fixture
def queries(monkeypatch):
    """Those the pages were asked with since the list was cleared."""
    asked = []

    def watched(query):
        if not query:  # of a form: nothing is sent here
            return cleaned(query)
        asked.append(Watched(cleaned(query)))
        return asked[-1]

    monkeypatch.setattr(middleware, "cleaned", watched)
    return asked


@pytest.mark.parametrize("key", GET)
def test_nonsense_in_the_address_is_answered(key, standing, mirror, sessions, queries):
    """Asked until nothing is left that the page could tell from what it was asked with.

    The frame writes the address of every page back into it: pages that read all stand for it.
    """
    page = PAGES[key]
    address = address_of(key, standing).partition("?")[0]
    nonsense = [*TYPED, *RAW, foreign_ids(mirror)]
    for role, tried in {"methodist": nonsense, "teacher": nonsense[:12:3]}.items():
        queries.clear()
        for query in tried if page.expected(role) == page.status else tried[:1]:
            if not any(is_same(asked.read, query) for asked in queries):
                answer = ask(sessions[role], "get", address + query)
                assert answer.status_code < 500, (role, query[:200])


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("/help/?q=1", {}),
        ("/materials/new/?event=2&q=1", {"event": ["2"]}),
        ("/orders/?page=2&q=1", {"page": ["2"]}),
        ("/manage/audit/?page=2", {EVERY: {"page": ["2"]}, "page": ["2"]}),
    ],
)
def test_what_a_page_reads_of_its_query_is_noticed(address, read, standing, sessions, queries):
    ask(sessions["methodist"], "get", address)
    [query] = queries
    assert query.read == read
    assert is_same(query.read, address.partition("?")[2])
    assert is_same(query.read, "page=3") is (not read)
