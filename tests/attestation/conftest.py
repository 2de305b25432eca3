"""Fixtures of PROOF."""

import pytest
from django.db import transaction
from django.test import override_settings

from tests.browser import open_page
from tests.factories import held_event

__all__ = ["open_page"]


@pytest.fixture(scope="module")
def rolled_back(django_db_setup, django_db_blocker, tmp_path_factory):
    """What a module builds is gone at its end, the files and the key in this folder too."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media, SIGNING_KEY_FILE=media / "key.pem"),
        transaction.atomic(),
    ):
        yield media
        transaction.set_rollback(True)


@pytest.fixture
def event(people):
    """A closed event of the leader's association at which teacher and leader were."""
    return held_event(
        people.teacher,
        people.leader,
        municipality=people.municipality,
        association=people.association,
    )
