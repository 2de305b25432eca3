"""The journal speaks Russian: every code that the sources write into it has words."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from attestation.workflow import REPORT
from communities.manage.journal_words import ACTIONS
from communities.models import Subject
from events.workflow import PLAN
from tests.factories import dictionary

APPS = ("communities", "events", "materials", "attestation")
CODE = re.compile(r'"([a-z_]+\.(?!docx|pdf)[a-z_]+)"')
PREFIXES = {code.partition(".")[0] for code in ACTIONS}


def sources():
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            if "migrations" not in path.parts and path.name != "journal_words.py":
                yield path.read_text(encoding="utf-8")


def written_codes():
    literal = {code for text in sources() for code in CODE.findall(text)}
    return {
        *(code for code in literal if code.partition(".")[0] in PREFIXES),
        *(f"plan.{arrow}" for arrow in PLAN.transitions),
        *(f"report.{arrow}" for arrow in REPORT.transitions),
        *(f"assignment.{step}" for step in ("start", "complete", "reopen")),
    }


def test_every_code_has_words_and_every_word_a_code():
    assert written_codes() - set(ACTIONS) == set()
    assert set(ACTIONS) - written_codes() == set()


@pytest.mark.parametrize("prefix", ["online_community", "export_columns", "record"])
def test_every_kind_of_code_is_known(prefix):
    assert prefix in PREFIXES


def test_label_of_a_dictionary_is_called_so(people, as_):
    row = dictionary(Subject, people.municipality, "history")
    client = as_(people.methodist)
    address = reverse("communities:dictionary-row", args=["communities-subject", row.pk])
    client.post(address, {"label": "История России", "position": "1"})
    page = client.get(reverse("communities:audit-list")).content.decode()
    assert "название изменено" in page
    assert "communities.subject" not in page
