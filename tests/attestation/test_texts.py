import difflib
import random

import pytest

from attestation import texts
from attestation.comparison import MOST_STEPS, words_changed

FORMS = ["мероприятие", "мероприятия", "мероприятий"]


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, 2), (1, 0), (2, 1), (5, 2), (11, 2), (12, 2), (14, 2),
        (21, 0), (22, 1), (25, 2), (111, 2), (112, 2), (121, 0),
    ],
)  # fmt: skip
def test_noun_agrees_with_its_number(count, form):
    assert texts.plural(count, FORMS) == FORMS[form]


def filled(text, values=None, told=None):
    return texts.plain_text(texts.fill(text, values or {}, told or {}))


def test_places_are_filled():
    text = "Проведено {events.held|мероприятие|мероприятия|мероприятий}, по приказу {order}."
    assert filled(text, {"events.held": 1191}, {"order": "№ 5"}) == (
        "Проведено 1\N{NARROW NO-BREAK SPACE}191\N{NO-BREAK SPACE}мероприятие, по приказу № 5."
    )


def test_line_goes_while_its_figure_is_nought():
    text = "{?events.held}Проведено {events.held}.\n{?order}{?events.held}Приказ."
    assert filled(text, {"events.held": 0}, {"order": "№ 5"}) == ""
    assert filled(text, {"events.held": 2}, {"order": "№ 5"}) == "Проведено 2.\nПриказ."


def test_items_are_told_from_paragraphs():
    assert [one["item"] for one in texts.fill("Задачи:\n- первая\n- вторая", {}, {})] == [
        False,
        True,
        True,
    ]


def test_a_name_in_a_fact_is_never_a_place():
    assert filled("{order}", {"x": 1}, {"order": "{x}"}) == "{x}"


@pytest.mark.parametrize("text", ["{нет}", "{no.such}", "{", "}", "{a|b", "{events.held"])
def test_what_is_no_place_is_found(text):
    assert texts.unknown_places(text, {"events.held"})


def test_known_places_are_not_reported():
    text = "{?events.held}{events.held|а|б|в} и {order}"
    assert texts.unknown_places(text, {"events.held", "order"}) == []


def test_comparison_is_by_words():
    assert words_changed("один два три", "один пять три") == [
        ("=", "один "),
        ("-", "два "),
        ("+", "пять "),
        ("=", "три"),
    ]


def test_sentences_that_stayed_are_not_looked_into():
    assert words_changed("Раз два. Три.\nКонец", "Раз два. Четыре.\nНовое. Конец") == [
        ("=", "Раз два. "),
        ("-", "Три.\n"),
        ("+", "Четыре.\nНовое. "),
        ("=", "Конец"),
    ]


def test_rewritten_text_keeps_every_word_once():
    old, new = "а б в.\nг д\n\n е ж. з", "а в б. г д\n\nе ё. з и"
    parts = words_changed(old, new)
    assert "".join(text for mark, text in parts if mark != "+") == old
    assert "".join(text for mark, text in parts if mark != "-") == new


def test_comparison_that_takes_too_long_marks_the_whole():
    assert words_changed("один два три", "один пять три", steps=3) == [
        ("-", "один два три"),
        ("+", "один пять три"),
    ]


@pytest.mark.parametrize("space", [" ", "\n", ". "])
@pytest.mark.parametrize("words", ["аб", "абвгдежзиклмнопрст"])
def test_work_of_a_comparison_has_a_bound(space, words, monkeypatch):
    made, find = [], difflib.SequenceMatcher.find_longest_match

    def counted(self, alo, ahi, blo, bhi):
        made.append(sum(1 + len(self.b2j.get(item, ())) for item in self.a[alo:ahi]))
        return find(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(difflib.SequenceMatcher, "find_longest_match", counted)
    chance = random.Random(1)
    old, new = (space.join(chance.choices(words, k=9_990)) for _text in range(2))
    parts = words_changed(old, new)
    assert sum(made) <= MOST_STEPS
    assert "".join(text for mark, text in parts if mark != "+") == old
    assert "".join(text for mark, text in parts if mark != "-") == new
