"""One large world in two municipalities: asked about by thousands of requests, changed by none."""

import pickle
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests import kept
from tests.access import ROLES
from tests.conftest import People
from tests.world import World

HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The neighbour's world has the same words in it: it is made when nobody looks for ours."""
    places = [place for place, item in enumerate(items) if item.path.parent == HERE]
    asked = sorted((items[place] for place in places), key=lambda one: "mirror" in one.fixturenames)
    for place, item in zip(places, asked, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def standing_people(django_db_setup, django_db_blocker):
    """The cast, once for all tests that ask hundreds of pages and change nothing.

    It is committed: a transaction that hundreds of tests stand in grows slow.
    """
    with django_db_blocker.unblock():
        yield People()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def mirror_people(standing_people):
    """The same cast seen from the neighbour: what is his there is foreign here."""
    return People(standing_people.other, standing_people.municipality)


@pytest.fixture(scope="package")
def sessions(standing_people):
    """The session of every role, the guest's is None."""
    signed_in = {role: kept.session_of(getattr(standing_people, role)) for role in ROLES[1:]}
    return {"guest": None, **signed_in}


@pytest.fixture(scope="package")
def standing_media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="package")
def standing_world(standing_people, standing_media):
    with override_settings(MEDIA_ROOT=standing_media):
        return pickle.dumps(World(standing_people).everything())


@pytest.fixture(scope="package")
def mirror_world(mirror_people, standing_media):
    with override_settings(MEDIA_ROOT=standing_media):
        return pickle.dumps(World(mirror_people).everything())


@pytest.fixture
def standing(db, standing_world, standing_media, media, settings):
    """A world with everything in it, of the municipality that stands here."""
    settings.MEDIA_ROOT = standing_media
    return pickle.loads(standing_world)


@pytest.fixture
def mirror(standing, mirror_world):
    """The same of the neighbour."""
    return pickle.loads(mirror_world)
