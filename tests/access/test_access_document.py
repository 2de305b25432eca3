"""`docs/access.md` says what the code does; `make access` writes it anew."""

import os

import rules

from tests.access.document import PATH, document
from tests.access.samples import ASKED_ABOUT, SAMPLES


def test_every_permission_is_asked_about_something():
    assert sorted(ASKED_ABOUT) == sorted(rules.permissions.permissions)
    assert {sample for asked in ASKED_ABOUT.values() for sample in asked} == set(SAMPLES)


def test_every_permission_is_given_to_somebody():
    """A row without a yes is a sample that nothing can be done with, not a rule."""
    text = PATH.read_text(encoding="utf-8").partition("## Permissions")[2]
    rows = [row.split(" | ") for row in text.splitlines() if row.startswith("| `")]
    given = {row[0] for row in rows if "yes" in row}
    assert {f"| `{permission}`" for permission in rules.permissions.permissions} == given


def test_the_document_says_what_the_code_does(standing, mirror):
    text = document(standing, mirror)
    if os.environ.get("ACCESS_DOCUMENT") == "write":
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(text, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == text, "docs/access.md is old: run `make access`"
