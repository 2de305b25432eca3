import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Assignment, AuditEntry, User
from events import attendance
from events.models import Attendance, Event, Registration
from events.roster import roster
from tests.factories import (
    EmploymentFactory,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    a_signed_draft,
)


@pytest.fixture
def event(people):
    """A seminar of the leader's association that has just begun."""
    return EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=timezone.now() - datetime.timedelta(minutes=5),
        created_by=people.leader,
    )


def marked(event):
    return set(event.attendances.values_list("person_id", flat=True))


def colleagues(people, count):
    return [PersonFactory(municipality=people.municipality) for _ in range(count)]


def test_marking_twice_leaves_one_mark_and_one_line_of_the_journal(event, people):
    attendance.mark(event, people.teacher, actor=people.leader)
    attendance.mark(event, people.teacher, actor=people.leader)
    assert marked(event) == {people.teacher.pk}
    assert AuditEntry.objects.filter(action="attendance.mark").count() == 1


def test_mark_keeps_the_organization_of_the_day_not_of_today(event, people):
    old, new = (OrganizationFactory(municipality=people.municipality) for _ in range(2))
    person = PersonFactory(municipality=people.municipality)
    day = event.local_date
    EmploymentFactory(person=person, organization=old, ends_on=day)
    EmploymentFactory(person=person, organization=new, starts_on=day + datetime.timedelta(days=1))
    attendance.mark(event, person, actor=people.leader)
    assert event.attendances.get().organization == old


def test_part_time_place_counts_only_without_a_main_one(event, people):
    side = OrganizationFactory(municipality=people.municipality)
    EmploymentFactory(person=people.teacher, organization=side, kind="external_part_time")
    only_side = PersonFactory(municipality=people.municipality)
    EmploymentFactory(person=only_side, organization=side, kind="external_part_time")
    attendance.mark_many(event, [people.teacher.pk, only_side.pk], actor=people.leader)
    places = dict(event.attendances.values_list("person_id", "organization"))
    assert places == {people.teacher.pk: people.organization.pk, only_side.pk: side.pk}


def test_marking_again_with_another_mode_changes_the_mode(event, people):
    attendance.mark(event, people.teacher, actor=people.leader)
    attendance.mark(event, people.teacher, actor=people.leader, mode="online")
    assert event.attendances.get().mode == "online"


def test_person_of_another_municipality_is_not_marked(event, people):
    assert attendance.mark_many(event, [people.neighbour.pk, 10**30], actor=people.leader) == []
    assert marked(event) == set()


def test_hundred_people_cost_as_many_queries_as_one(event, people):
    def cost(persons):
        with CaptureQueriesContext(connection) as queries:
            attendance.mark_many(event, [p.pk for p in persons], actor=people.leader)
        return len(queries)

    assert cost(colleagues(people, 100)) == cost(colleagues(people, 1))
    assert event.attendances.count() == 101


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_only_a_published_event_takes_marks(event, people, state):
    Event.objects.filter(pk=event.pk).update(state=state, reason="Карантин")
    with pytest.raises(attendance.AttendanceError):
        attendance.mark(event, people.teacher, actor=people.leader)
    assert marked(event) == set()


def test_nobody_is_marked_before_the_day(people):
    event = EventFactory(municipality=people.municipality)
    with pytest.raises(attendance.AttendanceError, match="день"):
        attendance.mark(event, people.teacher, actor=people.methodist)


def test_new_person_is_marked_and_the_coordinator_is_asked(event, people):
    person = attendance.add_person(
        event,
        actor=people.leader,
        organization=people.organization,
        post="воспитатель",
        last_name="Новикова",
        first_name="Ольга",
    )
    assert (person.email, person.is_active, person.has_usable_password()) == (None, False, False)
    mark = event.attendances.get()
    assert (mark.person, mark.organization, mark.method) == (person, people.organization, "added")
    task = Assignment.objects.get()
    assert (task.organization, "Новикова Ольга" in task.text) == (people.organization, True)
    assert task in Assignment.objects.visible_to(people.coordinator)


def test_added_namesake_at_the_same_place_is_the_colleague_we_know(event, people):
    known = PersonFactory(
        municipality=people.municipality, last_name="Селёзнева", first_name="Инна", patronymic=""
    )
    EmploymentFactory(person=known, organization=people.organization)
    names = {"last_name": "селезнева", "first_name": "ИННА"}
    values = {"organization": people.organization, "post": "учитель", **names}
    assert attendance.add_person(event, actor=people.leader, **values) == known
    assert marked(event) == {known.pk}
    assert not Assignment.objects.exists()


def test_closing_stops_marks_until_reopened(event, people):
    attendance.close(event, actor=people.leader)
    with pytest.raises(attendance.AttendanceError):
        attendance.mark(event, people.teacher, actor=people.leader)
    attendance.reopen(event, actor=people.leader)
    attendance.mark(event, people.teacher, actor=people.leader)
    assert marked(event) == {people.teacher.pk}


def test_signed_minutes_keep_the_list_closed(people):
    minutes = a_signed_draft(people)
    with pytest.raises(attendance.AttendanceError):
        attendance.reopen(minutes.event, actor=people.leader)


