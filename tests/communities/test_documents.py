import datetime
import io

import docx as python_docx
import pypdfium2
import pytest
from jinja2.exceptions import SecurityError

from communities import documents

MADE_AT = datetime.datetime(2021, 6, 25, 12, tzinfo=datetime.UTC)


def a_template(tmp_path, text):
    paper = python_docx.Document()
    paper.add_paragraph(text)
    path = tmp_path / "template.docx"
    paper.save(path)
    return path


def text_of(content):
    return "\n".join(p.text for p in python_docx.Document(io.BytesIO(content)).paragraphs)


def test_docx_keeps_markup_in_names_as_text(tmp_path):
    path = a_template(tmp_path, "{{ name }}")
    assert text_of(documents.docx(path, {"name": "<b>Ёлка & Ко</b>"})) == "<b>Ёлка & Ко</b>"


def test_docx_template_reaches_no_python(tmp_path):
    path = a_template(tmp_path, "{{ ''.__class__.__mro__ }}")
    with pytest.raises(SecurityError):
        documents.docx(path, {})


def test_pdf_is_tagged_and_repeatable(tmp_path, monkeypatch):
    (tmp_path / "lib.typ").write_text((documents.TEMPLATES / "lib.typ").read_text())
    (tmp_path / "probe.typ").write_text(
        '#import "lib.typ": *\n#show: paper.with(title: d.title)\n= #d.title\n#d.text'
    )
    monkeypatch.setattr(documents, "TEMPLATES", tmp_path)
    documents._compiler.cache_clear()
    data = {"title": "Проба", "text": "#set page(width: 1cm) <b>"}
    first = documents.pdf("probe", data, made_at=MADE_AT)
    assert documents.pdf("probe", data, made_at=MADE_AT) == first
    documents._compiler.cache_clear()
    assert b"/MarkInfo" in first
    page = pypdfium2.PdfDocument(first)[0]
    assert "#set page(width: 1cm) <b>" in page.get_textpage().get_text_range()


def test_columns_break_no_word_and_long_texts_take_what_is_left():
    rows = [
        ["Тема", "Дата", "Кто"],
        ["Функциональная грамотность " * 4, "09.09.2026", "С. К. " * 9],
    ]
    topic, day, who = documents.shares(rows)
    assert day == len("09.09.2026") + documents.MARGINS
    assert topic > who > 3 * day / 2
    assert topic + day + who == pytest.approx(documents.SHEET)


def test_columns_of_a_short_table_leave_the_room_to_the_first():
    month, number = documents.shares([["Месяц", "Все"], ["август", "1"]])
    assert number == len("Все") + documents.MARGINS
    assert month == documents.SHEET - number


def test_docx_table_has_the_widths_of_its_texts(tmp_path):
    paper = python_docx.Document()
    table = paper.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "{{ name }}", "1"
    paper.save(tmp_path / "template.docx")
    made = documents.docx(tmp_path / "template.docx", {"name": "Краснополянская школа"})
    (fitted,) = python_docx.Document(io.BytesIO(made)).tables
    wide, narrow = (column.width for column in fitted.columns)
    assert wide > 10 * narrow
    assert [cell.width for cell in fitted.rows[0].cells] == [wide, narrow]
