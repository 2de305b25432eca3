"""Tests that begin with one report: each module builds its own once, and no test keeps a change.

`begun` of a module is its cast and its report, pickled.
"""

import pickle
import shutil

import pytest


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