def test_roster_puts_confirmed_before_waiting_and_members_apart(event, people):
    first, second, third = (
        PersonFactory(municipality=people.municipality, last_name=name)
        for name in ("Яковлев", "Абрамов", "Ёлкин")
    )
    for person, state in ((first, "confirmed"), (second, "waiting"), (third, "cancelled")):
        Registration.objects.create(event=event, person=person, state=state)
    attendance.mark(event, third, actor=people.leader, mode="online")
    rows = roster(event)
    assert [row.pk for row in rows.unmarked] == [first.pk, second.pk]
    assert [row.pk for row in rows.marked] == [third.pk]
    assert {row.pk for row in rows.others} == {people.leader.pk, people.teacher.pk}
    assert rows.marked[0].note.endswith("онлайн")


def test_people_are_found_by_beginnings_of_names_with_any_yo(people):
    person = PersonFactory(municipality=people.municipality, last_name="Ёлкина", first_name="Анна")
    everyone = User.objects.filter(municipality=people.municipality)
    assert list(everyone.named("анна елк")) == [person]
    assert list(everyone.named("лкина")) == []


# Pages


def page(event, name="event-attendance"):
    return reverse(f"events:{name}", args=[event.pk])


def test_form_without_a_script_marks_and_unmarks_what_was_seen(event, people, as_):
    stays, goes, late, comes = colleagues(people, 4)
    attendance.mark_many(event, [stays.pk, goes.pk, late.pk], actor=people.leader)
    answer = as_(people.leader).post(
        page(event),
        # `late` checked in by code after the page was drawn, so its tick is not there
        {"person": [stays.pk, comes.pk], "was": [stays.pk, goes.pk]},
        follow=True,
    )
    assert marked(event) == {stays.pk, late.pk, comes.pk}
    assert "Отмечен 1 человек. Снята 1 отметка." in answer.content.decode()


def test_taps_sent_twice_have_one_effect_and_answer_who_is_marked(event, people, as_):
    client = as_(people.leader)
    wish = {"on": [people.teacher.pk], "mode": "online"}
    first = client.post(page(event, "event-attendance-mark"), wish).json()
    again = client.post(page(event, "event-attendance-mark"), wish).json()
    assert (first["people"], first["counter"]) == (again["people"], "Отмечены 1 из 1")
    gone = client.post(page(event, "event-attendance-mark"), {"off": [people.teacher.pk]}).json()
    assert (gone["people"], gone["count"]) == ({}, 0)


def test_tap_on_a_closed_list_says_why(event, people, as_):
    attendance.close(event, actor=people.leader)
    answer = as_(people.leader).post(
        page(event, "event-attendance-mark"), {"on": [people.teacher.pk]}
    )
    assert (answer.status_code, answer.json()["error"]) == (409, "Отметка закрыта.")


@pytest.mark.parametrize("bad", ["", "abc", "-1", "9" * 40, "１２"])
def test_foreign_ids_are_no_error(event, people, as_, bad):
    answer = as_(people.leader).post(page(event, "event-attendance-mark"), {"on": [bad]})
    assert (answer.status_code, answer.json()["count"]) == (200, 0)


def test_teacher_neither_reads_nor_writes_the_list(event, people, as_):
    client = as_(people.teacher)
    assert client.get(page(event)).status_code == 403
    assert client.post(page(event), {"person": people.teacher.pk}).status_code == 403
    taps = client.post(page(event, "event-attendance-mark"), {"on": [people.teacher.pk]})
    assert (taps.status_code, marked(event)) == (403, set())


def test_page_asks_as_much_for_three_as_for_one(event, people, as_, django_assert_max_num_queries):
    client = as_(people.leader)
    costs = []
    for count in (1, 3):
        for person in colleagues(people, count):
            Registration.objects.create(event=event, person=person, state="confirmed")
            attendance.mark(event, person, actor=people.leader)
        with django_assert_max_num_queries(10) as queries:
            client.get(page(event))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_page_of_three_hundred_is_light(event, people, as_):
    Registration.objects.bulk_create(
        Registration(event=event, person=person, state="confirmed")
        for person in colleagues(people, 300)
    )
    import zlib

    content = as_(people.leader).get(page(event)).content
    assert content.count(b"att__n") == 302
    assert len(zlib.compress(content)) < 14 * 1024


def test_added_person_may_be_found_or_entered(event, people, as_):
    client = as_(people.leader)
    found = client.get(page(event, "event-attendance-add"), {"q": "Завуч"}).content.decode()
    assert "Завучева" in found
    answer = client.post(page(event, "event-attendance-add"), {"last_name": "Новикова"})
    assert answer.status_code == 422
    assert 'value="Новикова"' in answer.content.decode()


def test_foreign_organization_is_refused_at_the_field(event, people, as_):
    foreign = OrganizationFactory(municipality=people.other)
    data = {
        "last_name": "Н",
        "first_name": "О",
        "post": "учитель",
        "organization": foreign.pk,
    }
    assert as_(people.leader).post(page(event, "event-attendance-add"), data).status_code == 422
    assert not Attendance.objects.exists()


def test_close_leads_to_the_minutes(event, people, as_):
    answer = as_(people.leader).post(page(event, "event-attendance-close"))
    assert answer.url == page(event, "event-minutes")
    event.refresh_from_db()
    assert event.state == Event.State.CLOSED


def test_sheet_lists_the_expected_with_room_for_signatures(event, people, as_):
    Registration.objects.create(event=event, person=people.teacher, state="confirmed")
    sheet = as_(people.leader).get(page(event, "event-attendance-sheet")).content.decode()
    assert "Учителева" in sheet
    assert "Подпись" in sheet
