"""Exports of participation: rows equal SQL, cells are safe, memory is flat, scope is kept."""

import csv
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from attestation import exports, record_jobs
from attestation.models import ExportColumnSet, Participation
from attestation.views import exports as views
from communities import jobs
from communities.models import AuditEntry, Job
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    attend,
    held_event,
    published_material,
    speak,
)

PAGE = "attestation:participation-export"


@pytest.fixture
def elsewhere(people):
    """A teacher of another school of the same municipality."""
    school = OrganizationFactory(municipality=people.municipality, short_name="СОШ № 77")
    return EmploymentFactory(person__municipality=people.municipality, organization=school).person


def test_rows_of_one_person_and_nobody_elses(people, event, elsewhere, as_):
    client = as_(people.methodist)
    page = client.get(address(person=elsewhere.pk))
    assert (page.context["total"], page.context["person"]) == (1, elsewhere)
    assert len(csv_rows(client.post(address("csv", person=elsewhere.pk)))) == 2
    assert as_(people.coordinator).get(address(person=elsewhere.pk)).context["total"] == 0


@pytest.fixture
def event(people, elsewhere):
    return held_event(
        people.teacher,
        people.leader,
        elsewhere,
        municipality=people.municipality,
        association=people.association,
    )


def address(kind=None, **query):
    from django.http import QueryDict

    parameters = QueryDict(mutable=True)
    for name, values in query.items():
        parameters.setlist(name, values if isinstance(values, list) else [values])
    path = reverse("attestation:participation-download", args=[kind]) if kind else reverse(PAGE)
    return f"{path}?{parameters.urlencode()}"


def content_of(answer):
    """The whole file; reading it to the end closes it."""
    return b"".join(answer.streaming_content)


def csv_rows(answer):
    text = content_of(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def xlsx_rows(answer):
    book = openpyxl.load_workbook(io.BytesIO(content_of(answer)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def in_sql(**where):
    names = " AND ".join(f"{name} = %s" for name in where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM attestation_participation WHERE {names}",
            list(where.values()),
        )
        return cursor.fetchone()[0]


# -- the page


def test_the_year_is_preset_and_the_total_equals_sql(people, event, as_):
    speak(event, people.teacher)
    answer = as_(people.methodist).get(address())
    total = answer.context["total"]
    assert total == in_sql(school_year_id=event.school_year_id)
    assert total == 4 + 1  # three marks, a talk, and that the leader leads
    assert answer.context["form"].chosen_year == event.school_year


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(people, as_, django_assert_num_queries, count):
    event = held_event(municipality=people.municipality, association=people.association)
    for person in (people.teacher, people.leader, people.coordinator)[:count]:
        attend(event, person)
    client = as_(people.methodist)
    with django_assert_num_queries(9):
        client.get(address())


def test_a_coordinator_takes_the_own_school_only(people, event, elsewhere, as_):
    answer = as_(people.coordinator).get(address(column=["full_name", "organization"]))
    names = {row[1] for row in answer.context["rows"]}
    assert elsewhere.full_name not in names
    assert {row[0] for row in answer.context["rows"]} == {people.organization.short_name}
    offered = dict(answer.context["form"].fields["organization"].choices)
    assert list(offered) == [people.organization.slug]


def test_a_coordinator_cannot_ask_for_another_school(people, event, elsewhere, as_):
    client = as_(people.coordinator)
    query = {"organization": elsewhere.main_employment.organization.slug}
    assert client.get(address(**query)).context["form"].errors.keys() == {"organization"}
    answer = client.post(address("csv", **query))
    assert answer.status_code == 302


def test_own_facts_at_another_school_are_not_the_schools(people, elsewhere):
    """A coordinator who worked elsewhere that day does not see it in the school's table."""
    event = held_event(municipality=people.municipality)
    attend(event, people.coordinator, organization=elsewhere.main_employment.organization)
    facts = exports.facts_for(people.coordinator, event.school_year)
    assert not facts.filter(person=people.coordinator).exists()
    seen = Participation.objects.visible_to(people.coordinator)
    assert seen.filter(person=people.coordinator).exists()


def test_organizations_and_associations_narrow(people, event, elsewhere, as_):
    client = as_(people.methodist)
    place = elsewhere.main_employment.organization.slug
    assert client.get(address(organization=place)).context["total"] == 1
    assert client.get(address(association=people.association.slug)).context["total"] == 4


def test_a_neighbour_takes_nothing_of_ours(people, event, as_):
    held_event(municipality=people.other)
    answer = as_(people.neighbour).get(address())
    assert answer.context["total"] == 0
    assert "За этот период отметок нет" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"year": "99999-00"},
        {"year": "2026-28"},
        {"year": "'; DROP TABLE"},
        {"organization": "99999999999999999999"},
        {"organization": ["a", "b"]},
        {"association": "nobody"},
        {"column": "password"},
        {"column": ["full_name", "full_name"]},
        {"year": ["2020-21", "2021-22"]},
        {"page": "99999999999"},
    ],
)
def test_bad_questions_get_an_answer(people, event, as_, query):
    client = as_(people.methodist)
    assert client.get(address(**query)).status_code == 200
    for kind in ("csv", "xlsx"):
        answer = client.post(address(kind, **query))
        assert answer.status_code in (200, 302)
        assert not answer.streaming or content_of(answer)


