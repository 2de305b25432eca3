"""Search in Russian: forms of words, ё, facets in words, files, typos; the search over all."""

import pytest
from django.urls import reverse

from communities.models import Subject
from materials import search
from materials.models import MaterialVersion
from tests.factories import EventFactory, dictionary, published_material

LIST = reverse("materials:material-list")
ALL = reverse("materials:search")


def titles(response):
    return [row["title"] for row in response.context["rows"]]


def found(client, query, **params):
    return titles(client.get(LIST, {"q": query, **params}))


@pytest.fixture
def teacher(people, as_):
    return as_(people.leader)


@pytest.fixture
def bank(people):
    def one(title, **fields):
        return published_material(owner=people.teacher, title=title, **fields)

    subject = dictionary(Subject, people.municipality, "algebra")
    one("Линейная функция и её график", subject=subject, grades=[7])
    one("Квадратные уравнения", subject=subject, grades=[8])
    one("Зелёные ёлки: конспект занятия", grades=[0])
    one("Алгебра логики для всех", text="Таблица истинности и высказывания")
    return subject


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("линейные функции", "Линейная функция и её график"),
        ("графики", "Линейная функция и её график"),
        ("елка", "Зелёные ёлки: конспект занятия"),
        ("ЗЕЛЕНЫЕ", "Зелёные ёлки: конспект занятия"),
        ("ёлки", "Зелёные ёлки: конспект занятия"),
    ],
)
def test_forms_of_words_and_yo(teacher, bank, query, title):
    assert found(teacher, query) == [title]


def test_words_become_facets(teacher, bank):
    response = teacher.get(LIST, {"q": "алгебра 7 класс"})
    assert titles(response) == ["Линейная функция и её график"]
    chosen = [(url, text) for url, text, is_on in response.context["chips"] if is_on]
    assert [text for _url, text in chosen] == ["7 класс", "Алгебра"]
    assert titles(teacher.get(chosen[0][0])) == [
        "Алгебра логики для всех",
        "Квадратные уравнения",
        "Линейная функция и её график",
    ]
    assert "Материалы: 7 класс, алгебра" in response.content.decode()


def test_word_of_a_subject_still_finds_titles_of_other_subjects(teacher, bank):
    assert "Алгебра логики для всех" in found(teacher, "по алгебре")


def test_facet_words_and_text_together(teacher, bank):
    assert found(teacher, "уравнения для 8 класса по алгебре") == ["Квадратные уравнения"]


def test_text_of_files_is_searched_when_titles_give_few(teacher, bank):
    response = teacher.get(LIST, {"q": "истинность"})
    assert titles(response) == ["Алгебра логики для всех"]
    page = response.content.decode()
    assert "в тексте:" in page
    assert "<mark>истинности</mark>" in page


def test_snippet_of_a_hostile_file_is_escaped(people, teacher):
    published_material(
        owner=people.teacher,
        title="Наблюдения",
        text="<script>alert(1)</script> рычаг &lt;b onload=x &amp; 5 < 6",
    )
    page = teacher.get(LIST, {"q": "рычаги"}).content.decode()
    assert "<mark>рычаг</mark>" in page
    assert "&amp;lt;b onload" in page
    assert "<script>alert" not in page


def test_headline_is_escaped_before_it_is_marked():
    text = f"<img src=x> {search.START}рычаг{search.STOP} & «5»"
    html = "«…&lt;img src=x&gt; <mark>рычаг</mark> &amp; «5»…»"
    assert search.marked(text) == html


def test_only_the_current_version_is_searched(people, teacher):
    material = published_material(owner=people.teacher, title="Наблюдения", text="магнит")
    old = material.current
    new = MaterialVersion.objects.create(
        material=material, number=2, file=old.file.name, file_name="b.pdf", extension="pdf",
        size=1, sha256="0", uploaded_by=people.teacher, text="колесо",
    )  # fmt: skip
    material.current = new
    material.save()
    assert found(teacher, "магнит") == []
    assert found(teacher, "колёса") == ["Наблюдения"]


def test_file_text_of_closed_materials_is_not_found(people, as_, client):
    published_material(owner=people.teacher, title="Закрытое", text="магнит")
    assert found(client, "магнит") == []
    assert found(as_(people.neighbour), "магнит", text="1") == []
    assert found(as_(people.coordinator), "магнит", text="1") == ["Закрытое"]


