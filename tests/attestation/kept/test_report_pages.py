"""Pages of reports: job 9 of the interface, from the figures to the signature."""

import datetime
import html
import io
import re
from urllib.parse import unquote

import docx
import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from attestation import reports, workflow
from attestation.models import AnnualReport
from communities import jobs
from communities.models import Job
from tests.attestation import core
from tests.factories import (
    AssociationFactory,
    EventFactory,
    PersonFactory,
    a_built_report,
    a_school_year,
    a_signed_report,
    appoint,
    held_event,
    with_papers,
)


def page(client, address, status=200, **data):
    response = client.get(address, data)
    assert response.status_code == status, address
    return response.content.decode()


def url(name, *args):
    return reverse(f"attestation:{name}", args=args)


def test_whole_way_from_build_to_signature(people, as_):
    year = a_school_year(people.municipality, 2019)
    client = as_(people.methodist)
    assert "Собрать отчёт" in page(client, url("report-year", year.slug))
    assert client.post(url("report-build", year.slug)).status_code == 302
    jobs.run(Job.objects.get(kind="attestation.build_report").pk)
    report = AnnualReport.objects.get(school_year=year)
    text = page(client, report.get_absolute_url())
    assert "На согласование" in text
    assert "замечани" in text
    client.post(url("report-transition", report.pk, "submit"))
    client = as_(people.head)
    assert "Подписать" in page(client, report.get_absolute_url())
    assert "не меняется" in page(client, url("report-transition", report.pk, "approve"))
    client.post(url("report-transition", report.pk, "approve"), {"word": " Подписать "})
    report.refresh_from_db()
    assert report.state == "approved"
    assert "готовятся" in page(client, report.get_absolute_url())
    jobs.run(Job.objects.get(kind="attestation.render_report").pk)
    got = client.get(url("report-pdf", report.pk))
    assert b"".join(got.streaming_content).startswith(b"%PDF-")


def test_signature_asks_for_the_word(report, people, as_):
    workflow.perform(report, "submit", actor=people.methodist)
    answer = as_(people.head).post(url("report-transition", report.pk, "approve"), {"word": "да"})
    assert "Введите слово" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == "submitted"


def test_signature_names_the_findings_of_the_report(report, people, as_):
    workflow.perform(report, "submit", actor=people.methodist)
    client = as_(people.head)
    shown = re.search(r"\d+ замечани", page(client, report.get_absolute_url()))[0]
    confirm = page(client, url("report-transition", report.pk, "approve"))
    assert f">{shown}" in confirm
    assert "Предложений нет" in confirm


def test_second_signature_gets_a_calm_message(report, people, as_):
    workflow.perform(report, "submit", actor=people.methodist)
    workflow.perform(report, "approve", actor=people.head)
    answer = as_(people.head).post(
        url("report-transition", report.pk, "approve"), {"word": "подписать"}, follow=True
    )
    assert answer.status_code == 200
    assert report.decisions.filter(action="approve").count() == 1


def test_returned_report_shows_the_remark(report, people, as_):
    workflow.perform(report, "submit", actor=people.methodist)
    as_(people.head).post(
        url("report-transition", report.pk, "return"), {"comment": "Добавьте <b>выводы</b>"}
    )
    assert "Добавьте &lt;b&gt;выводы" in page(as_(people.methodist), report.get_absolute_url())


def test_figures_lead_to_their_rows(report, people, as_):
    text = page(as_(people.methodist), report.get_absolute_url())
    links = re.findall(r'href="([^"]*/evidence/[^"]*)"', text)
    assert links
    for link in dict.fromkeys(links):
        page(as_(people.methodist), link.replace("&amp;", "&"))


def test_figures_lead_a_teacher_only_where_teachers_may_go(people, as_):
    held_event(people.teacher, municipality=people.municipality, association=people.association)
    report = a_signed_report(people)
    text = page(as_(people.teacher), report.get_absolute_url())
    links = dict.fromkeys(re.findall(r'href="([^"]*/evidence/[^"]*)"', text))
    assert links
    for link in links:
        page(as_(people.teacher), link.replace("&amp;", "&"))