def test_an_unknown_kind_of_file_is_not_found(people, as_):
    assert as_(people.methodist).post(address("exe")).status_code == 404


def test_a_municipality_without_years_has_an_empty_page(people, as_):
    assert as_(people.methodist).get(address()).status_code == 200


# -- the files


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_equal_what_the_page_counted(people, event, as_, kind):
    published_material(owner=people.teacher)
    client = as_(people.methodist)
    total = client.get(address()).context["total"]
    read = {"csv": csv_rows, "xlsx": xlsx_rows}[kind]
    rows = read(client.post(address(kind)))
    assert rows[0] == exports.headings(exports.DEFAULT)
    assert rows[0][:2] == ["Организация", "ФИО"]
    assert len(rows) - 1 == total == in_sql(school_year_id=event.school_year_id)
    last = AuditEntry.objects.filter(action="participation.export").last()
    assert last.data == {"rows": total, "format": kind}


def test_csv_is_for_a_russian_spreadsheet(people, event, as_):
    answer = as_(people.methodist).post(address("csv", column=["date", "full_name", "hours"]))
    text = content_of(answer)
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in text
    row = text.decode("utf-8-sig").split("\r\n")[2].split(";")
    assert row[2] == "2"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_sheet_is_printed_across_one_page_with_its_headings_on_each(event):
    target = io.BytesIO()
    exports.write_xlsx(target, Participation.objects.all(), ["date", "event"])
    sheet = openpyxl.load_workbook(target).active
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)
    assert sheet.print_title_rows == "$1:$1"


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1+1",
    "＝1",
    "－1",
    '=HYPERLINK("http://x")',
]


@pytest.mark.parametrize("topic", DANGEROUS)
def test_no_cell_starts_like_a_formula(people, as_, topic):
    event = held_event(people.teacher, municipality=people.municipality)
    speak(event, people.teacher, title=topic)
    client = as_(people.methodist)
    (cell,) = [
        row[0] for row in csv_rows(client.post(address("csv", column="topic")))[1:] if row[0]
    ]
    assert cell == f"'{topic}"
    answer = client.post(address("xlsx", column="topic"))
    content = content_of(answer)
    cells = openpyxl.load_workbook(io.BytesIO(content)).active["A"]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert topic in [cell.value for cell in cells]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_plain_texts_are_left_alone():
    from decimal import Decimal

    assert exports.as_text("СОШ № 1; «А»") == "СОШ № 1; «А»"
    assert exports.as_text(Decimal("10.0")) == "10"
    assert exports.as_text(Decimal("1.5")) == "1,5"
    assert exports.as_text(20) == "20"
    assert exports.as_text(None) == ""


def test_every_column_can_be_taken(people, event, as_):
    from attestation import certificates

    event.place = "СОШ № 4"
    event.save()
    people.teacher.teaching_since = 2010
    people.teacher.save()
    material = published_material(owner=people.teacher, event=event)
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    rows = xlsx_rows(as_(people.methodist).post(address("xlsx", column=list(exports.COLUMNS))))
    table = [dict(zip(exports.COLUMNS, row, strict=True)) for row in rows[1:]]
    came = next(row for row in table if row["certificate"])
    assert came["certificate"] == paper.register_number
    assert came["link"].endswith(f"/verify/{paper.seal.code}/")
    assert (came["full_name"], came["place"]) == (people.teacher.full_name, "СОШ № 4")
    assert came["experience"] == came["date"].year - 2010
    assert came["topic"] in (None, "")
    shown = next(row for row in table if row["event"] == material.title)
    assert (shown["certificate"] or "", shown["role"]) == ("", "автор")
    assert [row["number"] for row in table] == list(range(1, len(table) + 1))


