"""Understanding what people write into lists: names, dates, categories, organizations."""

import datetime

import pytest

from communities.imports import rows
from communities.imports.rows import Reader, RowError
from communities.models import Employment, OrganizationAlias, QualificationCategory, Subject

TODAY = datetime.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Иванова Анна Петровна", ["Иванова", "Анна", "Петровна"]),
        ("ИВАНОВА  АННА ПЕТРОВНА", ["Иванова", "Анна", "Петровна"]),
        ("Иванова - Петрова Анна", ["Иванова-Петрова", "Анна", ""]),
        ("Алиев Рустам Мамед оглы", ["Алиев", "Рустам", "Мамед оглы"]),
        ("3. Иванова Анна Петровна", ["Иванова", "Анна", "Петровна"]),
        ("Иванова (Сидорова) Анна", ["Иванова", "Анна", ""]),
        ("Cоколова Aнна", ["Соколова", "Анна", ""]),
        ("Ёлкина Алёна", ["Ёлкина", "Алёна", ""]),
    ],
)
def test_name_of_one_cell_is_split(text, parts):
    assert rows.split_name(text) == parts


@pytest.mark.parametrize(
    "text", ["Иванова Е.И.", "Иванова Е. И.", "Иванова Е И", "Иванова Анна Петровна Мария"]
)
def test_doubtful_names_are_asked_about(text):
    with pytest.raises(RowError):
        rows.split_name(text)


@pytest.mark.parametrize("parts", [["Иванова", "", ""], ["", "Анна", ""], ["Иванова2", "Анна", ""]])
def test_name_needs_two_words_of_letters(parts):
    with pytest.raises(RowError):
        rows.check_name(parts, "full_name")


@pytest.mark.parametrize(
    "text",
    [
        "2021-09-06",
        "6.09.21",
        "06.09.21 г.",
        "«06 » 09. 2021г",
        "06/09/2021",
        "44445",
        "6 сентября 2021 г.",
        "с 06.09.2021",
    ],
)
def test_day_is_understood(text):
    assert rows.date_of(text, TODAY) == datetime.date(2021, 9, 6)


@pytest.mark.parametrize(
    "text",
    [
        *("31.02.2021", "2021", "скоро", "06.09.99999", "1.1.1900", "01.01.2030", "12", "0"),
        "06.09." + "9" * 30,
    ],
)
def test_day_that_is_none_is_named(text):
    with pytest.raises(RowError):
        rows.date_of(text, TODAY)


def test_last_century_is_told_from_this_one():
    assert rows.date_of("01.09.98", TODAY).year == 1998


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("12", 2014),
        ("12 лет", 2014),
        ("23 года", 2003),
        ("2009", 2009),
        ("с 2009 г.", 2009),
        ("5 мес.", 2026),
        ("12 лет 3 мес.", 2014),
        ("-", None),
    ],
)
def test_experience_becomes_a_year(text, year):
    assert rows.since_year(text, TODAY) == year


@pytest.mark.parametrize("text", ["много", "300", "99"])
def test_impossible_experience_is_named(text):
    with pytest.raises(RowError):
        rows.since_year(text, TODAY)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("внеш. совм.", Employment.Kind.EXTERNAL),
        ("внутренний совместитель", Employment.Kind.INTERNAL),
        ("почасовик", Employment.Kind.CONTRACT),
        ("ГПХ", Employment.Kind.CONTRACT),
        ("штатный", Employment.Kind.MAIN),
        ("Основное место работы", Employment.Kind.MAIN),
    ],
)
def test_kind_of_employment(text, kind):
    assert rows.kind_of(text) == kind


@pytest.mark.parametrize(
    "text", ["8 921 123-45-67", "+7(921)1234567", "9211234567", "89211234567, доб. 2"]
)
def test_telephone_has_one_form(text):
    assert rows.phone_of(text) == "+7 921 123-45-67"


@pytest.fixture
def reader(people):
    people.organization.short_name = "СОШ № 16"
    people.organization.full_name = "МБОУ «Средняя общеобразовательная школа № 16»"
    people.organization.save()
    OrganizationAlias.objects.create(organization=people.organization, text="школа №16")
    return Reader(people.municipality)


def read(reader, **cells):
    cells = {"full_name": "Иванова Анна", "organization": "СОШ № 16"} | cells
    mapping = {name: place for place, name in enumerate(cells)}
    return reader.read("Лист", 5, list(cells.values()), mapping, list(cells))


@pytest.mark.parametrize(
    "text", ["СОШ № 16", 'МБОУ "СОШ №16"', "МБОУ СОШ № 16", "Школа № 16", "сош no 16", "COШ №16"]
)
def test_organization_is_found_however_it_is_written(reader, people, text):
    assert read(reader, organization=text).values["organization"] == people.organization.pk


def test_unknown_organization_names_column_value_and_remedy(reader):
    row = read(reader, organization="СОШ № 99")
    finding = row.errors[0]
    assert (finding["column"], finding["value"]) == ("organization", "СОШ № 99")
    assert finding["problem"]
    assert finding["remedy"]


def test_two_organizations_of_one_name_are_not_guessed(reader, people):
    from tests.factories import OrganizationFactory

    OrganizationFactory(municipality=people.municipality, short_name="СОШ №16")
    assert read(Reader(people.municipality)).errors


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("высшая", "highest"),
        ("ВКК", "highest"),
        ("1", "first"),
        ("1 кв. категория", "first"),
        ("Первая", "first"),
        ("Соответствие занимаемойдолжности", "position_compliance"),
        ("СЗД", "position_compliance"),
        ("б/к", "none"),
        ("без категории", "none"),
    ],
)
def test_category_spellings(reader, people, text, code):
    expected = QualificationCategory.objects.get(municipality=people.municipality, code=code)
    assert read(reader, category=text).values["category"] == expected.pk


def test_category_and_years_in_one_cell_are_told_apart(reader, people):
    none = QualificationCategory.objects.get(municipality=people.municipality, code="none")
    values = read(reader, category="б\\к12 лет").values
    assert values["category"] == none.pk
    assert values["teaching_since"] == people.municipality.today().year - 12


def test_unknown_category_is_an_error(reader):
    assert read(reader, category="вторая с половиной").errors


def test_subjects_are_told_apart(reader, people):
    codes = {"russian", "literature", "history"}
    wanted = Subject.objects.filter(municipality=people.municipality, code__in=codes)
    row = read(reader, subjects="Русский язык и литература; история; танцы")
    assert row.values["subjects"] == sorted(wanted.values_list("pk", flat=True))
    assert "танцы" in row.notes[0]["problem"]
    assert not row.errors


def test_every_wrong_cell_is_named(reader):
    row = read(
        reader,
        full_name="Иванова",
        organization="?",
        starts_on="32.13.2020",
        email="нет",
        kind="так",
    )
    assert len(row.errors) >= 4