def test_cells_and_totals_of_a_table_lead_to_as_many_rows(people, as_):
    for days_ago, format_ in ((3, "in_person"), (3, "online"), (40, "online")):
        held_event(
            people.teacher,
            municipality=people.municipality,
            association=people.association if days_ago == 3 else None,
            days_ago=days_ago,
            format=format_,
        )
    report = a_built_report(people)
    client = as_(people.methodist)
    tables = re.findall(r"<table.*?</table>", page(client, report.get_absolute_url()), re.S)
    cells = [
        cell
        for table in tables
        for cell in re.findall(r'<td class="n">\s*<a href="([^"]*)">(\d+)</a>', table)
    ]
    assert len(cells) > 10
    for link, told in cells:
        shown = page(client, link.replace("&amp;", "&"))
        assert f"{told} стр" in re.search(r'id="h-rows".*?>(.*?)<', shown)[1]


def test_files_of_a_report_are_called_in_russian(report, people, as_):
    theirs = a_built_report(people, people.association)
    year, client = report.school_year.slug, as_(people.methodist)
    told = report.tables["indicators"]["organizations.school"]["label"]
    rows = url("report-evidence", year, "organizations.school") + "?format=csv"
    named = {
        url("report-docx", report.pk): f"Отчёт {year}.docx",
        url("report-docx", theirs.pk): f"Отчёт {year}, {people.association.name}.docx",
        rows: f"{told}, {year}.csv",
    }
    for address, name in named.items():
        answer = client.get(address)
        assert unquote(answer["Content-Disposition"]) == f"attachment; filename*=utf-8''{name}"


def test_evidence_lists_the_rows_and_gives_a_table(report, people, as_):
    address = url("report-evidence", report.school_year.slug, "organizations.school")
    assert people.organization.short_name in page(as_(people.methodist), address)
    got = as_(people.methodist).get(address, {"format": "csv"})
    lines = b"".join(got.streaming_content).decode()
    assert lines.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Организация;Вид\r\n")
    assert people.organization.short_name in lines


def test_names_behind_figures_are_not_for_everybody(report, people, as_):
    report = core.sign(report, people)
    address = url("report-evidence", report.school_year.slug, "teachers.total")
    assert "Лидова" in page(as_(people.head), address)
    page(as_(people.teacher), address, 403)
    people_page = page(as_(people.teacher), report.get_absolute_url())
    assert "Лидова" not in people_page


def test_guest_reads_the_signed_report_without_links_to_rows(report, people, client, settings):
    report = core.sign(report, people)
    text = page(client, report.get_absolute_url())
    assert "Подлинный" in text
    assert "/evidence/" not in text


def test_correction_shows_both_numbers(report, people, as_):
    client = as_(people.methodist)
    address = url("report-figure", report.pk, "organizations.school")
    assert "Заполните" in page_of(client.post(address, {"value": 7, "edition": report.edition}))
    client.post(address, {"value": 7, "reason": "Школа открыта", "edition": report.edition})
    text = page(client, report.get_absolute_url())
    assert "<del>1</del> <ins>7</ins>" in text
    assert "Школа открыта" in text
    client.post(url("report-figure-reset", report.pk, "organizations.school"))
    assert "<ins>7</ins>" not in page(client, report.get_absolute_url())


def page_of(response):
    return response.content.decode()


def test_writer_sees_the_saved_text_with_its_figures(report, people, as_):
    reports.save_text(
        report,
        "effect",
        "Школ: {organizations.school}.",
        actor=people.methodist,
        edition=report.edition,
    )
    answer = as_(people.methodist).get(url("report-text", report.pk, "effect"))
    assert answer.context["printed"].startswith("Школ: 1")
    assert "Так печатается сейчас" in answer.content.decode()


def test_conflict_shows_both_texts_and_keeps_the_saved_one(report, people, as_):
    client = as_(people.methodist)
    address = url("report-text", report.pk, "effect")
    form = client.get(address).context["form"].initial
    opened = {"edition": form["edition"], "base": form["base"]}
    assert client.post(address, {"text": "Первый вариант", **opened}).status_code == 302
    answer = client.post(address, {"text": "Второй вариант", **opened})
    assert answer.status_code == 409
    assert "<del>Первый </del> <ins>Второй </ins>" in page_of(answer)
    assert report.texts.get(section="effect").text == "Первый вариант"
    retry = answer.context["retry"].initial
    done = client.post(address, {name: retry[name] for name in ("text", "edition", "base")})
    assert done.status_code == 302
    assert report.texts.get(section="effect").text == "Второй вариант"


