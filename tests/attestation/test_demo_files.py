"""Office files of the demo: whole, and the same bytes every time."""

import datetime
import io
import xml.dom.minidom
import zipfile

import pytest
import time_machine

from attestation.demo import office_files

LINES = ["Первый «абзац» & другие", "Второй < третьего"]
MADE = {
    "docx": lambda: office_files.docx("Название", LINES),
    "pptx": lambda: office_files.pptx("Название", LINES),
    "xlsx": lambda: office_files.xlsx("Название", [["Неделя", "Тема"], [1, LINES[0]]]),
}


@pytest.mark.parametrize("kind", MADE)
def test_every_part_is_well_formed(kind):
    archive = zipfile.ZipFile(io.BytesIO(MADE[kind]()))
    for name in archive.namelist():
        xml.dom.minidom.parseString(archive.read(name))  # noqa: S318  (our own file)


@pytest.mark.parametrize("kind", MADE)
def test_bytes_do_not_depend_on_the_clock(kind):
    def made_on(day):
        with time_machine.travel(datetime.datetime(2026, 9, day, tzinfo=datetime.UTC)):
            return MADE[kind]()

    assert made_on(1) == made_on(2)
