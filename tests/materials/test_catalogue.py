"""The catalogue: who sees what, facets with counts, order, pages, odd addresses."""

import pytest
from django.urls import reverse

from communities.models import Subject
from materials.models import Material, MaterialKind
from tests.factories import dictionary, published_material

LIST = reverse("materials:material-list")


@pytest.fixture
def bank(people):
    """Two algebra lessons of grade 7, a geometry test of grade 8, a public one, a draft."""

    def one(title, subject, grades, kind="lesson", **fields):
        return published_material(
            owner=people.teacher,
            title=title,
            subject=dictionary(Subject, people.municipality, subject),
            kind=dictionary(MaterialKind, people.municipality, kind),
            grades=grades,
            **fields,
        )

    return [
        one("Линейная функция", "algebra", [7], downloads=3),
        one("Формулы сокращённого умножения", "algebra", [7, 8], visibility="public"),
        one("Площадь трапеции", "geometry", [8], kind="test", downloads=9),
        one("Рисуем осень", "art", [0], file_name="осень.png"),
    ]


def titles(response):
    return [row["title"] for row in response.context["rows"]]


def found(client, **params):
    return titles(client.get(LIST, params))


def test_each_reader_sees_what_they_may(people, as_, client, bank):
    closed = published_material(
        owner=people.leader, visibility="association", association=people.association
    )
    Material.objects.create(
        municipality=people.municipality, owner=people.teacher, title="Черновик", slug="d"
    )
    assert found(client) == ["Формулы сокращённого умножения"]
    assert len(found(as_(people.coordinator))) == 4
    assert closed.title in found(as_(people.teacher))
    assert found(as_(people.neighbour)) == []


def test_own_drafts_are_under_my_materials(people, as_, bank):
    draft = Material.objects.create(
        municipality=people.municipality, owner=people.teacher, title="Черновик", slug="d"
    )
    response = as_(people.teacher).get(LIST, {"show": "mine"})
    assert titles(response)[0] == draft.title
    assert response.context["rows"][0]["state"] == "Черновик"
    assert draft.title not in found(as_(people.leader), show="mine")


def test_hidden_materials_are_listed_for_the_methodist_only(people, as_, bank):
    Material.objects.filter(pk=bank[0].pk).update(state="hidden")
    assert found(as_(people.methodist), show="hidden") == ["Линейная функция"]
    assert len(found(as_(people.leader), show="hidden")) == 3


def test_guest_sees_the_organization_but_no_names(people, as_, client, bank):
    Material.objects.update(organization=people.organization, credit=people.teacher.full_name)
    page = client.get(LIST).content.decode()
    assert people.organization.short_name in page.replace("\N{NO-BREAK SPACE}", " ")
    assert people.teacher.last_name not in page
    assert people.teacher.last_name in as_(people.leader).get(LIST).content.decode()


def test_facets_narrow_and_count(people, as_, bank):
    client = as_(people.leader)
    algebra = dictionary(Subject, people.municipality, "algebra").pk
    response = client.get(LIST, {"subject": algebra})
    assert len(titles(response)) == 2
    counts = response.context["catalogue"].counts
    geometry = str(dictionary(Subject, people.municipality, "geometry").pk)
    assert counts["subject"] == {
        str(algebra): 2,
        geometry: 1,
        str(dictionary(Subject, people.municipality, "art").pk): 1,
    }
    assert counts["grade"] == {"7": 2, "8": 1}
    assert set(found(client, grade=[8])) == {
        "Площадь трапеции",
        "Формулы сокращённого умножения",
    }
    assert found(client, grade=0) == ["Рисуем осень"]
    assert found(client, extension="png") == ["Рисуем осень"]
    assert found(client, association=people.association.slug) == []


def test_option_without_rows_is_disabled(people, as_, bank):
    page = as_(people.leader).get(LIST).content.decode()
    music = dictionary(Subject, people.municipality, "music").pk
    assert f'name="subject" value="{music}" disabled' in page
    assert 'aria-disabled="true">11</span>' in page


def test_chip_takes_its_condition_back(people, as_, bank):
    response = as_(people.leader).get(LIST, {"grade": ["7", "8"], "order": "new"})
    chosen = [(url, text) for url, text, is_on in response.context["chips"] if is_on]
    assert chosen == [
        (f"{LIST}?grade=8&order=new", "7 класс"),
        (f"{LIST}?grade=7&order=new", "8 класс"),
    ]


def test_order_by_downloads_and_by_day(people, as_, bank):
    client = as_(people.leader)
    assert found(client, order="popular")[0] == "Площадь трапеции"
    assert found(client)[0] == "Рисуем осень"


