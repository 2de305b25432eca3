"""One's own record and table, the school's record, and the profile behind the home page."""

import datetime
import html
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from attestation import certificates, record
from attestation.models import Participation
from communities import seals
from communities.models import Subject
from communities.school_year import slug_of, start_year
from events import tasks
from events.models import Event, Minutes
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    a_school_year,
    attend,
    held_event,
    published_material,
    speak,
)

THIS = start_year(timezone.localdate())


@pytest.fixture
def event(people):
    return held_event(people.teacher, municipality=people.municipality, title="Семинар о функциях")


def me(client, **query):
    return client.get(reverse("attestation:me"), query)


def titles(answer):
    return [row["title"] for row in answer.context["rows"]]


# -- the own record


def test_an_event_heard_and_spoken_at_is_one_row(people, event, as_):
    speak(event, people.teacher, "Линейная функция")
    speak(event, people.teacher, "Мастер-класс по графикам", role="master_class_host")
    (row,) = me(as_(people.teacher)).context["rows"]
    assert row["title"] == "Семинар о функциях"
    assert row["roles"] == ["участник", "докладчик", "ведущий мастер-класса"]
    assert row["topics"] == ["Линейная функция", "Мастер-класс по графикам"]


def test_talks_stand_as_they_were_given_when_numbers_grow_a_digit(people, event, as_):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('events_talkspeaker', 'id'), 99998)")
    speak(event, people.teacher, "Первый")
    speak(event, people.teacher, "Второй")
    (row,) = me(as_(people.teacher)).context["rows"]
    assert row["topics"] == ["Первый", "Второй"]


def test_what_proves_is_a_fact_from_the_first_day_of_a_municipality(people):
    """Nobody has made a plan or an event yet, so no school year has been used."""
    published_material(owner=people.teacher)
    tasks.open_school_years()
    assert Participation.objects.filter(person=people.teacher, role="author").exists()
    assert Participation.objects.filter(person=people.leader, role="leader").exists()


def test_a_term_that_has_not_begun_proves_nothing(people):
    a_school_year(people.municipality)
    ahead = people.municipality.today() + datetime.timedelta(days=20)
    people.leader.memberships.update(starts_on=ahead)
    assert not Participation.objects.filter(person=people.leader, role="leader").exists()


def test_whoever_nobody_saw_has_not_spoken(people, event):
    """Where somebody is marked, a talk of the programme alone proves nothing."""
    speak(event, people.leader)
    spoke = Participation.objects.filter(person=people.leader, event=event)
    assert not spoke.exists()
    attend(event, people.leader)
    assert {row.role for row in spoke} == {"listener", "speaker"}
    event.attendances.all().delete()
    assert {row.role for row in spoke.all()} == {"speaker"}


def test_an_event_ahead_proves_nothing_even_closed(people):
    ahead = held_event(municipality=people.municipality, days_ago=-2)
    speak(ahead, people.teacher)
    Minutes.objects.create(
        municipality=people.municipality,
        event=ahead,
        school_year=ahead.school_year,
        state="signed",
        number=1,
        seal=seals.seal("minutes", ahead, {}, actor=people.leader),
        signed_at=timezone.now(),
        chair=people.teacher,
        secretary=people.teacher,
    )
    facts = Participation.objects.filter(person=people.teacher)
    assert not facts.exists()
    starts_at = timezone.now() - datetime.timedelta(days=2)
    Event.objects.filter(pk=ahead.pk).update(starts_at=starts_at)
    assert sorted(fact.role for fact in facts) == ["moderator", "secretary", "speaker"]


def test_tabs_count_the_rows_they_open(people, event, as_):
    speak(event, people.teacher, "Первая тема")
    speak(event, people.teacher, "Вторая тема")
    held_event(people.teacher, municipality=people.municipality)
    published_material(owner=people.teacher, event=event)
    client = as_(people.teacher)
    for url, _label, count, _current in me(client).context["tabs"]:
        answer = client.get(reverse("attestation:me") + url)
        assert len(answer.context["rows"]) == count
    assert [tab[2] for tab in me(client).context["tabs"]] == [3, 2, 2, 1]


