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
