"""The cast by role, the world they live in, and a media folder that each test throws away."""

import datetime
import itertools
import os
import pickle
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate
from xdist.scheduler import LoadScopeScheduling

from communities.models import Municipality, Role, RoleGrant
from network_portal.embedded.servers import Servers
from tests import browser, kept
from tests.factories import (
    AccountFactory,
    AssociationFactory,
    EmploymentFactory,
    OrganizationFactory,
    a_municipality,
    appoint,
)
from tests.workers import workshop
from tests.world import World

__all__ = ["workshop"]

# Tests that share what they begin with: one process builds it, not each of them.
TOGETHER = (
    "tests/access/",
    "tests/attestation/test_demo.py",
    "tests/attestation/test_demo_neighbours.py",
    "tests/network_portal/test_supervisor.py",
)
BY_MODULE = "tests/attestation/kept/"  # where each module has a world of its own
SINCE = datetime.date(2016, 9, 1)
_KEPT = []  # the cast and its rows
_NUMBERS = itertools.count()  # of media folders


def empty_tables(self, style, tables, **options):
    """TRUNCATE makes new files for every table and index; most hold a few rows or none.

    In this role the server skips foreign keys and the triggers of what may only grow.
    """
    deletes = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
    return [kept.AS_COPY, *deletes, kept.AS_USUAL] if tables else []


DatabaseOperations.sql_flush = empty_tables  # of tests with transactions of their own
# Each emptying would write the rights of Django's admin anew, which the portal has no use for.
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)


class ByWorld(LoadScopeScheduling):
    """Deals tests out one by one, and these as wholes."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(BY_MODULE):
            return nodeid.partition("::")[0]
        return next((whole for whole in TOGETHER if nodeid.startswith(whole)), nodeid)


def pytest_xdist_auto_num_workers():
    """Each waits for a server, a browser or a worker of its own: one more keeps all busy."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, and those with a browser after each other: it is opened once."""
    items.sort(key=_place)


def _place(item):
    is_whole = item.nodeid.startswith(TOGETHER)  # one that came last would keep all waiting
    return item.get_closest_marker("browser") is None, not is_whole


def pytest_runtest_setup(item):
    if not item.get_closest_marker("browser"):
        browser.leave()


def pytest_sessionfinish():
    browser.leave()


def pytest_xdist_make_scheduler(config, log):
    return ByWorld(config, log)


class People:
    """One account per role: teacher, leader, coordinator, methodist, head, operator, neighbour.

    `organization` is where the first four work, `association` is what the leader leads and
    the teacher is a member of, `municipality` and `other` are theirs and the neighbour's.
    """

    def __init__(self, municipality=None, other=None):
        self.municipality = municipality or a_municipality()
        self.other = other or a_municipality("zarechny")
        self.organization = OrganizationFactory(municipality=self.municipality)
        self.association = AssociationFactory(municipality=self.municipality)
        self.teacher = self._employed("Учителева")
        self.leader = self._employed("Лидова")
        self.coordinator = self._with_role("Завучева", Role.COORDINATOR)
        self.methodist = self._with_role("Методистова", Role.METHODIST)
        self.head = self._with_role("Орлова", Role.HEAD)
        self.operator = self._with_role("Операторова", Role.OPERATOR)
        self.neighbour = self._with_role("Соседова", Role.METHODIST, self.other)
        appoint(self.leader, self.association)
        self.association.memberships.create(
            municipality=self.municipality, person=self.teacher, starts_on=SINCE
        )

    def _employed(self, last_name):
        person = AccountFactory(municipality=self.municipality, last_name=last_name)
        EmploymentFactory(person=person, organization=self.organization)
        return person

    def _with_role(self, last_name, role, municipality=None):
        municipality = municipality or self.municipality
        person = AccountFactory(municipality=municipality, last_name=last_name)
        RoleGrant.objects.create(
            municipality=municipality,
            person=person,
            role=role,
            organization=self.organization if role == Role.COORDINATOR else None,
            starts_on=SINCE,
        )
        return person


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """On servers of our own migrations run once, and each process gets a copy of the result."""
    if not Servers.of(settings).wanted:
        request.getfixturevalue("django_db_setup")  # pytest-django's
        return
    with django_db_blocker.unblock():
        kept.copy_database(Path(settings.LOCAL_DIR), os.environ.get("PYTEST_XDIST_WORKER", "gw0"))


@pytest.fixture
def people(db):
    """The cast, built once per process and then written as it was built."""
    if Municipality.objects.exists():  # another fixture was here first
        return People()
    if not _KEPT:
        made = People()
        rows = kept.rows_of([*kept.labels(), *kept.CAST], made.municipality, made.other)
        _KEPT.extend([pickle.dumps(made), rows])
        return made
    kept.write(_KEPT[1])
    return pickle.loads(_KEPT[0])


@pytest.fixture
def world(people, media):
    return World(people)


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    """A place that becomes a folder with the first file."""
    folder = settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(_NUMBERS)}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def as_(client):
    """`as_(people.teacher)`: the test client signed in as this person."""

    def sign_in(person):
        client.cookies[settings.SESSION_COOKIE_NAME] = kept.session_of(person)
        return client

    return sign_in