def test_unknown_place_is_named_at_the_field(report, people, as_):
    answer = as_(people.methodist).post(
        url("report-text", report.pk, "effect"),
        {"text": "Всего {no.such}", "edition": report.edition},
    )
    assert "{no.such}" in page_of(answer)
    assert "Такого показателя нет" in page_of(answer)


def test_proposal_names_its_addressees_by_itself(report, people, as_):
    client = as_(people.methodist)
    client.post(
        url("proposal-new", report.pk),
        {
            "addressees": ["office", "leaders"],
            "text": "Продолжить работу",
            "due_on": "2027-09-01",
            "edition": report.edition,
        },
    )
    row = report.proposals.get()
    assert row.heading == "Информационно-методическому отделу, руководителям объединений"
    assert "до 01.09.2027" in page(client, report.get_absolute_url())
    page(client, url("proposal-edit", report.pk, row.pk))
    client.post(url("proposal-delete", report.pk, row.pk))
    assert report.proposals.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("due_on", "99999-01-01"), ("addressees", "head"), ("edition", "x"), ("text", "")],
)
def test_bad_proposal_is_answered_at_the_form(report, people, as_, field, value):
    good = {"addressees": "office", "text": "Работать", "edition": report.edition}
    answer = as_(people.methodist).post(url("proposal-new", report.pk), good | {field: value})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert report.proposals.count() == 0


def test_versions_are_compared(report, people, as_):
    signed = core.sign(report, people)
    draft = reports.start_version(signed, "Ошибка", actor=people.methodist)
    reports.save_text(draft, "effect", "Новый текст", actor=people.methodist, edition=0)
    reports.set_figure(draft, "organizations.school", 7, "Так", actor=people.methodist, edition=1)
    address = url("report-compare", draft.school_year.slug)
    text = page(as_(people.methodist), address, version=2)
    assert "<ins>Новый текст</ins>" in text
    assert "Школы" in text
    page(as_(people.methodist), address, 404, version=1)


def test_new_version_starts_from_the_page(report, people, as_):
    signed = core.sign(report, people)
    client = as_(people.methodist)
    answer = client.post(url("report-new-version", signed.pk), {"reason": "Ошибка"}, follow=True)
    assert "Причина этой версии: Ошибка" in page_of(answer)


