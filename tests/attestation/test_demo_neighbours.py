"""Neighbours of the demo district: every state is there, stays there, and has pages that open."""

import collections
import datetime
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from attestation.demo import corners
from communities import jobs
from communities.models import ImportBatch, Job, Municipality, Role, User
from network_portal.celery import app
from tests.access.matrix import whole

pytestmark = pytest.mark.django_db

APPS = ("communities", "events", "materials", "attestation")
NEIGHBOURS = ("zarechny", "lesnoy")


@pytest.fixture(scope="module")
def neighbours(rolled_back):
    """The neighbours without the district, for the whole module."""
    corners.build(make_password("demo-demo"))
    return {slug: Municipality.objects.get(slug=slug) for slug in NEIGHBOURS}


@pytest.fixture(autouse=True)
def media():
    """The module's own media folder stays in force."""


def rows_of(model, municipality):
    """Rows of a model that belong to a municipality, directly or through what holds them."""
    for path in paths_to_municipality(model):
        return model.objects.filter(**{path: municipality})
    raise AssertionError(f"{model} belongs to no municipality")


def paths_to_municipality(model, depth=3):
    fields = [field for field in model._meta.concrete_fields if field.is_relation]
    yield from (f.name for f in fields if f.name == "municipality")
    if depth:
        for field in fields:
            if not field.null and field.related_model is not model:
                for path in paths_to_municipality(field.related_model, depth - 1):
                    yield f"{field.name}__{path}"


# What no row can or need hold: an event's paper names neither author nor leader, and which
# indicators and sections there are is a setting, not a state.
ELSEWHERE = {
    ("Certificate", "role"): {"author", "leader"},
    ("Indicator", "scope"): {"association"},
}
OURS = [
    model
    for label in APPS
    for model in apps.get_app_config(label).get_models()
    if model is not Municipality
]


def missing(model, municipality):
    """Values of choices that no row of the municipality has, by field."""
    rows = rows_of(model, municipality)
    assert rows.exists(), model
    found = {}
    for field in filter(lambda field: field.choices, model._meta.concrete_fields):
        wanted = {code for code, _label in field.flatchoices}
        wanted -= ELSEWHERE.get((model.__name__, field.name), set())
        if lacking := wanted - set(rows.values_list(field.name, flat=True)):
            found[field.name] = lacking
    return found


@pytest.mark.parametrize("slug", NEIGHBOURS)
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_neighbour_holds_every_kind_of_row_in_every_state(neighbours, model, slug):
    assert missing(model, neighbours[slug]) == {}


def test_every_state_is_still_there_when_the_workers_have_run(neighbours, monkeypatch):
    monkeypatch.setattr(jobs, "wake", lambda pk: jobs.run(pk) or True)
    seeded = set(Job.objects.exclude(kind="attestation.render_report").values_list("pk", "state"))
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        assert jobs.sweep() == Job.objects.filter(kind="attestation.render_report").count()
        app.loader.import_default_modules()
        for one in settings.CELERY_BEAT_SCHEDULE.values():
            app.tasks[one["task"]]()
        assert jobs.sweep() == 0
    assert seeded <= set(Job.objects.values_list("pk", "state"))
    for place in neighbours.values():
        assert {model: lacking for model in OURS if (lacking := missing(model, place))} == {}


PAGES = {
    "User": lambda row: reverse("communities:person-edit", args=[row.pk]),
    "Certificate": lambda row: reverse("attestation:certificate-pdf", args=[row.pk]),
    "Seal": lambda row: reverse("attestation:verify", args=[row.code]),
    "SchoolYear": lambda row: reverse("events:plan-list", args=[row.slug]),
}


def addresses(place, reader):
    """The page of every row that has one and that this person may see."""
    for model in OURS:
        page = PAGES.get(model.__name__, getattr(model, "get_absolute_url", None))
        if page:
            rows = rows_of(model, place)
            if hasattr(rows, "visible_to"):
                rows = rows.visible_to(reader)
            yield from map(page, rows)


SEVERAL = 2
LINK = re.compile(r'(?:href|hx-get)="(/(?!static/|accounts/)[^"?#]*)')


def links_of(response):
    """Addresses of pages that a page leads to, fragments that it fetches among them."""
    text = whole(response)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        yield from LINK.findall(text.decode())


@pytest.mark.parametrize("slug", NEIGHBOURS)
def test_every_page_opens_to_the_methodist(neighbours, slug):
    """The page of every row, then a few of each kind that these lead to."""
    methodist = User.objects.get(municipality=neighbours[slug], role_grants__role=Role.METHODIST)
    client = Client()
    client.force_login(methodist)
    answers, followed = {}, collections.Counter()
    waiting = [("", address) for address in ["/", *addresses(neighbours[slug], methodist)]]
    while waiting:
        origin, address = waiting.pop(0)
        name = resolve(urlsplit(address).path).view_name
        if address in answers or followed[name] >= SEVERAL:
            continue
        followed[name] += bool(origin)
        response = client.get(address)
        answers[address] = response.status_code, origin
        waiting += [(address, link) for link in links_of(response)]
    assert {address: found for address, found in answers.items() if found[0] >= 400} == {}
    assert len(answers) > 200, len(answers)


@pytest.mark.parametrize("step", ["columns", "apply", "undo"])
@pytest.mark.parametrize("slug", NEIGHBOURS)
def test_imports_answer_whatever_their_state(neighbours, slug, step):
    client = Client()
    for batch in ImportBatch.objects.filter(municipality=neighbours[slug]):
        client.force_login(batch.created_by)
        address = reverse(f"communities:import-{step}", args=[batch.pk])
        assert client.post(address, {"partial": "on"}).status_code < 400, batch.state


def test_imports_are_of_people_who_are_there_or_are_gone(neighbours):
    for place in neighbours.values():
        told = {row.state: row for row in ImportBatch.objects.filter(municipality=place)}
        assert (told["preview"].preview["new"], told["preview"].preview["wrong"]) == (2, 1)
        assert told["applied"].preview["new"] == 2
        made = [row["pk"] for row in told["applied"].changes if row["model"] == "user"]
        assert User.objects.filter(municipality=place, pk__in=made).count() == 2
        assert told["undone"].changes == []
