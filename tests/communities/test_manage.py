"""Management: the door, the journal, the labels of every app."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import strip_tags

from communities import audit
from communities.manage import dictionaries
from communities.models import Agency, AuditEntry, DictionaryRow
from tests.factories import EventFactory
from tests.races import at_once


@pytest.fixture
def lines(people):
    audit.record("person.create", people.teacher, actor=people.methodist)
    audit.record("association.change", people.association, actor=people.leader)
    audit.record("person.create", people.neighbour, actor=people.neighbour)


def found(response):
    return [line["entry"].action for line in response.context["lines"]]


def test_door_shows_what_one_may_do(as_, people):
    def titles(person):
        places = as_(person).get(reverse("communities:manage")).context["places"]
        return {url for url, _title, _text in places}

    assert reverse("communities:import-list") in titles(people.methodist)
    assert reverse("communities:import-list") not in titles(people.operator)


def test_journal_is_of_the_own_municipality(as_, people, lines):
    response = as_(people.methodist).get(reverse("communities:audit-list"))
    assert found(response) == ["association.change", "person.create"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"action": "person.create"}, 1),
        ({"actor": "лидова"}, 1),
        ({"since": "2020-01-01"}, 2),
        ({"until": "2020-01-01"}, 0),
        ({"action": "no.such"}, 2),
        ({"since": "31.02.99999"}, 2),
        ({"page": "99999999999"}, 2),
    ],
)
def test_journal_is_filtered(as_, people, lines, query, count):
    response = as_(people.methodist).get(reverse("communities:audit-list"), query)
    assert len(found(response)) == count


def test_journal_calls_things_by_their_names(as_, people, lines):
    ours = EventFactory(municipality=people.municipality, title="Урок «у моря»")
    theirs = EventFactory(municipality=people.other, title="Чужой семинар")
    for event in (ours, theirs):
        audit.record("event.publish", event, actor=people.leader)
    AuditEntry.objects.create(  # as no service writes it: the number of a foreign row
        municipality=people.municipality,
        action="event.publish",
        object_type="events.event",
        object_id=str(theirs.pk),
    )
    AuditEntry.objects.create(
        municipality=people.municipality, action="gone.do", object_type="events.gone", object_id="7"
    )
    audit.record("role.grant", people.head.role_grants.get(), actor=people.operator)
    text = strip_tags(as_(people.methodist).get(reverse("communities:audit-list")).content.decode())
    assert f": {people.teacher.full_name}" in text
    assert f"объединение «{people.association.name}»" in text
    assert "мероприятие «Урок „у моря“»" in text
    assert f"мероприятие {theirs.pk}" in text
    assert "Чужой" not in text
    assert "events.gone 7" in text
    assert f"роль {people.head.role_grants.get().pk}" in text


@pytest.mark.parametrize("extra", [1, 3])
def test_journal_asks_a_fixed_number_of_queries(as_, people, extra, django_assert_num_queries):
    for _number in range(extra):
        audit.record("person.create", people.teacher, actor=people.methodist)
    client = as_(people.methodist)
    with django_assert_num_queries(7):
        client.get(reverse("communities:audit-list"))


def test_every_dictionary_has_a_page_with_a_russian_title(as_, people):
    client = as_(people.operator)
    found = dictionaries.dictionaries()
    expected = [model for model in apps.get_models() if issubclass(model, DictionaryRow)]
    assert sorted(found) == sorted(dictionaries.TITLES)
    assert len(found) == len(expected)
    for name in found:
        assert client.get(reverse("communities:dictionary-detail", args=[name])).status_code == 200


def test_every_row_can_be_reworded(as_, people):
    client = as_(people.operator)
    for name, model in dictionaries.dictionaries().items():
        row = model.objects.filter(municipality=people.municipality).first()
        if row is not None:
            url = reverse("communities:dictionary-row", args=[name, row.pk])
            assert client.get(url).status_code == 200


def test_label_changes_and_the_code_stays(as_, people):
    row = Agency.objects.get(municipality=people.municipality, code="culture")
    url = reverse("communities:dictionary-row", args=["communities-agency", row.pk])
    data = {"label": "Управление культуры", "position": 1, "code": "stolen", "municipality": 1}
    assert as_(people.operator).post(url, data).status_code == 302
    row.refresh_from_db()
    assert (row.label, row.code) == ("Управление культуры", "culture")
    assert AuditEntry.objects.get().action == "dictionary.change"


def test_new_label_gets_a_code(as_, people):
    url = reverse("communities:dictionary-row-new", args=["communities-agency"])
    as_(people.methodist).post(url, {"label": "Отдел спорта", "position": 9})
    assert Agency.objects.get(label="Отдел спорта").code.startswith("own-")


@pytest.mark.django_db(transaction=True)
def test_labels_added_at_once_get_codes_of_their_own(people):
    def add():
        row = Agency(municipality=people.municipality, label="Отдел спорта", position=9)
        dictionaries.save_row(row, actor=people.methodist)

    assert at_once(6, add) == []
    assert Agency.objects.filter(label="Отдел спорта").count() == 6


@pytest.mark.parametrize("position", ["-1", "99999999", "много", ""])
def test_bad_place_is_told_at_the_field(as_, people, position):
    url = reverse("communities:dictionary-row-new", args=["communities-agency"])
    response = as_(people.methodist).post(url, {"label": "Отдел спорта", "position": position})
    assert "position" in response.context["form"].errors


def test_figure_without_a_source_cannot_be_added(as_, people):
    url = reverse("communities:dictionary-row-new", args=["attestation-indicator"])
    assert as_(people.methodist).get(url).status_code == 404


def test_new_head_stands_in_papers_from_now_on(as_, people):
    client, url = as_(people.operator), reverse("communities:municipality")
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    refused = client.post(url, values | {"head_name": ""})
    assert list(refused.context["form"].errors) == ["head_name"]
    assert str(people.municipality) in refused.content.decode()
    client.post(url, values | {"head_name": "А.Б. Новая"})
    people.municipality.refresh_from_db()
    assert people.municipality.head_name == "А.Б. Новая"
    entry = AuditEntry.objects.get(action="municipality.change")
    assert entry.data == {"fields": ["head_name"]}