def test_a_material_of_an_event_is_named_by_itself(people, event, as_):
    material = published_material(owner=people.coordinator, event=event)
    (row,) = me(as_(people.coordinator)).context["rows"]
    assert (row["title"], row["certificate"], row["may_ask"]) == (material.title, None, False)


def test_a_leader_has_the_appointment_in_the_record(people, as_):
    a_school_year(people.municipality)
    assert titles(me(as_(people.leader))) == [people.association.name]


def test_by_school_year(people, event, as_):
    held_event(
        people.teacher,
        municipality=people.municipality,
        title="Прошлый год",
        days_ago=400,
        school_year=a_school_year(people.municipality, THIS - 1),
    )
    client = as_(people.teacher)
    assert titles(me(client)) == ["Семинар о функциях", "Прошлый год"]
    assert titles(me(client, year=slug_of(THIS - 1))) == ["Прошлый год"]
    assert titles(me(client, year=slug_of(THIS), kind="talks")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"year": "9999-00", "kind": "=1"},
        {"year": "abc"},
        {"page": "99999999999999999999"},
        {"page": "abc"},
        {"year": "2026-99"},
    ],
)
def test_bad_questions_get_an_answer(people, event, as_, query):
    client = as_(people.teacher)
    assert me(client, **query).status_code == 200
    address = f"{reverse('attestation:record-xlsx')}?year={query.get('year', '')}"
    assert b"".join(client.post(address).streaming_content)


def test_proof_stands_at_each_row(people, event, as_):
    client = as_(people.teacher)
    page = me(client).content.decode()
    assert "Получить сертификат" in page
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    page = me(client).content.decode()
    assert paper.register_number in page
    assert "Получить сертификат" not in page


def test_what_one_published_oneself_no_official_has_confirmed(people, as_):
    a_school_year(people.municipality)
    published_material(owner=people.teacher)
    (row,) = me(as_(people.teacher)).context["rows"]
    assert row["proof"] == "заявлено самим педагогом: опубликовано в банке материалов"


