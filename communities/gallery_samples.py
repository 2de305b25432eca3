"""Made-up contents for the gallery: no name or number here is real."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from django import forms
from django.urls import reverse
from django.utils.safestring import mark_safe

from network_portal.forms import FileDrop, PortalForm

TOAST = "Вы записаны. Напомним за день и за час."
WARNING = "В этот день уже два мероприятия для учителей математики."
ERROR = "Файл 62 МБ, а можно до 50. Сожмите его или разделите."

RMO = SimpleNamespace(abbreviation="РМО", label="Районное методическое объединение", shape="circle")
MMO = SimpleNamespace(
    abbreviation="ММО", label="Межшкольное методическое объединение", shape="halves"
)
GROUP = SimpleNamespace(abbreviation="РГ", label="Рабочая группа", shape="triangle")


class SampleForm(PortalForm):
    """One field of each kind."""

    title = forms.CharField(label="Название", max_length=200, help_text="Как в программе.")
    kind = forms.ChoiceField(
        label="Вид", choices=[("", "Не выбрано"), ("s", "семинар"), ("r", "круглый стол")]
    )
    day = forms.DateField(label="Дата")
    start = forms.TimeField(label="Начало")
    seats = forms.IntegerField(label="Мест", required=False, min_value=1)
    venue = forms.ChoiceField(
        label="Где пройдёт",
        widget=forms.RadioSelect,
        choices=[("place", "в организации"), ("net", "через интернет"), ("both", "и так и так")],
    )
    grades = forms.MultipleChoiceField(
        label="Классы",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("5", "5 класс"), ("6", "6 класс"), ("7", "7 класс")],
    )
    email = forms.EmailField(label="Почта для вопросов", required=False)
    text = forms.CharField(label="О чём", widget=forms.Textarea, required=False)
    paper = forms.FileField(
        label="Программа", required=False, widget=FileDrop(types=["docx", "pdf"])
    )
    open_to_all = forms.BooleanField(label="Открыто для гостей", required=False)
    layout = [
        ("", ["title", "kind", ("day", "start", "seats")]),
        ("Участники", ["venue", "grades", "open_to_all"]),
        ("+Ещё", ["email", "text", "paper"]),
    ]


def _moment(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def _materials():
    return [
        {
            "title": "Линейная функция и её график: урок-исследование",
            "extension": "docx",
            "facets": ["алгебра, 7 класс", "разработка урока, 6 страниц"],
            "credit": ["Соколова А. П., СОШ № 2", "12 ноября 2026", "скачали 34 раза"],
            "size": 245_760,
        },
        {
            "title": "Системы линейных уравнений: задачи из жизни района",
            "extension": "pptx",
            "facets": ["алгебра, 7 класс", "презентация, 18 слайдов"],
            "snippet": mark_safe("«…для <mark>7 класса</mark>, курс <mark>алгебры</mark>…»"),
            "credit": ["Громова Е. В., СОШ № 7", "сегодня"],
            "size": 3_250_586,
        },
        {
            "title": "Контрольная работа № 3 с критериями, 4 варианта",
            "extension": "pdf",
            "facets": ["геометрия, 8 класс"],
            "state": "На проверке",
            "tone": "wait",
            "credit": ["Ваш материал"],
            "size": 98_304,
        },
    ]


def _events():
    return [
        {
            "title": "Готовим к ОГЭ: что сработало в этом году",
            "start": _moment(11, 24, 12),
            "end": _moment(11, 24, 13, 30),
            "kind": MMO,
            "label": "круглый стол",
            "online": "онлайн",
            "action": "Записаться",
        },
        {
            "title": "Теорема Пифагора без зубрёжки",
            "start": _moment(11, 27, 7),
            "kind": RMO,
            "label": "открытый урок",
            "place": "СОШ № 1",
            "seats": "осталось 3 места",
            "state": "Вы записаны",
            "tone": "ok",
        },
        {
            "title": "Критерии оценивания: правим черновик",
            "start": _moment(12, 3, 11),
            "kind": GROUP,
            "label": "заседание",
            "state": "Отменено",
            "tone": "bad",
            "cancelled": True,
        },
    ]


def _month():
    day = SimpleNamespace
    cells = [day(day=date(2026, 11, n), events=[], css="") for n in range(16, 23)]
    cells[3].events = ["14:30 Функциональная грамотность", "15:00 Круглый стол"]
    cells[3].css = "is-today"
    cells[5].css = cells[6].css = "is-free"
    for cell in cells:
        if not cell.events:
            cell.css = f"{cell.css} is-empty".strip()
    return cells


def _lists():
    """What stands in rows."""
    return {
        "kinds": [RMO, MMO, GROUP],
        "rmo": RMO,
        "materials": _materials(),
        "events": _events(),
        "month": _month(),
    }


def _facts():
    """What is told of one thing."""
    return {
        "facts": [(7, "мероприятий", "#"), (3, "выступления", "#"), (1191, "участие", "")],
        "passport": [
            ("Предмет и класс", "алгебра, 7 класс", ""),
            ("Автор", "Соколова Анна Петровна, СОШ № 2", "#"),
            ("Лицензия", "для педагогов округа", ""),
        ],
    }


def _choices():
    """What a reader chooses from."""
    return {
        "tabs": [
            ("#t", "Материалы", 48, True),
            ("#t", "Мероприятия", 12, False),
            ("#t", "Люди", 1191, False),
            ("#t", "Объединения", None, False),
        ],
        "chips": [("#c", "Алгебра", True), ("#c", "7 класс", True), ("#c", "Разработка", False)],
        "cells": [
            *[("#g", n, n == 7, n == 10, "") for n in range(1, 12)],
            ("#g", "ДОО", False, False, "детский сад"),
        ],
        "options": [
            ("alg", "Алгебра", 48, True),
            ("geo", "Геометрия", 31, False),
            ("astro", "Астрономия", 0, False),
        ],
    }


def _report():
    """The way of a report, and what stands on its sheets."""
    months = ("сен", "окт", "ноя", "дек", "янв", "фев", "мар", "апр", "май", "июн")
    figures = (9, 12, 13, 8, 9, 12, 13, 11, 7, 2)
    return {
        "steps": [
            ("Собран", "18 июня, Белова М. О.", "done"),
            ("Проверка", "осталось 2 замечания", "now"),
            ("Согласование", "Орлова Н. С., до 25 июня", ""),
            ("Подписан", "публикация на портале", ""),
        ],
        "returned": [
            ("Черновик", "готов", "done"),
            ("У методиста", "возвращён, 1 замечание", "back"),
            ("Согласован", "", ""),
        ],
        "diff": [("=", "В округе"), ("-", "14 школ"), ("+", "15 школ"), ("=", "и 33 сада.")],
        "bars": [(m, v, v * 7) for m, v in zip(months, figures, strict=True)],
        "approval": {
            "mark": "Согласовано",
            "post": "Начальник Управления образования",
            "name": "Н.С. Орлова",
        },
    }


def context():
    """Arguments of all components."""
    parts = (_lists(), _facts(), _choices(), _report())
    gallery = {"gallery": reverse("communities:gallery")}
    return {name: value for part in (*parts, gallery) for name, value in part.items()}


def confirm():
    """A dangerous act with its consequences counted."""
    return {
        "heading": "Удалить семинар 24 ноября?",
        "consequences": [
            "31 человек получит письмо об отмене.",
            "Будут скрыты 2 протокола и 41 отметка.",
            "Вернуть можно в течение 30 дней.",
        ],
        "action": "Удалить семинар",
        "back": reverse("communities:gallery"),
        "url": reverse("communities:gallery"),
        "danger": True,
    }
