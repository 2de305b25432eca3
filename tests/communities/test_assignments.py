import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from communities import assignments
from communities.models import Assignment, AuditEntry, Letter
from tests.factories import AccountFactory, AssignmentFactory

ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def today(people):
    return people.municipality.today()


@pytest.fixture
def task(people):
    return AssignmentFactory(municipality=people.municipality, person=people.teacher)


def give(people, **fields):
    fields = {"source_key": "minutes:1:1", "source_title": "Протокол № 1", **fields}
    return assignments.assign(
        "Разместить план", municipality=people.municipality, actor=people.leader, **fields
    )


def url(name, *args):
    return reverse(f"communities:task-{name}", args=args)


def rows(client, **query):
    return [row[0] for row in client.get(url("list"), query).context["rows"]]


def journal():
    found = AuditEntry.objects.filter(object_type="communities.assignment").order_by("id")
    return list(found.values_list("action", flat=True))


# -- services


def test_source_gives_its_assignment_once(people):
    first = give(people, person=people.teacher)
    assert give(people, person=people.coordinator) == first
    assert give(people, source_key="minutes:1:2", person=people.teacher) != first
    assert Letter.objects.count() == 2
    assert journal() == ["assignment.assign", "assignment.assign"]


def test_letter_says_what_until_when_and_whence(people):
    give(people, person=people.teacher, due_on=datetime.date(2026, 9, 1))
    letter = Letter.objects.get()
    assert letter.subject.replace("\N{NO-BREAK SPACE}", " ") == (
        "Поручение до 1 сентября: Разместить план"
    )
    assert "Протокол № 1" in letter.body
    assert url("list") in letter.body


def test_letters_go_to_who_answers_for_the_addressee(people):
    give(people, association=people.association)
    give(people, source_key="2", organization=people.organization)
    give(people, source_key="3", addressee="Методический кабинет")
    assert [letter.person for letter in Letter.objects.all()] == [
        people.leader,
        people.coordinator,
    ]
    printed = Assignment.objects.order_by("id").values_list("addressee", flat=True)
    assert list(printed) == [
        people.association.name,
        people.organization.short_name,
        "Методический кабинет",
    ]


def test_doing_it_twice_leaves_one_line_in_the_journal(people, task):
    done = assignments.complete(task, actor=people.teacher, note="На сайте")
    assert (done.state, done.done_by, done.note) == ("done", people.teacher, "На сайте")
    assignments.complete(task, actor=people.methodist, note="Чужая")
    task.refresh_from_db()
    assert (task.done_by, task.note) == (people.teacher, "На сайте")
    assert journal() == ["assignment.complete"]


def test_start_and_reopen(people, task):
    assert assignments.start(task, actor=people.teacher).state == "in_progress"
    assert assignments.complete(task, actor=people.teacher).state == "done"
    row = assignments.reopen(task, actor=people.teacher)
    assert (row.state, row.done_at, row.done_by) == ("new", None, None)
    assert assignments.reopen(task, actor=people.teacher).state == "new"
    assert journal() == ["assignment.start", "assignment.complete", "assignment.reopen"]


def test_only_the_addressee_and_methodists_do_it(people, task):
    for person in (people.leader, people.head, people.neighbour, people.coordinator):
        with pytest.raises(PermissionDenied):
            assignments.complete(task, actor=person)
    task.refresh_from_db()
    assert task.state == "new"


def test_leader_does_what_is_asked_of_the_association(people):
    row = AssignmentFactory(municipality=people.municipality, association=people.association)
    assert assignments.complete(row, actor=people.leader).state == "done"
    row = AssignmentFactory(municipality=people.municipality, organization=people.organization)
    assert assignments.complete(row, actor=people.coordinator).state == "done"


# -- the list


def test_overdue_stands_on_top_and_without_a_date_at_the_end(people, as_, today):
    def due(day):
        return AssignmentFactory(
            municipality=people.municipality, person=people.teacher, due_on=day
        )

    never, later, overdue = due(None), due(today + ONE_DAY), due(today - 3 * ONE_DAY)
    client = as_(people.teacher)
    assert rows(client) == [overdue, later, never]
    assert "просрочено на 3 дня" in client.get(url("list")).content.decode()
    assert rows(client, state="overdue") == [overdue]


def test_deadline_ends_at_the_municipalitys_midnight(people, as_, time_machine):
    people.municipality.time_zone = "Asia/Kamchatka"
    people.municipality.save()
    time_machine.move_to(datetime.datetime(2026, 9, 1, 13, tzinfo=datetime.UTC))
    AssignmentFactory(
        municipality=people.municipality,
        person=people.teacher,
        due_on=datetime.date(2026, 9, 1),
    )
    assert "просрочено на 1 день" in as_(people.teacher).get(url("list")).content.decode()


def test_everyone_sees_what_concerns_them(people, as_, task):
    own = AssignmentFactory(municipality=people.municipality, association=people.association)
    foreign = AssignmentFactory(municipality=people.other)
    assert rows(as_(people.teacher)) == [task]
    assert rows(as_(people.leader)) == [own]
    assert rows(as_(people.head)) == [task, own]
    assert rows(as_(people.neighbour)) == [foreign]


def test_done_goes_to_its_own_list_and_comes_back_by_undo(people, as_, task):
    client = as_(people.teacher)
    confirm = client.get(url("complete", task.pk)).content.decode()
    assert task.text in confirm
    text = client.post(url("complete", task.pk), {"note": "Готово"}, follow=True)
    assert f'action="{url("reopen", task.pk)}"' in text.content.decode()
    assert rows(client) == []
    assert rows(client, state="done") == [task]
    client.post(url("reopen", task.pk))
    assert rows(client) == [task]
    client.post(url("start", task.pk))
    assert rows(client, state="in_progress") == [task]


def test_note_may_be_empty_but_not_endless(people, as_, task):
    client = as_(people.teacher)
    response = client.post(url("complete", task.pk), {"note": "ы" * 2001})
    assert "note" in response.context["form"].errors
    assert client.post(url("complete", task.pk)).status_code == 302


@pytest.mark.parametrize("query", [{"state": "x"}, {"page": "9" * 30}, {"page": "abc"}])
def test_odd_query_is_calm(people, as_, task, query):
    assert rows(as_(people.teacher), **query) == [task]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_for_one_and_for_three(people, as_, count, django_assert_num_queries):
    for _ in range(count):
        AssignmentFactory(
            municipality=people.municipality,
            person=AccountFactory(municipality=people.municipality),
        )
    client = as_(people.methodist)
    with django_assert_num_queries(5):
        found = rows(client)
    assert len(found) == count