def test_an_open_list_gives_no_certificate_yet(people, as_):
    held_event(people.teacher, municipality=people.municipality, state="published")
    assert "Получить сертификат" not in me(as_(people.teacher)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_asks_the_same_number_of_queries(people, as_, django_assert_num_queries, count):
    for _ in range(count):
        event = held_event(people.teacher, municipality=people.municipality)
        certificates.issue_own(event, people.teacher, actor=people.teacher)
    client = as_(people.teacher)
    with django_assert_num_queries(9):
        answer = me(client)
    assert len(answer.context["rows"]) == count


def test_nobody_sees_another_persons_facts(people, event, as_):
    assert titles(me(as_(people.coordinator))) == []


def test_the_own_table_is_what_the_screen_shows(people, event, as_):
    speak(event, people.teacher, "Линейная функция")
    client = as_(people.teacher)
    address = reverse("attestation:record-xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.post(address).streaming_content)))
    assert book.active.max_row == 1 + 2
    answer = client.post(address + "?kind=talks")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active.max_row == 1 + 1
    assert client.get(address).status_code == 405


def test_counts_agree_with_plain_counting(people, event):
    speak(event, people.teacher)
    published_material(owner=people.teacher)
    facts = record.facts_of(people.teacher)
    assert record.counts_by_kind(facts) == {"": 2, "events": 1, "talks": 1, "materials": 1}
    assert record.of_kind(facts, "").count() == 2


# -- the school's record


def a_teacher(people):
    work = EmploymentFactory(
        organization=people.organization, person__municipality=people.municipality
    )
    return work.person


def school(client, organization, **query):
    return client.get(
        reverse("attestation:organization-participation", args=[organization.slug]), query
    )


def test_those_with_none_come_first(people, event, as_):
    speak(event, people.teacher)
    answer = school(as_(people.coordinator), people.organization)
    rows = [
        (person, counts["events"], counts["talks"]) for person, counts in answer.context["page"]
    ]
    assert rows == [(people.leader, 0, 0), (people.teacher, 1, 1)]
    assert answer.context["idle"] == 1
    assert "1 педагог ещё ни в чём не участвовал" in answer.content.decode()


def test_a_figure_leads_to_the_rows_of_the_person(people, event, as_):
    client = as_(people.coordinator)
    page = school(client, people.organization).content.decode()
    (link,) = set(re.findall(r'href="([^"]*&person=\d+)"', page))
    table = client.get(html.unescape(link))
    assert table.context["person"] == people.teacher
    assert people.teacher.full_name in table.content.decode()
    assert table.context["total"] == 1


def test_only_what_was_done_for_this_school_counts(people, event, as_):
    other = OrganizationFactory(municipality=people.municipality)
    EmploymentFactory(person=people.teacher, organization=other, kind="external_part_time")
    answer = school(as_(people.methodist), other)
    assert [counts["events"] for _person, counts in answer.context["page"]] == [0]


def test_another_year(people, event, as_):
    client = as_(people.coordinator)
    answer = school(client, people.organization, year="1999-00")
    assert answer.context["year"] == event.school_year
    assert school(client, people.organization, year="x" * 50).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_school_page_asks_the_same_number_of_queries(
    people, as_, django_assert_num_queries, count
):
    event = held_event(municipality=people.municipality)
    for _ in range(count):
        attend(event, a_teacher(people))
    client = as_(people.coordinator)
    with django_assert_num_queries(7):
        school(client, people.organization)


def test_the_part_on_the_card_of_a_school(people, event, as_):
    client = as_(people.coordinator)
    address = reverse("attestation:organization-participation", args=[people.organization.slug])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert people.teacher.full_name in part


def test_a_foreign_schools_people_are_not_shown(people, as_):
    other = OrganizationFactory(municipality=people.municipality)
    assert school(as_(people.coordinator), other).status_code == 403
    assert school(as_(people.neighbour), people.organization).status_code == 404


# -- the profile


PROFILE = "communities:profile"


def test_subjects_and_grades_make_chips_of_the_home_page(people, as_):
    client = as_(people.teacher)
    assert "Укажите предметы и классы" in client.get("/").content.decode()
    algebra = Subject.objects.get(municipality=people.municipality, code="algebra")
    answer = client.post(
        reverse(PROFILE),
        {"subjects": [algebra.pk], "grades": ["8", "7"], "contact_email": "a@b.example"},
    )
    assert answer.url == "/"
    people.teacher.refresh_from_db()
    assert (people.teacher.grades, people.teacher.contact_email) == ("7, 8", "a@b.example")
    chips = [label for _url, label, _on in client.get("/").context["chips"]]
    assert chips == ["Алгебра, 7 класс", "Алгебра, 8 класс"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"contact_email": "не почта"}, "contact_email"),
        ({"grades": ["12"]}, "grades"),
        ({"subjects": ["99999999999999999999"]}, "subjects"),
        ({"contact_phone": "8" * 41}, "contact_phone"),
    ],
)
def test_bad_answers_are_named_and_kept(people, as_, data, field):
    answer = as_(people.teacher).post(reverse(PROFILE), data)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_subjects_of_a_neighbour_are_no_choice(people, as_):
    foreign = Subject.objects.filter(municipality=people.other).first()
    answer = as_(people.teacher).post(reverse(PROFILE), {"subjects": [foreign.pk]})
    assert "subjects" in answer.context["form"].errors


def test_an_old_name_is_offered_to_its_owner_only(people, as_):
    old = Subject.objects.create(
        municipality=people.municipality,
        code="drafting",
        label="Черчение",
        valid_until=timezone.localdate() - datetime.timedelta(days=1),
    )
    client = as_(people.teacher)
    assert "Черчение" not in client.get(reverse(PROFILE)).content.decode()
    people.teacher.main_employment.subjects.add(old)
    assert "Черчение" in client.get(reverse(PROFILE)).content.decode()


def test_without_a_place_of_work_there_are_contacts_only(people, as_):
    answer = as_(people.methodist).get(reverse(PROFILE))
    assert "subjects" not in answer.context["form"].fields
    as_(people.methodist).post(reverse(PROFILE), {"contact_phone": "8 817 2"})
    people.methodist.refresh_from_db()
    assert people.methodist.contact_phone == "8 817 2"


def test_the_view_is_read_only():
    assert not Participation._meta.managed
