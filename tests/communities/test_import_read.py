"""Reading lists of people: headings, merged cells, encodings, broken files."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from communities.imports.columns import mapping_of, recognise
from communities.imports.read import ReadError, clean, read_file


def book(*sheets, merged=()):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for number, cells in rows.items():
            for column, value in enumerate(cells, start=1):
                sheet.cell(number, column, value)
        for span in merged:
            sheet.merge_cells(span)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(data, name="list.xlsx"):
        path = tmp_path / name
        path.write_bytes(data)
        return read_file(str(path))

    return read


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("ФИО", "full_name"),
        ("Ф.И.О. учителя", "full_name"),
        ("Фамилия, имя, отчество (полностью)", "full_name"),
        ("Фамилия", "last_name"),
        ("Отчество (при наличии)", "patronymic"),
        ("Место работы", "organization"),
        ("Наименование ОО", "organization"),
        ("Образовательная организация", "organization"),
        ("Занимаемая должность", "post"),
        ("Преподаваемые предметы", "subjects"),
        ("Квалификационная категория", "category"),
        ("Пед. стаж", "experience"),
        ("Педагогический стаж (лет)", "experience"),
        ("Общий стаж", ""),
        ("Образование", ""),
        ("E-mail", "email"),
        ("Адрес электронной почты", "email"),
        ("Контактный телефон", "phone"),
        ("Вид занятости", "kind"),
        ("Дата приёма на работу", "starts_on"),
        ("Дата рождения", ""),
        ("", ""),
        ("№ п/п", ""),
        ("а" * 500, ""),
    ],
)
def test_titles_are_known(title, field):
    assert recognise(title) == field


def test_three_columns_of_a_name_win_over_one():
    assert mapping_of(["ФИО", "Фамилия", "Имя"]) == {"last_name": 1, "first_name": 2}


def test_heading_is_found_below_empty_rows_and_notes(read):
    table = read(
        book(
            (
                "Педагоги",
                {
                    2: ["", "Список педагогов района"],
                    4: ["", "№", "ФИО", "Место работы"],
                    5: ["", 1, 2, 3],
                    6: ["", 1, "Иванова Анна", "СОШ № 1"],
                    9: ["", "Итого", 1],
                    10: ["", 2, "Петров Пётр", "СОШ № 2"],
                },
            )
        )
    )["sheets"][0]
    assert (table["header"], [row[0] for row in table["rows"]]) == (4, [6, 10])
    assert table["rows"][0][1][1:] == ["Иванова Анна", "СОШ № 1"]


def test_every_sheet_with_a_heading_is_read(read):
    people = {1: ["ФИО", "Должность"], 2: ["Иванова Анна", "учитель"]}
    answer = read(book(("Школы", people), ("Заметки", {1: ["позвонить"]}), ("Сады", people)))
    assert [table["name"] for table in answer["sheets"]] == ["Школы", "Сады"]
    assert answer["skipped"] == ["Заметки"]


def test_merged_cells_hold_for_each_row(read):
    rows = {
        1: ["Место работы", "ФИО"],
        2: ["СОШ № 1", "Иванова Анна"],
        3: ["", "Петров Пётр"],
        4: ["", "Сидоров Сидор"],
    }
    table = read(book(("Л", rows), merged=["A2:A3"]))["sheets"][0]
    assert [cells[0] for _number, cells in table["rows"]] == ["СОШ № 1", "СОШ № 1", ""]


def test_heading_of_two_lines(read):
    rows = {
        1: ["ФИО", "Место работы", "Стаж", "", "Контакты", ""],
        2: ["", "", "общий", "пед. стаж", "телефон", "e-mail"],
        3: ["Иванова Анна", "СОШ № 1", 20, 12, "", "a@b.ru"],
    }
    table = read(book(("Л", rows), merged=["C1:D1", "E1:F1", "A1:A2", "B1:B2"]))["sheets"][0]
    assert mapping_of(table["titles"])["experience"] == 3
    assert mapping_of(table["titles"])["email"] == 5
    assert len(table["rows"]) == 1


def test_numbers_dates_and_formulas_become_text(read):
    rows = {
        1: ["ФИО", "Стаж", "Дата приема", "Телефон"],
        2: ["Иванова Анна", 12, datetime.date(2021, 9, 1), "=1/0"],
    }
    table = read(book(("Л", rows)))["sheets"][0]
    assert table["rows"] == [[2, ["Иванова Анна", "12", "2021-09-01", ""]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_of_any_encoding(read, encoding, delimiter):
    lines = ["ФИО|Место работы|Должность", "Иванова Анна|СОШ № 1|учитель"]
    text = "\r\n".join(lines).replace("|", delimiter)
    table = read(text.encode(encoding), "list.csv")["sheets"][0]
    assert table["rows"] == [[2, ["Иванова Анна", "СОШ № 1", "учитель"]]]


def test_million_of_empty_rows_is_read_quickly(read):
    rows = {1: ["ФИО", "Должность"], 2: ["Иванова Анна", "учитель"]}
    rows[1_048_576] = ["Петров Пётр", "учитель"]
    table = read(book(("Л", rows)))["sheets"][0]
    assert [number for number, _cells in table["rows"]] == [2, 1_048_576]


def cut(data):
    return data[: len(data) // 2]


def zip_of_other_things():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "не таблица")
    return stream.getvalue()


GOOD = book(("Л", {1: ["ФИО", "Должность"], 2: ["Иванова Анна", "учитель"]}))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\0" * 100, "empty"),
        (cut(GOOD), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (zip_of_other_things(), "damaged"),
        (b"<html><table><tr><td>", "format"),
        (b"%PDF-1.7", "format"),
        ("Просто текст".encode(), "no_header"),
        (book(("Пусто", {})), "no_header"),
        (book(("Л", {1: ["Имя", "Год"]})), "no_header"),
    ],
)
def test_broken_files_are_named(read, data, code):
    with pytest.raises(ReadError) as refused:
        read(data)
    assert str(refused.value) == code


def test_too_many_people_are_refused(read):
    text = "ФИО;Должность\n" + "Иванова Анна;учитель\n" * 20_001
    with pytest.raises(ReadError, match="too_long"):
        read(text.encode(), "list.csv")


def many_sheets(count, width, *, alike):
    """A book of sheets with one person each; their headings are equal or all different."""

    def titles(number):
        end = "" if alike else f" {number}"
        return ["ФИО", "Должность", *(f"Графа {place}{end}" for place in range(width - 2))]

    sheets = [(f"Л{n}", {1: titles(n), 2: ["Иванова Анна"]}) for n in range(count)]
    return book(*sheets)


def test_book_of_fifty_equal_sheets_is_read(read):
    assert len(read(many_sheets(50, 22, alike=True))["sheets"]) == 50


@pytest.mark.parametrize(
    ("count", "width", "alike", "code"),
    [
        (101, 2, True, "too_many_sheets"),
        (600, 60, True, "too_many_sheets"),
        (20, 51, False, "too_many_titles"),
    ],
)
def test_too_many_sheets_or_titles_are_refused(read, count, width, alike, code):
    with pytest.raises(ReadError, match=code):
        read(many_sheets(count, width, alike=alike))


def test_cells_have_visible_characters_only():
    assert clean("Ива\u00adно\u200bва\x00\n  Анна\ud800") == "Иванова Анна"


def test_small_file_with_one_long_cell_everywhere_is_refused(read):
    long = "я" * 290
    line = ";".join(["Новикова Мария", *[long] * 40])
    rows = "\n".join([line] * 2000)
    with pytest.raises(ReadError, match="too_long"):
        read(f"ФИО;Должность\n{rows}".encode(), "list.csv")