def test_post_and_subjects_are_those_of_the_present_work(people, event, as_):
    from communities.models import Subject

    work = people.teacher.main_employment
    work.subjects.set(Subject.objects.filter(municipality=people.municipality)[:2])
    old = EmploymentFactory(person=people.teacher, kind="external_part_time", post="сторож")
    query = {"column": ["full_name", "post", "subjects"], "organization": people.organization.slug}
    rows = csv_rows(as_(people.methodist).post(address("csv", **query)))
    mine = next(row for row in rows if row[0] == people.teacher.full_name)
    names = [row.label for row in work.subjects.all()]
    assert mine[1:] == ["учитель", "; ".join(names)]
    assert old.post not in mine


def test_memory_stays_flat(people, event):
    """Writing rows a hundred times more takes nearly the same memory."""

    def peak(times):
        facts = FakeFacts([("Соколова Анна Петровна", "Семинар")] * times)
        tracemalloc.start()
        sum(len(line) for line in exports.csv_lines(facts, ["full_name", "event"]))
        exports.write_xlsx(io.BytesIO(), facts, ["full_name", "event"])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(20_000) < peak(200) + 3_000_000


class FakeFacts:
    """A queryset that gives any number of rows without a database."""

    def __init__(self, rows):
        self.rows = rows

    def order_by(self, *names):
        return self

    def values_list(self, *names):
        return self

    def iterator(self, chunk_size):
        return iter(self.rows)


# -- a long table is a job


def test_a_long_table_is_a_job_with_the_same_rows(people, event, as_, monkeypatch):
    monkeypatch.setattr(views, "DIRECT_LIMIT", 2)
    client = as_(people.methodist)
    first = client.post(address("xlsx", column=["full_name"]))
    assert client.post(address("xlsx", column=["full_name"])).url == first.url
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    rows = xlsx_rows(client.get(job.result["url"]))
    assert len(rows) - 1 == in_sql(school_year_id=event.school_year_id)
    assert as_(people.head).get(job.result["url"]).status_code == 404


def test_a_coordinators_job_keeps_the_scope(people, event, elsewhere):
    chosen = {"year": event.school_year_id, "organizations": [], "associations": []}
    job = record_jobs.order_export(
        "т.xlsx", actor=people.coordinator, title="т", key="k", columns=["full_name"], **chosen
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    from django.core.files.storage import default_storage

    with default_storage.open(job.result["file"]) as file:
        names = [row[0] for row in openpyxl.load_workbook(file).active.values]
    assert elsewhere.full_name not in names
    assert len(names) == 1 + 3


def test_more_rows_than_a_sheet_holds_are_refused_kindly(people, event, as_, monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS", 2)
    answer = as_(people.methodist).post(address("xlsx"), follow=True)
    assert "возьмите файл CSV" in answer.content.decode()


# -- sets of columns


def test_a_set_is_saved_used_and_deleted(people, event, as_):
    client = as_(people.methodist)
    save = reverse("attestation:column-set-save")
    client.post(save, {"label": "Для аттестации", "column": ["topic", "full_name"]})
    row = ExportColumnSet.objects.get()
    assert row.columns == ["full_name", "topic"]
    chips = client.get(address()).context["sets"]
    answer = client.get(reverse(PAGE) + chips[0][0])
    assert answer.context["columns"] == ["full_name", "topic"]
    client.post(save, {"label": "для АТТЕСТАЦИИ", "column": ["date"]})
    row.refresh_from_db()
    assert (ExportColumnSet.objects.count(), row.columns) == (1, ["date"])
    delete = reverse("attestation:column-set-delete", args=[row.pk])
    assert client.get(delete).status_code == 200
    assert ExportColumnSet.objects.exists()
    client.post(delete)
    assert not ExportColumnSet.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{"label": "", "column": ["date"]}, {"label": "я" * 121, "column": ["date"]}, {"label": "Н"}],
)
def test_a_set_without_a_name_or_columns_is_not_saved(people, as_, data):
    client = as_(people.methodist)
    assert client.post(reverse("attestation:column-set-save"), data).status_code == 302
    assert not ExportColumnSet.objects.exists()


def test_only_a_methodist_keeps_sets(people, as_):
    data = {"label": "Набор", "column": ["date"]}
    assert as_(people.head).post(reverse("attestation:column-set-save"), data).status_code == 403


def test_the_page_of_reports_leads_there_whoever_may_export(people, as_):
    everybody = (people.teacher, people.leader, people.coordinator, people.methodist, people.head)
    for person in everybody:
        html = as_(person).get(reverse("attestation:report-list")).content.decode()
        may = as_(person).get(address()).status_code == 200
        assert (f'href="{reverse(PAGE)}"' in html) is may, person
