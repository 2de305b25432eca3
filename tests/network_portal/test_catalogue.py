import gettext

import polib
import pytest

from network_portal import catalogue


@pytest.fixture
def po_file(tmp_path):
    def write(*entries):
        file = polib.POFile()
        file.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": "nplurals=4; plural=n%10==1 ? 0 : n%10<5 ? 1 : 2;",
        }
        file.extend(entries)
        file.save(str(tmp_path / "django.po"))
        return tmp_path / "django.po"

    return write


FORMS = {0: "%(n)s урок", 1: "%(n)s урока", 2: "%(n)s уроков", 3: "%(n)s урока"}


def test_compiled_catalogue_speaks_russian(po_file):
    path = po_file(polib.POEntry(msgid="Report", msgstr="Отчёт"))
    assert catalogue.compile_catalogue(path) is True
    assert catalogue.compile_catalogue(path) is False
    with path.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Report") == "Отчёт"


def test_complete_catalogue_has_no_problems(po_file):
    plural = polib.POEntry(
        msgid="%(n)s lesson", msgid_plural="%(n)s lessons", msgstr_plural=dict(FORMS)
    )
    gone = polib.POEntry(msgid="Gone", msgstr="", obsolete=True)
    path = po_file(plural, gone, polib.POEntry(msgid="100%% of %(x)s", msgstr="%(x)s — 100%%"))
    assert catalogue.problems(path) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="Report", msgstr=""), "untranslated"),
        (polib.POEntry(msgid="Report", msgstr="Отчёт", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(n)s of", msgstr="%(m)s из"), "unknown placeholder"),
        (
            polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "а", 1: "б", 2: "в"}),
            "untranslated",
        ),
    ],
)
def test_problem_is_named(po_file, entry, problem):
    (found,) = catalogue.problems(po_file(entry))
    assert found.startswith(problem)


def test_missing_and_stale_entries_are_named(po_file):
    said = po_file(
        polib.POEntry(msgid="Report", msgstr="Отчёт"),
        polib.POEntry(msgid="Open", msgctxt="a state", msgstr="Открыт"),
        polib.POEntry(msgid="Gone", msgstr="Ушло", obsolete=True),
    )
    in_sources = {(None, "", "Report"), (None, "", "Open")}
    assert catalogue.differences(catalogue.sentences(said), in_sources) == [
        "not in the catalogue: Open",
        "in no source any more: Open [a state]",
    ]


def test_shipped_catalogue_is_complete():
    assert catalogue.problems() == []
