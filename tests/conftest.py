"""The cast by role, the world they live in, and a media folder that each test throws away."""

import datetime
import pickle

import pytest
from django.conf import settings as portal
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client, override_settings
from xdist.scheduler import LoadScopeScheduling

from communities.models import Municipality, Role, RoleGrant
from tests import kept
from tests.access import ROLES
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

# Modules whose tests share one large world: one process builds it, not each of them.
TOGETHER = (
    "tests/attestation/test_demo.py",
    "tests/attestation/test_demo_neighbours.py",
    "tests/network_portal/test_supervisor.py",
    "tests/test_access.py",
    "tests/test_bad_input.py",
    "tests/test_sabotage.py",
)
ROLE = "SET session_replication_role"
SINCE = datetime.date(2016, 9, 1)
_KEPT = []  # the cast and its rows


def empty_tables(self, style, tables, **options):
    """TRUNCATE makes new files for every table and index; most hold a few rows or none.

    In this role the server skips foreign keys and the triggers of what may only grow.
    """
    deletes = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
    return [f"{ROLE} = replica", *deletes, f"{ROLE} = DEFAULT"] if tables else []


DatabaseOperations.sql_flush = empty_tables  # of tests with transactions of their own


class ByWorld(LoadScopeScheduling):
    """Deals tests out one by one, and these modules as wholes."""

    def _split_scope(self, nodeid):
        module = nodeid.partition("::")[0]
        return module if module in TOGETHER else nodeid


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


@pytest.fixture(scope="module")
def standing_people(django_db_setup, django_db_blocker):
    """The cast, once for a module that asks hundreds of pages and changes nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield People()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def mirror_people(standing_people):
    """The same cast seen from the neighbour: what is his there is foreign here."""
    return People(standing_people.other, standing_people.municipality)


@pytest.fixture(scope="module")
def sessions(standing_people):
    """The session of every role, the guest's is None."""
    keys = {"guest": None}
    for role in ROLES[1:]:
        client = Client()
        client.force_login(getattr(standing_people, role))
        keys[role] = client.cookies[portal.SESSION_COOKIE_NAME].value
    return keys


@pytest.fixture(scope="module")
def standing_media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def standing_world(standing_people, standing_media):
    with override_settings(MEDIA_ROOT=standing_media):
        return pickle.dumps(World(standing_people).everything())


@pytest.fixture(scope="module")
def mirror_world(mirror_people, standing_media):
    with override_settings(MEDIA_ROOT=standing_media):
        return pickle.dumps(World(mirror_people).everything())


@pytest.fixture
def standing(db, standing_world, standing_media, media, settings):
    """A world with everything in it, of the municipality that stands for the whole module."""
    settings.MEDIA_ROOT = standing_media
    return pickle.loads(standing_world)


@pytest.fixture
def mirror(standing, mirror_world):
    """The same of the neighbour."""
    return pickle.loads(mirror_world)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def as_(client):
    """`as_(people.teacher)`: the test client signed in as this person."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in
