"""Numbers, sizes, dates and names as Russian writes them."""

import datetime as dt

import pytest

from network_portal import formats

T, N = formats.THIN, formats.NBSP
DAY = dt.date(2026, 11, 19)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1191, f"1{T}191"),
        (1234567, f"1{T}234{T}567"),
        (1.5, "1,5"),
        (-1191, f"−1{T}191"),
    ],
)
def test_number(value, text):
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 байт"),
        (1023, f"1{T}023 байт"),
        (245_760, "240 КБ"),
        (1_048_575, "1 МБ"),
        (3_250_586, "3,1 МБ"),
        (3_145_728, "3 МБ"),
        (65_011_712, "62 МБ"),
        (5 * 2**40, f"5{T}120 ГБ"),
    ],
)
def test_file_size(size, text):
    assert formats.file_size(size) == text.replace(" ", N)


@pytest.mark.parametrize(("part", "whole", "value"), [(15, 39, 38), (1, 8, 13), (1, 200, 1)])
def test_percent_is_rounded_half_up(part, whole, value):
    assert formats.percent(part, whole) == value


def test_share_names_number_and_percent():
    assert formats.share(15, 39) == f"15{N}(38{N}%)"


def test_share_of_nothing_is_the_bare_number():
    assert formats.share(0, 0) == "0"


def test_dates():
    assert formats.day(DAY) == f"19{N}ноября"
    assert formats.day_full(DAY) == f"19{N}ноября 2026{N}г."
    assert formats.day_words(DAY) == f"четверг, 19{N}ноября"
    assert formats.month_year(DAY) == "ноябрь 2026"
    assert (formats.month_short(DAY), formats.weekday_short(DAY)) == ("ноя", "чт")


@pytest.mark.parametrize(
    ("shift", "text"), [(0, "сегодня"), (-1, "вчера"), (1, "завтра"), (5, f"24{N}ноября")]
)
def test_near_days_have_names(shift, text):
    assert formats.day_near(DAY + dt.timedelta(days=shift), today=DAY) == text


def test_a_day_of_another_year_names_it():
    assert formats.day_near(dt.date(2025, 9, 1), today=DAY) == f"1{N}сентября 2025"


def test_moments_are_shown_by_the_local_clock(settings):
    settings.TIME_ZONE = "Asia/Yekaterinburg"
    from django.utils import timezone

    with timezone.override("Asia/Yekaterinburg"):
        late = dt.datetime(2026, 11, 18, 21, 30, tzinfo=dt.UTC)
        assert formats.moment(late) == f"19{N}ноября, 02:30"


def test_hours_and_days_between():
    start = dt.datetime(2026, 11, 19, 14, 30, tzinfo=dt.UTC)
    assert formats.hours_between(start, start + dt.timedelta(minutes=90)) == "14:30–16:00"
    assert formats.hours_between(start, None) == "14:30"
    assert formats.hours_between(start, start + dt.timedelta(days=1)).count("ноября") == 2
    assert formats.days_between(DAY, DAY + dt.timedelta(days=2)) == f"19–21{N}ноября"
    assert formats.days_between(DAY, DAY) == f"19{N}ноября"


@pytest.mark.parametrize(
    ("name", "row", "signature", "mark"),
    [
        ("Соколова Анна Петровна", f"Соколова{N}А.{N}П.", f"А.П.{N}Соколова", "АС"),
        ("Ким Анна", f"Ким{N}А.", f"А.{N}Ким", "АК"),
        ("Орлова", "Орлова", "Орлова", "О"),
        ("", "", "", ""),
    ],
)
def test_names(name, row, signature, mark):
    assert formats.short_name(name) == row
    assert formats.signature_name(name) == signature
    assert formats.initials(name) == mark


def test_school_year_of_a_century_end():
    assert formats.school_year(2026) == "2026/27"
    assert formats.school_year(2099) == "2099/00"


def test_date_due_has_its_year_when_it_is_another_one():
    today = dt.date(2026, 11, 27)
    assert formats.day_due(dt.date(2026, 6, 10), today) == f"10{N}июня"
    assert formats.day_due(dt.date(2025, 6, 10), today) == f"10{N}июня 2025"
    late = [formats.days_late(today + dt.timedelta(days=n), today) for n in (-2, 0, 1)]
    assert late == [2, 0, 0]


def test_tied_text_keeps_number_sign_with_its_number():
    assert formats.tied("СОШ № 4, 38 %") == f"СОШ №{N}4, 38{N}%"
    assert formats.tied("алгебра, 7 класс") == f"алгебра, 7{N}класс"


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Семинар о функциях", "Семинар о функциях"),
        ('5/6 класс: "сложно?"\n', "5_6 класс_ _сложно___"),
        ("Итоги...", "Итоги"),
        ("я" * 300, "я" * 100),
    ],
)
def test_a_title_becomes_a_name_that_every_system_stores(title, stem):
    assert formats.file_stem(title) == stem


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("РМО химии", "«РМО химии»"),
        ("«РМО химии»", "«РМО химии»"),
        ("Чат «РМО химии»", "«Чат „РМО химии“»"),
        ("О работе МО «Никольский»", "«О работе МО „Никольский“»"),
    ],
)
def test_no_quotation_mark_is_lost_or_doubled(name, written):
    assert formats.quoted(name) == written
