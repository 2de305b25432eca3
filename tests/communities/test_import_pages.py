"""The import through its pages and its command."""

import csv
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from communities.imports import apply as service
from communities.imports.apply import reason_text
from communities.models import ImportBatch, User
from tests.factories import ImportBatchFactory


def sheet(*rows):
    workbook = openpyxl.Workbook()
    for cells in rows:
        workbook.active.append(cells)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.fixture
def good(people):
    school = people.organization.short_name
    return sheet(
        ["ФИО", "Место работы", "Должность"],
        ["Новикова Мария Олеговна", school, "учитель"],
        ["Петрова Ольга Ивановна", "Школа-призрак", "учитель"],
    )


def upload(client, data, name="Педагоги.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("communities:import-list"), {"file": file})


def test_list_is_uploaded_checked_applied_and_cancelled(as_, people, good):
    client = as_(people.methodist)
    page = client.get(upload(client, good)["Location"])
    batch = ImportBatch.objects.get()
    text = page.content.decode()
    assert "Школа-призрак" in text
    assert "Новикова" in text
    apply = reverse("communities:import-apply", args=[batch.pk])
    assert "partial" in client.post(apply).context["form"].errors
    assert not User.objects.filter(last_name="Новикова").exists()
    assert client.post(apply, {"partial": "on"})["Location"] == batch.get_absolute_url()
    assert User.objects.filter(last_name="Новикова").count() == 1
    assert client.post(apply, {"partial": "on"}).status_code == 302
    undo = reverse("communities:import-undo", args=[batch.pk])
    assert client.get(undo).status_code == 200
    assert User.objects.filter(last_name="Новикова").exists()
    client.post(undo)
    assert not User.objects.filter(last_name="Новикова").exists()
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_preview_says_which_post_is_taken_where_none_is_written(as_, people):
    school = people.organization.short_name
    rows = [["Новикова Мария Олеговна", school], ["Новикова Анна Олеговна", school]]
    client = as_(people.methodist)
    page = client.get(upload(client, sheet(["ФИО", "Место работы"], *rows))["Location"])
    assert "В файле нет должности для 2 мест работы: будет записано «учитель»." in page.text


def test_cancelling_an_upload_and_undoing_an_import_are_told_apart(as_, people, good):
    client = as_(people.methodist)
    upload(client, good)
    batch = ImportBatch.objects.get()
    undo = reverse("communities:import-undo", args=[batch.pk])

    def said():
        asked = client.get(undo).context
        page = client.get(batch.get_absolute_url()).text
        words = ("Отменить загрузку", "Отменить импорт")
        return asked["heading"], asked["action"], [word in page for word in words]

    upload_said = ("Отменить загрузку «Педагоги.xlsx»?", "Отменить загрузку", [True, False])
    assert said() == upload_said
    client.post(reverse("communities:import-apply", args=[batch.pk]), {"partial": "on"})
    assert said() == ("Отменить импорт «Педагоги.xlsx»?", "Отменить импорт", [False, True])


def test_same_upload_twice_is_one_preview(as_, people, good):
    client = as_(people.methodist)
    assert upload(client, good)["Location"] == upload(client, good)["Location"]
    assert ImportBatch.objects.count() == 1


def test_preview_is_cancelled_without_a_trace(as_, people, good):
    client = as_(people.methodist)
    upload(client, good)
    batch = ImportBatch.objects.get()
    client.post(reverse("communities:import-undo", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.table) == ("undone", {"rows": [[]]})
    assert "Новикова" not in client.get(batch.get_absolute_url()).content.decode()


def test_columns_are_chosen_by_hand(as_, people, good):
    client = as_(people.methodist)
    upload(client, good)
    batch = ImportBatch.objects.get()
    url = reverse("communities:import-columns", args=[batch.pk])
    wrong = {"column-0-0": "post", "column-0-1": "post"}
    form = client.post(url, wrong).context["form"]
    assert set(form.errors) == {"column-0-1", "__all__"}
    data = {"column-0-0": "full_name", "organization": people.organization.pk}
    assert client.post(url, data).status_code == 302
    batch.refresh_from_db()
    assert batch.mapping["preview"]["new"] == 2


@pytest.mark.parametrize("data", [{"column-0-0": "is_superuser"}, {"organization": "999999"}])
def test_foreign_choices_of_columns_are_refused(as_, people, good, data):
    client = as_(people.methodist)
    upload(client, good)
    url = reverse("communities:import-columns", args=[ImportBatch.objects.get().pk])
    assert client.post(url, data).context["form"].errors


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("Просто заметка".encode(), "no_header"),
        (b"<html></html>", "format"),
    ],
)
def test_broken_file_is_refused_with_a_reason(as_, people, data, reason):
    response = upload(as_(people.methodist), data)
    assert response.status_code == 200
    assert response.context["form"].errors["file"] == [reason_text(reason)]
    assert not ImportBatch.objects.exists()