def test_twenty_rows_a_page(people, as_):
    for _number in range(21):
        published_material(owner=people.teacher)
    client = as_(people.leader)
    assert len(found(client)) == 20
    response = client.get(LIST, {"page": 2})
    assert len(titles(response)) == 1
    assert "21–21 из 21" in response.content.decode()


@pytest.mark.parametrize(
    "params",
    [
        {"page": "abc"},
        {"page": "99999999999999999999"},
        {"page": "9" * 5000},
        {"page": "-1"},
        {"q": "&|!:*'"},
        {"q": "'; DROP TABLE x; --"},
        {"q": "а\x00б"},
        {"q": "слово " * 2000},
        {"q": "((((" * 100},
        {"q": "\\"},
        {"q": "<->", "text": "1"},
        {"q": "% %(x)s {} алгебра"},
        {"q": "99 класс"},
        {"q": "'"},
        {"q": "😀"},
        {"grade": "99"},
        {"grade": "x"},
        {"subject": "9" * 40},
        {"subject": "1 OR 1=1"},
        {"kind": ["", "abc"]},
        {"association": "../.."},
        {"order": "title; --"},
        {"show": "x"},
        {"text": "x"},
    ],
)
def test_odd_address_is_answered_calmly(people, as_, bank, params):
    assert as_(people.leader).get(LIST, params).status_code == 200


def test_value_that_does_not_exist_finds_nothing(people, as_, bank):
    foreign = dictionary(Subject, people.other, "algebra").pk
    response = as_(people.leader).get(LIST, {"subject": foreign})
    assert titles(response) == []
    assert "Убрать последнее условие" in response.content.decode()


def test_swap_brings_only_the_results(people, as_, bank):
    response = as_(people.leader).get(LIST, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert "Найдено 4 материала" in page
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_rows(people, as_, django_assert_num_queries, count):
    for _number in range(count):
        published_material(owner=people.teacher, organization=people.organization)
    client = as_(people.leader)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_search_in_titles_costs_no_more(people, as_, django_assert_num_queries):
    for _number in range(6):
        published_material(owner=people.teacher)
    client = as_(people.leader)
    with django_assert_num_queries(6):
        assert len(found(client, q="линейная функция")) == 6


def test_materials_of_an_event(people, as_, client, world):
    mine = published_material(owner=people.teacher, event=world.event)
    opened = published_material(owner=people.teacher, event=world.event, visibility="public")
    address = reverse("materials:for-event", args=[world.event.pk])
    assert titles(client.get(address)) == [opened.title]
    response = as_(people.leader).get(address, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert 0 < page.index(mine.title) < page.index(opened.title)
    assert f"{reverse('materials:material-new')}?event={world.event.pk}" in page
    assert "<html" not in page


def test_words_that_name_a_facet_are_ticked_and_leave_the_others_their_counts(people, as_, bank):
    client = as_(people.leader)
    response = client.get(LIST, {"q": "геометрия 8 класс"})
    assert titles(response) == ["Площадь трапеции"]
    (subjects,) = [group for group in response.context["groups"] if group["name"] == "subject"]
    shown = {label: (count, ticked) for _pk, label, count, ticked in subjects["options"]}
    assert (shown["Алгебра"], shown["Геометрия"]) == ((1, False), (1, True))
    cells = {text: (current, off) for _url, text, current, off, _full in response.context["cells"]}
    assert (cells["8"], cells["11"]) == ((True, False), (False, True))
    both = found(client, q="геометрия 8 класс", subject=[pk for pk, *_rest in subjects["options"]])
    assert set(both) == {"Площадь трапеции", "Формулы сокращённого умножения"}


def test_boxes_take_the_place_of_the_words_when_the_form_is_sent(people, as_, bank):
    client = as_(people.leader)
    response = client.get(LIST, {"q": "линейная алгебра 7 класс", "order": "new"})
    assert response.context["kept"] == [("q", "линейная"), ("order", "new"), ("grade", "7")]
    algebra = dictionary(Subject, people.municipality, "algebra").pk
    response = client.get(LIST, {"q": "алгебра 7 класс", "subject": algebra})
    chosen = [(url, text) for url, text, is_on in response.context["chips"] if is_on]
    assert [text for _url, text in chosen] == ["7 класс", "Алгебра"]
    response = client.get(chosen[1][0])
    ticked = [text for _url, text, is_on in response.context["chips"] if is_on]
    assert (ticked, len(titles(response))) == (["7 класс"], 2)
