"""Every page of the access matrix in a browser: axe, narrow screens, large text, themes."""

from pprint import pformat

import pytest
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import Error

from tests import factories
from tests.access.matrix import PAGES, address_of
from tests.browser import COLOURS, RULES, THEMES, overflow, violations, wear
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READERS = ("leader", "methodist", "teacher", "coordinator", "head", "operator", "guest")
# Answers that are no pages: files, feeds, and pieces that pages load into themselves.
NO_PAGES = {
    "healthz",
    "readyz",
    "attestation:certificate-pdf",
    "attestation:dossier-file",
    "attestation:export-file",
    "attestation:report-docx",
    "attestation:report-pdf",
    "communities:import-errors",
    "communities:order-file",
    "communities:person-options",
    "events:event-attendance-mark",
    "events:event-calendar",
    "events:event-clashes",
    "events:event-minutes-file",
    "events:my-calendar",
    "materials:author-search",
    "materials:material-download",
    "materials:material-preview",
    "materials:version-download",
}
READY = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"
ASKED = 'document.querySelectorAll("h1").length'


def reader_of(page):
    return next((role for role in READERS if page.expected(role) == page.status), None)


@pytest.fixture
def world(stills_of, people, media):
    return World(people)


def test_every_page_is_accessible_and_fits_the_screen(stills_of, world):
    world.everything()
    kept, found, titles, no_pages = Snapshot(world), {}, {}, set()
    for key, row in PAGES.items():
        if row.method != "get" or row.status != 200 or reader_of(row) is None:
            continue
        page = stills_of(getattr(world.people, reader_of(row), None))
        if not opened(page, address_of(key, world)):
            no_pages.add(key)
        else:
            titles.setdefault(page.title(), set()).add(page.url.partition("?")[0])
            if faults := faults_of(page):
                found[key] = faults
        kept.put_back()
    assert found == {}, pformat(found, width=200)
    assert {title: urls for title, urls in titles.items() if len(urls) > 1} == {}
    assert no_pages == NO_PAGES


def variants(world):
    """What the addresses of the matrix do not show: longer lists, other days, open parts."""
    event, draft = world.event, world.draft_order.pk
    plan = f"{reverse('events:event-new')}?plan={world.plan_item.pk}"
    talk = reverse("events:talk-edit", args=[factories.TalkFactory(event=event).pk])
    return {
        f"{event.get_absolute_url()}?names=1": "leader",
        "/events/?view=month": "leader",
        plan: "leader",
        f"{talk}?q=учит": "leader",
        reverse("events:event-minutes", args=[world.signed_minutes.event_id]): "leader",
        reverse("events:event-attendance-add", args=[event.pk]) + "?q=Учит": "leader",
        f"{world.association.get_absolute_url()}?on=2020-03-12": "methodist",
        reverse("communities:order-item-add", args=[draft, "create"]): "methodist",
        a_messy_import(world).get_absolute_url(): "methodist",
        f"{reverse('communities:task-list')}?task={world.assignment.pk}": "methodist",
        "/manage/gallery/?toast=1": "methodist",
    }


def test_fuller_pages_are_accessible_and_fit_the_screen(stills_of, world):
    long_names(world)
    found = {}
    for address, role in variants(world).items():
        page = stills_of(getattr(world.people, role))
        assert opened(page, address), address
        if faults := faults_of(page):
            found[address] = faults
    assert found == {}, pformat(found, width=200)


def a_messy_import(world):
    """A preview with one new person and a page of errors."""
    batch = factories.ImportBatchFactory(created_by=world.people.methodist)
    shown = {"name": "Новая Анна", "rows": [2], "is_new": True, "fields": [], "works": 1}
    errors = [factories.IMPORT_ERROR] * 25
    batch.mapping["preview"].update(new=1, wrong=1, errors=errors, sample=[shown])
    batch.save()
    return batch


def long_names(world):
    """Rows of every list on these pages, and names that do not end."""
    world.association.about = "Учим считать. " * 20
    world.association.save()
    factories.OnlineCommunityFactory(association=world.association)
    factories.MembershipFactory(association=world.association)
    world.event.title = "Функциональная грамотность на уроках математики и информатики"
    world.event.save()
    for name in ("Баранова", "Громова", "Ёлкина"):
        person = factories.PersonFactory(municipality=world.municipality, last_name=name)
        world.event.registrations.create(person=person, state="confirmed")


def opened(page, address):
    """Go there and wait for what the page loads; False for a file or a piece of a page."""
    page.complaints.clear()
    if page.viewport_size["width"] != 1366:
        page.set_viewport_size({"width": 1366, "height": 768})
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return False
        raise
    assert answer.status == 200, address
    if not page.evaluate(READY):
        page.wait_for_function(READY, polling=50)
    return page.evaluate("!!document.querySelector('main')")


def faults_of(page):
    """What is wrong with an open page, by name; nothing when it is as it must be."""
    # Contrast is proven by the colours themselves, and in five themes below; no colour changes
    # with the width, so links are told from their text once.
    faults = {"axe": violations(page, color_contrast=False), "console": list(page.complaints)}
    faults["h1"] = page.evaluate(ASKED) - 1
    page.set_viewport_size({"width": 320, "height": 700})
    faults["320 px"] = overflow(page)
    faults["axe on a phone"] = violations(page, **dict.fromkeys(COLOURS, False))
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.dataset.size = 'xxl'")
    faults["200 %"] = overflow(page)
    return {name: fault for name, fault in faults.items() if fault}


class Snapshot:
    """The rows of a world as they are: some rows of the matrix change them on their way."""

    def __init__(self, world):
        made = [row for row in vars(world).values() if isinstance(row, Model)]
        self.rows = [(row, type(row)._base_manager.filter(pk=row.pk)) for row in made]
        self.values = [found.values().get() for _row, found in self.rows]
        self.written = written()

    def put_back(self):
        if written() == self.written:
            return  # nobody has written anything since
        for (row, found), values in zip(self.rows, self.values, strict=True):
            if found.values().get() != values:
                found.update(**values)
                row.refresh_from_db()
        self.written = written()


def written():
    """How far the database has come with writing: the same while everybody only reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        return cursor.fetchone()[0]


def test_five_themes_are_accessible(stills_of, world):
    world.event.registrations.create(person=world.people.teacher, state="confirmed")
    page, found = stills_of(world.people.leader), {}
    report = f"/reports/annual/{world.plan.school_year.slug}/"
    pages = ("/", "/me/", "/materials/", world.event.get_absolute_url(), report)
    for address in (*pages, world.plan_item.plan.get_absolute_url()):
        opened(page, address)
        for theme in THEMES:
            wear(page, colours=theme)
            rules = RULES if theme == THEMES[0] else COLOURS
            if bad := violations(page, rules) or page.complaints:
                found[address, theme] = bad
    assert found == {}


def test_phone_pages_are_accessible(stills_of, world):
    """What only a phone shows: the bottom bar, folded filters, the month as a diary."""
    factories.RegistrationFactory(event=world.event, person=world.people.teacher)
    page, found = stills_of(world.people.leader, 390), {}
    for address in ("/", "/materials/", "/materials/#filters", "/events/?view=month", "/events/"):
        page.goto(address)
        page.wait_for_function(READY, polling=50)
        if bad := violations(page):
            found[address] = bad
    assert found == {}