def test_huge_file_is_refused(as_, people):
    response = upload(as_(people.methodist), b"x" * (10 * 1024 * 1024 + 1))
    assert response.context["form"].errors["file"]


@pytest.mark.parametrize("query", ["page=abc", "page=99999999999", "page=-1"])
def test_odd_pages_of_errors_open(as_, people, good, query):
    client = as_(people.methodist)
    upload(client, good)
    url = ImportBatch.objects.get().get_absolute_url()
    assert client.get(f"{url}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_uploads_ask_a_fixed_number_of_queries(as_, people, count, django_assert_num_queries):
    ImportBatchFactory.create_batch(count, created_by=people.methodist)
    client = as_(people.methodist)
    with django_assert_num_queries(6):
        client.get(reverse("communities:import-list"))


def test_names_of_a_list_reach_nobody_else(client, as_, people, good):
    upload(as_(people.methodist), good)
    url = ImportBatch.objects.get().get_absolute_url()
    for person in (people.teacher, people.coordinator, people.operator, people.neighbour):
        assert as_(person).get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_command_checks_and_applies(people, good, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(good)
    out = io.StringIO()
    slug = people.municipality.slug
    call_command("import_people", str(path), municipality=slug, stdout=out)
    assert "Школа-призрак" in out.getvalue()
    assert not User.objects.filter(last_name="Новикова").exists()
    with pytest.raises(CommandError):
        call_command("import_people", str(path), "--apply", municipality=slug, stdout=out)
    call_command("import_people", str(path), "--apply", "--partial", municipality=slug, stdout=out)
    assert User.objects.filter(last_name="Новикова").count() == 1


def test_command_takes_columns_as_told_and_takes_a_list_back(people, tmp_path):
    path, out = tmp_path / "list.csv", io.StringIO()
    path.write_text(
        "ФИО;Организация;Должность;Примечание\n"
        f"Новикова Анна Петровна;{people.organization.short_name};сотрудник;учитель физики\n"
    )
    how = {"municipality": people.municipality.slug, "stdout": out}
    told = ["--column", "Должность=", "--column", "Примечание=post"]
    call_command("import_people", str(path), "--apply", *told, **how)
    new = User.objects.filter(last_name="Новикова")
    assert new.get().employments.get().post == "учитель физики"
    number = re.search(r"Номер загрузки: (\d+)", out.getvalue())[1]
    with pytest.raises(CommandError):
        call_command("import_people", "--undo", "999999", **how)
    call_command("import_people", "--undo", number, **how)
    assert not new.exists()
    for wrong in ("ФИО=nonsense", "Опечатка=post", "ФИО="):
        with pytest.raises(CommandError):
            call_command("import_people", str(path), "--column", wrong, **how)


@pytest.mark.parametrize("arguments", [("nowhere", "list.xlsx"), ("nikolsky", "missing.xlsx")])
def test_command_names_what_is_missing(people, good, tmp_path, arguments):
    slug, name = arguments
    (tmp_path / "list.xlsx").write_bytes(good)
    with pytest.raises(CommandError):
        call_command("import_people", str(tmp_path / name), municipality=slug)


@pytest.mark.parametrize("state", ImportBatch.State)
def test_batch_of_which_nothing_was_read_still_answers(as_, people, state):
    """Written by another program or by hand: a page says there is nothing in it."""
    batch = ImportBatch.objects.create(
        municipality=people.municipality,
        file_name="Список.xlsx",
        sha256="0" * 64,
        state=state,
        created_by=people.methodist,
    )
    client = as_(people.methodist)
    assert client.get(batch.get_absolute_url()).status_code == 200
    for step in ("columns", "apply", "undo"):
        address = reverse(f"communities:import-{step}", args=[batch.pk])
        assert client.post(address).status_code in (200, 302), step
    assert client.get(reverse("communities:import-undo", args=[batch.pk])).status_code < 400


def test_preview_of_a_change_names_both_values(as_, people):
    work = people.teacher.employments.get()
    client = as_(people.methodist)
    titles = ["ФИО", "Место работы", "Должность"]
    cells = [people.teacher.full_name, people.organization.short_name, "старший учитель"]
    page = client.get(upload(client, sheet(titles, cells))["Location"]).text
    assert f": {work.post} → старший учитель" in " ".join(page.split())


def columns_of(batch):
    return [one["columns"] for one in batch.sheets]


def a_book(*sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets):
        page = workbook.create_sheet(f"Лист {number}")
        for cells in rows:
            page.append(cells)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_equal_headings_are_asked_about_once(as_, people):
    """Fifty sheets of twenty-two columns have more columns than a form may have fields."""
    client = as_(people.methodist)
    titles = ["ФИО", "Должность", *(f"Графа {place}" for place in range(20))]
    other = [["Ф.И.О.", "Должность"], ["Петрова Ольга", "учитель"]]
    upload(client, a_book(*[[titles, ["Новикова Мария"]]] * 50, other))
    batch = ImportBatch.objects.get()
    form = client.get(batch.get_absolute_url()).context["columns"]
    names = [name for name in form.fields if name.startswith("column-")]
    assert len(names) == 22 + 2
    heading = str(form.layout[1][0])
    assert "Лист 0" in heading
    assert "и ещё 47 листов" in heading
    data = dict.fromkeys(names, "") | {
        "column-0-0": "full_name",
        "column-0-3": "post",
        "column-50-0": "full_name",
        "column-50-1": "post",
        "organization": people.organization.pk,
    }
    url = reverse("communities:import-columns", args=[batch.pk])
    assert client.post(url, data).status_code == 302
    batch.refresh_from_db()
    alike = {"full_name": 0, "post": 3}
    assert columns_of(batch) == [alike] * 50 + [{"full_name": 0, "post": 1}]


def test_columns_form_of_the_widest_file_is_taken(as_, people):
    client = as_(people.methodist)
    sheets = [
        [["ФИО", "Должность", *(f"Графа {n}-{m}" for m in range(48))], ["Новикова Мария"]]
        for n in range(20)
    ]
    upload(client, a_book(*sheets))
    batch = ImportBatch.objects.get()
    data = {f"column-{n}-{m}": "" for n in range(20) for m in range(50)}
    data |= {f"column-{n}-0": "full_name" for n in range(20)}
    data |= {"organization": people.organization.pk, "csrfmiddlewaretoken": "x"}
    url = reverse("communities:import-columns", args=[batch.pk])
    assert client.post(url, data).status_code == 302


def test_book_of_too_many_sheets_is_refused_with_a_remedy(as_, people):
    rows = [["ФИО", "Должность"], ["Новикова Мария", "учитель"]]
    response = upload(as_(people.methodist), a_book(*[rows] * 101))
    (reason,) = response.context["form"].errors["file"]
    assert "100" in reason
    assert reason == reason_text("too_many_sheets")


def test_errors_are_taken_away_as_a_table(as_, people):
    client = as_(people.methodist)
    titles = ["ФИО", "Место работы", "Должность"]
    cells = ["Петрова Ольга Ивановна", "@Школа; № 4", "учитель"]
    upload(client, sheet(titles, cells), "Школа №4.xlsx")
    batch = ImportBatch.objects.get()
    address = reverse("communities:import-errors", args=[batch.pk])
    assert address in client.get(batch.get_absolute_url()).text
    answer = client.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith("\ufeffЛист;".encode())
    heading, row = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert heading[:3] == ["Лист", "Строка", "Столбец"]
    assert row[:4] == ["Sheet", "2", "Место работы", "'" + cells[1]]
    assert all(row[4:])


def test_table_of_errors_has_more_than_the_page_keeps(as_, people, monkeypatch, good):
    monkeypatch.setitem(service.SHOWN, "errors", 1)
    client = as_(people.methodist)
    titles = ["ФИО", "Место работы", "Должность"]
    rows = [[f"Петрова Ольга {name}", "Школа-призрак", "учитель"] for name in ("А", "Б", "В")]
    upload(client, sheet(titles, *rows))
    batch = ImportBatch.objects.get()
    assert len(batch.preview["errors"]) == 1
    address = reverse("communities:import-errors", args=[batch.pk])
    assert client.get(address).text.count("Школа-призрак") == 3