def test_leader_sees_and_builds_only_own_association(people, as_):
    other = AssociationFactory(municipality=people.municipality)
    appoint(PersonFactory(municipality=people.municipality), other)
    year = a_school_year(people.municipality)
    text = page(as_(people.leader), url("report-year", year.slug))
    assert people.association.name in text
    assert other.name not in text
    answer = as_(people.leader).post(url("report-build", year.slug), {"association": other.slug})
    assert answer.status_code == 403
    answer = as_(people.leader).post(
        url("report-build", year.slug), {"association": people.association.slug}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("year", ["2020-22", "abc", "99999-00", "0000-01", "9998-99"])
def test_wrong_year_is_not_found(people, as_, year):
    page(as_(people.methodist), f"/reports/annual/{year}/", 404)
    page(as_(people.methodist), f"/reports/annual/{year}/review/", 404)


@pytest.mark.parametrize("query", ["page=abc", "page=99999999999", "association=нет%00"])
def test_wrong_query_of_evidence_is_no_error(report, people, as_, query):
    address = url("report-evidence", report.school_year.slug, "organizations.school")
    assert as_(people.methodist).get(f"{address}?{query}").status_code in (200, 404)


@pytest.mark.parametrize("version", ["0", "abc", "9" * 30, "²"])
def test_wrong_version_is_not_found(report, people, as_, version):
    page(as_(people.methodist), report.get_absolute_url(), 404, version=version)


def queries_of(client, address, counter):
    with counter() as found:
        page(client, address)
    return len(found)


def test_lists_take_the_same_queries_for_one_row_and_three(
    people, as_, django_assert_max_num_queries
):
    client = as_(people.methodist)
    counts = {}
    for rows in (1, 3):
        if rows == 3:
            AssociationFactory.create_batch(2, municipality=people.municipality)
        year = a_school_year(people.municipality)
        for association in people.association.__class__.objects.all():
            reports.open_draft(people.municipality, year, association, actor=people.methodist)
        for address in (url("report-list"), url("report-year", year.slug)):
            with django_assert_max_num_queries(10) as found:
                page(client, address)
            counts.setdefault(address, set()).add(len(found))
    assert all(len(numbers) == 1 for numbers in counts.values()), counts


def test_reports_of_one_association_are_listed_alone(people, as_):
    other = AssociationFactory(municipality=people.municipality)
    year = a_school_year(people.municipality)
    for association in (people.association, other):
        reports.open_draft(people.municipality, year, association, actor=people.methodist)
    client = as_(people.methodist)
    slug = people.association.slug
    rows = client.get(url("report-list"), {"association": slug}).context["rows"]
    assert {row.association for row, _tone in rows} == {people.association}
    assert len(client.get(url("report-list")).context["rows"]) > len(rows)


def test_head_who_leads_an_association_writes_its_report(people, as_):
    association = AssociationFactory(municipality=people.municipality)
    appoint(people.head, association)
    year = a_school_year(people.municipality)
    draft = reports.open_draft(people.municipality, year, association, actor=people.head)
    page(as_(people.head), draft.get_absolute_url())
    draft = reports.open_draft(people.municipality, year, people.association, actor=people.leader)
    page(as_(people.head), draft.get_absolute_url(), status=404)


def test_review_takes_few_queries(report, people, as_, django_assert_max_num_queries):
    client, address = as_(people.methodist), report.get_absolute_url()
    with django_assert_max_num_queries(12):
        page(client, address)
    signed = a_signed_report(people, people.association).get_absolute_url()
    with django_assert_max_num_queries(10):
        page(client, signed)


def test_evidence_of_one_association_is_part_of_the_whole(people, as_):
    other = AssociationFactory(municipality=people.municipality)
    for association, title in ((people.association, "Наш семинар"), (other, "Чужой семинар")):
        EventFactory(
            municipality=people.municipality,
            association=association,
            title=title,
            starts_at=timezone.now() - datetime.timedelta(days=1),
            state="closed",
        )
    report = a_built_report(people)
    address = url("report-evidence", report.school_year.slug, "events.held")
    text = page(as_(people.methodist), address, association=people.association.slug)
    assert "Наш семинар" in text
    assert "Чужой семинар" not in text


def test_project_of_a_report_is_printed_with_room_for_a_signature(report, people, as_):
    reports.set_figure(
        report,
        "organizations.school",
        7,
        "Школа открыта в мае",
        actor=people.methodist,
        edition=report.edition,
    )
    client = as_(people.methodist)
    pdf = client.get(url("report-pdf", report.pk)).content
    pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf)]
    words = docx.Document(io.BytesIO(client.get(url("report-docx", report.pk)).content))
    for text in (" ".join(pages), "\n".join(one.text for one in words.paragraphs)):
        assert "Школа открыта в мае" in " ".join(text.split())
        assert "____________ Н.С. Орлова" in text


def test_nobody_signs_what_was_written_after_they_read(report, people, as_):
    workflow.perform(report, "submit", actor=people.methodist)
    client = as_(people.head)
    sheet = page(client, report.get_absolute_url())
    address = html.unescape(re.search(r'href="([^"]+/approve/[^"]*)"', sheet)[1])
    draft = workflow.perform(report, "withdraw", actor=people.methodist)
    section = draft.texts.first().section
    draft = reports.save_text(
        draft, section, "Другое", actor=people.methodist, edition=draft.edition
    )
    workflow.perform(draft, "submit", actor=people.methodist)
    answer = client.post(address, {"word": "подписать"}, follow=True)
    assert "Отчёт изменился" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == AnnualReport.State.SUBMITTED


def test_paper_whose_file_is_gone_is_not_found(report, people, as_, media):
    report = with_papers(core.sign(report, people))
    (media / report.pdf.name).unlink()
    answer = as_(people.head).get(reverse("attestation:report-pdf", args=[report.pk]))
    assert answer.status_code == 404
