"""What every page shares: language, landmarks, one heading, the current section, budgets."""

import gzip
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse
from django_htmx import __file__ as django_htmx

PAGES = (
    "communities:view-settings",
    "communities:page-help",
    "communities:page-accessibility",
    "communities:page-privacy",
    "communities:gallery",
    "communities:gallery-confirm",
)
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "wbr"}


class Page(HTMLParser):
    """Tags, ids and nesting of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.title, self.problems = [], [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture
def page_of(as_, people):
    def read(name, query=""):
        response = as_(people.methodist).get(reverse(name) + query)
        assert response.status_code == 200
        return Page(response.content.decode())

    return read


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_heading_and_all_landmarks(page_of, name):
    page = page_of(name)
    assert page.tags[0] == ("html", {"lang": "ru"})
    assert [page.count(tag) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    assert page.title.endswith(" · Методическая сеть")
    assert ("a", {"class": "skip", "href": "#main"}) in page.tags


@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_nested_and_its_ids_are_its_own(page_of, name):
    page = page_of(name, "?toast=1")
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert page.problems == []
    assert page.open == []
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_every_reference_on_the_page_has_its_target(page_of, name):
    page = page_of(name)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    named = {
        word
        for _, attrs in page.tags
        for key in ("aria-labelledby", "aria-describedby", "for")
        for word in attrs.get(key, "").split()
    }
    assert named <= ids


def test_titles_are_unique(page_of):
    titles = [page_of(name).title for name in PAGES]
    assert len(set(titles)) == len(titles)


def test_a_page_with_errors_says_so_in_its_title(as_, people):
    html = as_(people.methodist).post(reverse("communities:gallery"), {}).content.decode()
    assert Page(html).title.startswith("Ошибка: ")


def test_the_department_finds_reports_and_the_teacher_does_not(as_, people):
    address = reverse("communities:page-help")
    reports = f'href="{reverse("attestation:report-list")}"'
    assert reports in as_(people.methodist).get(address).content.decode()
    assert reports not in as_(people.teacher).get(address).content.decode()


def test_a_guest_is_offered_to_sign_in_and_nothing_to_sign_out(client, people):
    html = client.get(reverse("communities:page-help")).content.decode()
    assert reverse("account_login") in html
    assert reverse("account_logout") not in html


def test_messages_of_each_kind_are_told_apart(page_of):
    tags = page_of("communities:gallery", "?toast=1").tags
    boxes = [attrs for _, attrs in tags if attrs.get("class", "").startswith("flash ")]
    shown = [attrs for _, attrs in tags if attrs.get("class", "").split()[:1] == ["flash"]]
    assert [attrs["role"] for attrs in shown] == ["status", "status", "alert"]
    assert len(boxes) == 2


def test_the_frame_asks_the_database_little(as_, people, django_assert_max_num_queries):
    client = as_(people.methodist)
    with django_assert_max_num_queries(5):
        client.get(reverse("communities:page-help"))


def compressed(path):
    return len(gzip.compress(path.read_bytes(), 9))


def test_weight_budget_of_the_first_load(page_of, as_, people):
    from pathlib import Path

    css = compressed(settings.BASE_DIR / "static/css/portal.css")
    script = compressed(settings.BASE_DIR / "static/js/portal.js")
    htmx = compressed(Path(django_htmx).parent / "static/django_htmx/htmx-2.min.js")
    response = as_(people.teacher).get(reverse("communities:page-help"))
    page = len(gzip.compress(response.content, 9))
    assert css <= 14 * 1024
    assert script <= 4 * 1024
    assert page <= 14 * 1024
    assert css + script + htmx + page <= 60 * 1024
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', response.content.decode())
    assert len(set(files)) + 1 <= 5
