"""The report of 2020-21 comes out with the figures of the founding document."""

import html
import io
import json
import pickle
import re

import docx
import pypdfium2
import pytest
from django.core.management import call_command
from django.utils.html import strip_tags

from attestation import paper, report_assignments, report_documents, report_jobs, texts
from attestation.demo import founding
from attestation.models import AnnualReport
from communities import jobs
from communities.models import Assignment, Job
from tests.attestation import core
from tests.conftest import People


@pytest.fixture(scope="module")
def begun(rolled_back):
    people = People()
    place = people.municipality
    place.name_genitive = "Никольского муниципального района"
    place.department_genitive = "Управления образования"
    place.save()
    year = core.build_core(place)
    for row in (people.organization, people.association):
        row.closed_on = core.ORDER_DAY
        row.save()
    with founding.sections(place):
        yield pickle.dumps((people, core.core_report(people, year)))


def command(*args):
    out = io.StringIO()
    call_command("report", "--municipality", "nikolsky", "--year", "2020-21", *args, stdout=out)
    return out.getvalue()


def test_figures_equal_the_document(report):
    assert {code: report.figures[code] for code in core.FIGURES} == core.FIGURES


def test_evidence_is_the_rows_counted(report):
    counts = {code: len(keys) for code, keys in report.evidence.items()}
    assert counts == {code: report.figures[code] for code in counts}


def test_command_prints_live_then_signed_figures(report, people):
    live = json.loads(command("--json"))
    assert (live["source"], live["figures"]["organizations.preschool"]) == ("live", 33)
    core.sign(report, people, at=core.SIGNED_AT)
    people.organization.closed_on = None
    people.organization.save()
    signed = json.loads(command("--json"))
    assert (signed["source"], signed["figures"]["organizations.school"]) == ("signed", 15)
    assert "Районные методические объединения" in command()


def test_text_names_the_order_and_counts_in_russian(report):
    text = "\n".join(map(plain, paper.of(report)["sections"]))
    assert "приказом Управления образования №\N{NO-BREAK SPACE}199/01-03 от 16.09.2020" in text
    assert "13\N{NO-BREAK SPACE}районных методических объединений" in text
    assert "2\N{NO-BREAK SPACE}рабочие группы" in text
    assert "«ВКонтакте»" in text
    assert "{" not in text


def test_papers_and_page_say_what_the_document_says_in_its_order(report, people, client):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    client.force_login(people.head)
    page = client.get(signed.get_absolute_url()).content.decode()
    read = {
        "docx": docx_text(report_documents.docx(signed)),
        "pdf": pdf_text(report_documents.pdf(signed)),
        "page": html.unescape(strip_tags(re.sub("<sup>.*?</sup>", "", page))),  # numbers of notes
    }
    assert {what: core.missing(text, core.SENTENCES) for what, text in read.items()} == {
        what: [] for what in read
    }


def test_document_has_one_heading_and_those_it_asks_something_of(report, people):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    written = docx.Document(io.BytesIO(report_documents.docx(signed)))
    found = [p.text for p in written.paragraphs if p.style.name.startswith("Heading")]
    assert found == core.HEADINGS
    assert [p.text for p in written.paragraphs if p.style.name == "Title"] == [founding.TITLE]
    (signature,) = written.tables  # no figures stand in tables
    _post, name = (cell.text for cell in signature.rows[0].cells)
    assert name == f"____________ {people.methodist.signature}"


def plain(section):
    return texts.plain_text(section.get("paragraphs", []))


def test_papers_carry_mark_date_code_and_sections(report, people):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    words = docx_text(report_documents.docx(signed))
    pages = pdf_text(report_documents.pdf(signed))
    for text in (words, pages):
        assert "25.06.2021" in text
        assert "согласовано" in text.lower()
        assert "199/01-03" in text
        assert signed.seal.code in text
        assert signed.seal.chain_hash in text.replace("\r\n", "").replace("\n", "")
        assert "Предложения" in text
    assert "Согласовано" in words


def docx_text(content):
    document = docx.Document(io.BytesIO(content))
    footer = document.sections[0].first_page_footer
    return "\n".join(p.text for p in [*document.paragraphs, *footer.paragraphs])


def pdf_text(content):
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_papers_are_the_same_bytes_twice(report, people):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    assert report_documents.pdf(signed) == report_documents.pdf(signed)
    assert report_documents.docx(signed) == report_documents.docx(signed)


def test_proposals_become_assignments_once(report, people):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    rows = Assignment.objects.filter(municipality=people.municipality)
    assert rows.filter(organization__isnull=False).count() == 3 * 50
    assert rows.filter(association=None, organization=None).count() == 1
    before = rows.count()
    report_assignments.give_out(signed, actor=people.head)
    assert rows.count() == before


def test_render_job_keeps_files_under_their_hash(report, people):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    row = Job.objects.get(kind="attestation.render_report")
    jobs.run(row.pk)
    signed = AnnualReport.objects.get(pk=signed.pk)
    assert signed.pdf.read()[:5] == b"%PDF-"
    assert paper.integrity(signed) == []
    names = (signed.pdf.name, signed.docx.name)
    assert report_documents.keep(signed) == dict(zip(("pdf", "docx"), names, strict=True))
    assert report_jobs.request_papers(signed, actor=people.head).pk != row.pk


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_file_that_a_killed_worker_left_half_written_is_written_anew(report, people, media, kind):
    signed = core.sign(report, people, at=core.SIGNED_AT)
    path = media / report_documents.keep(signed)[kind]
    path.write_bytes(path.read_bytes()[:100])
    AnnualReport.objects.filter(pk=signed.pk).update(**report_documents.keep(signed))
    assert paper.integrity(AnnualReport.objects.get(pk=signed.pk)) == []