def test_guest_does_not_find_by_author(people, client, as_):
    published_material(
        owner=people.teacher,
        visibility="public",
        title="Наблюдения",
        credit=people.teacher.full_name,
    )
    assert found(client, people.teacher.last_name) == []
    assert found(client, "наблюдение") == ["Наблюдения"]
    assert found(as_(people.leader), people.teacher.last_name) == ["Наблюдения"]


def test_best_fit_comes_first(people, teacher):
    published_material(owner=people.teacher, title="Конспект", annotation="про дроби")
    published_material(owner=people.teacher, title="Дроби")
    published_material(owner=people.teacher, title="Разное", text="дроби")
    assert found(teacher, "дроби") == ["Дроби", "Конспект", "Разное"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ленейная", "линейная"),
        ("ленейная функция", "линейная функция"),
        ("квадратныи уравненея", "квадратные уравнения"),
    ],
)
def test_typo_is_mended(people, teacher, bank, typed, meant):
    published_material(owner=people.teacher, title="Линейная функция")
    response = teacher.get(LIST, {"q": typed})
    assert titles(response) == []
    assert response.context["suggestion"] == meant
    assert titles(teacher.get(response.context["suggestion_url"]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("алгибра", "алгебра"), ("алгебра 12 клас", "алгебра 12 класс"), ("алгебра 12 класс", "")],
)
def test_subjects_and_the_word_for_grade_mend_typos_too(teacher, bank, typed, meant):
    assert teacher.get(LIST, {"q": typed}).context["suggestion"] == meant


def test_search_over_everything_offers_the_same_ways_out(teacher, bank):
    page = teacher.get(ALL, {"q": "алгибра"})
    assert page.context["suggestion"] == "алгебра"
    assert "Возможно, вы имели в виду" in page.content.decode()
    page = teacher.get(ALL, {"q": "алгебра 12 класс", "tab": "events"})
    assert (page.context["suggestion"], page.context["beyond"]) == ("", "алгебра 11 класс")
    assert "Показать «алгебра 11 класс»" in page.content.decode()


def test_grade_that_is_none_leads_to_the_nearest(teacher, bank):
    response = teacher.get(LIST, {"q": "химия 12 класс"})
    assert response.context["beyond"] == "химия 11 класс"


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("алгебра 7 класс", [7]),
        ("для 5-6 классов", [5, 6]),
        ("в 10-м классе", [10]),
        ("7 «А» класс", [7]),
        ("детский сад", [0]),
        ("12 класс", []),
        ("2026 год", []),
        ("9–99 классы", [9, 10, 11]),
    ],
)
def test_grades_named_in_a_text(text, grades):
    assert search.grades_in(text) == grades


def test_search_over_everything(people, as_, client, bank):
    EventFactory(municipality=people.municipality, title="Семинар о функциях", is_open=True)
    people.association.name = "Учителя линейной алгебры"
    people.association.save()
    response = as_(people.leader).get(ALL, {"q": "функция"})
    counts = {text: count for _url, text, count, _on in response.context["tabs"]}
    assert counts == {"Материалы": 1, "Мероприятия": 1, "Объединения": 0, "Люди": 0}
    response = client.get(ALL, {"q": "линейный", "tab": "associations"})
    assert "Учителя линейной алгебры" in response.content.decode()


def test_people_are_found_by_colleagues_only(people, as_, client):
    query = {"q": "лидова анна", "tab": "people"}
    page = as_(people.teacher).get(ALL, query).content.decode()
    assert people.leader.full_name in page
    plain = page.replace("\N{NO-BREAK SPACE}", " ")
    assert f"учитель, {people.organization.short_name}" in plain
    client.logout()
    response = client.get(ALL, query)
    assert people.leader.full_name not in response.content.decode()
    assert "Люди" not in response.content.decode()
    assert people.leader.full_name not in as_(people.neighbour).get(ALL, query).content.decode()


@pytest.mark.parametrize("tab", ["materials", "events", "associations", "people", "x"])
@pytest.mark.parametrize("query", ["", "&|!:*'", "а" * 10_000, "(", "%_", "\x00", "."])
def test_odd_query_is_answered_calmly(people, as_, tab, query):
    response = as_(people.leader).get(ALL, {"q": query, "tab": tab, "page": "abc"})
    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_rows(people, as_, django_assert_num_queries, count):
    for _number in range(count):
        EventFactory(
            municipality=people.municipality, association=people.association, title="Функции"
        )
    client = as_(people.leader)
    with django_assert_num_queries(9):
        client.get(ALL, {"q": "функция", "tab": "events"})
