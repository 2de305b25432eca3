"""Fields as every form of the portal shows and checks them."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict

from network_portal.forms import (
    FileDrop,
    NativeDateTime,
    PortalForm,
    too_big,
    visible_only,
)


class Meeting(PortalForm):
    title = forms.CharField(label="Название", max_length=50, help_text="Как в программе.")
    day = forms.DateField(label="Дата")
    start = forms.TimeField(label="Начало", required=False)
    when = forms.DateTimeField(label="Запись до", required=False)
    seats = forms.IntegerField(label="Мест", required=False)
    venue = forms.ChoiceField(
        label="Где", widget=forms.RadioSelect, choices=[("a", "очно"), ("b", "онлайн")]
    )
    paper = forms.FileField(label="Файл", required=False, widget=FileDrop(types=["pdf"]))
    layout = [
        ("", ["title", ("day", "start")]),
        ("Участники", ["venue"]),
        ("+Ещё", ["when", "seats", "paper"]),
    ]


class Elements(HTMLParser):
    """Start tags of a page as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def by_id(self, wanted):
        return next(attrs for _, attrs in self.found if attrs.get("id") == wanted)


GOOD = {"title": "Семинар", "day": "2026-11-19", "venue": "a"}


def test_native_fields_carry_iso_values():
    html = str(Meeting(initial={"day": dt.date(2026, 11, 19), "start": dt.time(14, 30)}))
    page = Elements(html)
    assert page.by_id("id_day")["type"] == "date"
    assert page.by_id("id_day")["value"] == "2026-11-19"
    assert (page.by_id("id_start")["type"], page.by_id("id_start")["value"]) == ("time", "14:30")
    assert page.by_id("id_when")["type"] == "datetime-local"


def test_a_hint_describes_its_field():
    page = Elements(str(Meeting()))
    assert page.by_id("id_title")["aria-describedby"] == "id_title_helptext"
    assert page.by_id("id_title_helptext")["class"] == "hint"


def test_a_bad_field_names_its_error_and_keeps_what_was_typed():
    form = Meeting({**GOOD, "title": "С" * 51, "day": "31.02.2026"})
    page = Elements(str(form))
    assert page.by_id("id_title")["aria-invalid"] == "true"
    assert page.by_id("id_title")["aria-describedby"] == "id_title_helptext id_title_error"
    assert page.by_id("id_title")["value"] == "С" * 51
    assert page.by_id("id_day")["value"] == "31.02.2026"
    assert form.errors["day"] == ["Такой даты нет. Напишите её так: 19.11.2026."]


def test_the_summary_links_to_every_bad_field():
    page = Elements(str(Meeting({})))
    ids = {attrs["id"] for _, attrs in page.found if "id" in attrs}
    links = [attrs["href"][1:] for tag, attrs in page.found if tag == "a"]
    assert links == ["id_title", "id_day", "id_venue_0"]
    assert set(links) <= ids
    assert "data-focus" in page.by_id("errors")


def test_a_form_without_errors_has_no_summary():
    assert "errors" not in str(Meeting(GOOD)).split("fields")[0]


def test_an_error_of_the_whole_form_stands_in_the_summary():
    form = Meeting(GOOD)
    form.add_error(None, "Время занято.")
    assert "<li>Время занято.</li>" in str(form)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "Заполните поле."),
        ("day", "Укажите дату."),
        ("venue", "Выберите один из вариантов."),
    ],
)
def test_an_empty_field_says_what_to_do(field, text):
    assert Meeting({}).errors[field] == [text]


def test_a_limit_is_told_in_few_words():
    class Room(PortalForm):
        seats = forms.IntegerField(min_value=1, max_value=30)

    assert Room({"seats": "0"}).errors["seats"] == ["Не меньше 1."]
    assert Room({"seats": "31"}).errors["seats"] == ["Не больше 30."]


def test_a_text_of_the_form_itself_is_kept():
    class Own(PortalForm):
        day = forms.DateField(error_messages={"required": "Нужен день заседания."})

    assert Own({}).errors["day"] == ["Нужен день заседания."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "0001-01-01"),
        ("day", "9999-12-31"),
        ("day", "99999-01-01"),
        ("when", "1900-01-01T10:00"),
        ("when", "99999-01-01T10:00"),
        ("seats", "99999999999999999999"),
        ("seats", "3.5"),
        ("title", "x" * 51),
        ("venue", "c"),
    ],
)
def test_values_out_of_range_are_refused_at_their_field(field, value):
    form = Meeting({**GOOD, field: value})
    assert list(form.errors) == [field]


def test_invisible_characters_are_dropped_and_letters_joined():
    form = Meeting(QueryDict("title=Се%E2%80%8Bминар%00&day=2026-11-19&venue=a"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Семинар"
    assert visible_only("и\u0306") == "й"


def test_a_title_of_invisible_characters_is_empty():
    assert Meeting({**GOOD, "title": "\u200b\u200e"}).errors["title"] == ["Заполните поле."]


def test_optional_fields_say_so_and_required_ones_do_not():
    html = str(Meeting())
    assert html.count("необязательно") == 4


def test_folded_group_opens_when_it_holds_an_error():
    assert '<details class="more" open>' in str(Meeting({**GOOD, "seats": "много"}))
    assert '<details class="more">' in str(Meeting(GOOD))


def test_side_by_side_fields_share_a_row():
    groups = Meeting().groups()
    assert [len(row) for row in groups[0]["rows"]] == [1, 2]


def test_a_file_field_names_its_types_and_limit(settings):
    html = str(Meeting())
    assert 'accept=".pdf"' in html
    assert f'data-limit="{settings.UPLOAD_LIMIT}"' in html
    assert "PDF, до 50\u00a0МБ" in html


def test_a_file_over_the_limit_is_named_in_megabytes():
    assert too_big(61 * 2**20 + 1) == "Файл 62 МБ, а можно до 50. Сожмите его или разделите."


def test_any_form_is_rendered_by_our_templates():
    class Plain(forms.Form):
        name = forms.CharField(label="Имя")

    written = re.sub(r">\s+<", "><", str(Plain()))
    assert '<div class="field"><label for="id_name">Имя' in written


def test_own_native_widgets_stay():
    class Own(PortalForm):
        when = forms.DateTimeField(widget=NativeDateTime(attrs={"step": 900}))

    assert Own().fields["when"].widget.attrs["step"] == 900


class Note(PortalForm):
    title = forms.CharField(max_length=12)
    text = forms.CharField(widget=forms.Textarea)
    password = forms.CharField(strip=False, widget=forms.PasswordInput)


def test_field_of_one_line_takes_one_line():
    form = Note({"title": " A\r\n\tB  C ", "text": "A\r\n  B", "password": " a  b "})
    assert form.is_valid()
    assert form.cleaned_data == {"title": "A B C", "text": "A\r\n  B", "password": " a  b "}


def test_spaces_that_keep_words_together_stay():
    form = Note({"title": "№\u00a05  ДОО", "text": "x", "password": "x"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "№\u00a05 ДОО"
