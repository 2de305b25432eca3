"""Tests that begin with one report: each module builds its own once, and no test keeps a change.

`begun` is the cast and the report, pickled: a draft, unless a module begins otherwise.
"""

import pickle
import shutil

import pytest

from tests.conftest import People
from tests.factories import a_built_report


@pytest.fixture(scope="module")
def begun(rolled_back):
    people = People()
    return pickle.dumps((people, a_built_report(people)))


@pytest.fixture
def cast_and_report(db, begun):
    return pickle.loads(begun)


@pytest.fixture
def people(cast_and_report):
    return cast_and_report[0]


@pytest.fixture
def report(cast_and_report):
    return cast_and_report[1]


@pytest.fixture(autouse=True)
def media(rolled_back, settings, tmp_path):
    """The test's own copy of the files that the module began with."""
    settings.MEDIA_ROOT = shutil.copytree(rolled_back, tmp_path / "media")
    return settings.MEDIA_ROOT
