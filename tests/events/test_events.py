"""The life of an event: drafted from a plan, published, moved, cancelled, restored."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities import mail, seals
from communities.models import Letter, Subject
from events import registration, services
from events.models import Event, Minutes, SchoolYear
from events.schedule import clashes
from events.years import year_of
from tests import factories

NOW = "2026-10-05T09:00Z"
D = datetime.date


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(people):
    return factories.EventFactory(
        municipality=people.municipality, association=people.association, capacity=40
    )


@pytest.fixture
def valid(people):
    kind = factories.dictionary(factories.events.EventKind, people.municipality, "seminar")
    level = factories.dictionary(factories.events.Level, people.municipality, "municipal")
    return {
        "title": "Функциональная грамотность",
        "association": people.association.pk,
        "kind": kind.pk,
        "level": level.pk,
        "starts_on": "2026-11-19",
        "starts": "14:30",
        "ends": "16:00",
        "format": "in_person",
        "hours": "2",
        "is_open": "on",
        "publish": "1",
    }


def edited(client, event, **changes):
    """Post the form of an event as the page filled it, with changes."""
    path = reverse("events:event-edit", args=[event.pk])
    form = client.get(path).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    return client.post(path, data | changes)


def test_leader_publishes_an_event_from_the_form(people, valid, as_):
    response = as_(people.leader).post(reverse("events:event-new"), valid)
    event = Event.objects.get()
    assert response.url == event.get_absolute_url()
    assert (event.state, event.slug) == ("published", "funktsionalnaya-gramotnost")
    assert event.starts_at.isoformat() == "2026-11-19T11:30:00+00:00"
    assert event.school_year.start == 2026
    assert event.created_by == people.leader


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-02-08", "Дата раньше начала учебного года"),
        ("2031-02-08", "До этой даты больше года"),
    ],
)
def test_a_year_hardly_meant_is_asked_about_once(people, valid, as_, day, words):
    client = as_(people.leader)
    valid["starts_on"] = day
    page = client.post(reverse("events:event-new"), valid)
    assert words in page.content.decode()
    assert page.context["form"]["title"].value() == valid["title"]
    assert not Event.objects.exists()
    valid["day_asked"] = page.context["form"]["day_asked"].value()
    client.post(reverse("events:event-new"), valid)
    assert Event.objects.get().state == "published"


def test_an_old_event_needs_no_question_when_its_year_is_chosen(people, valid, as_):
    client = as_(people.leader)
    valid |= {"starts_on": "2026-02-08", "school_year_start": "2025"}
    page = client.post(reverse("events:event-new"), valid, follow=True).content.decode()
    assert "Оно уже прошло: отметьте участников" in page


def test_draft_is_seen_by_its_leaders_only(people, valid, as_):
    del valid["publish"]
    as_(people.leader).post(reverse("events:event-new"), valid)
    path = Event.objects.get().get_absolute_url()
    assert as_(people.leader).get(path).status_code == 200
    assert as_(people.methodist).get(path).status_code == 200
    assert as_(people.teacher).get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "\x00"),
        ("title", "\u200b\u200b"),
        ("title", "я" * 201),
        ("kind", "999999999999999999999"),
        ("kind", ""),
        ("level", "-1"),
        ("association", "0"),
        ("host", "999999999999999999999"),
        ("starts_on", "99999-01-01"),
        ("starts_on", "1960-01-01"),
        ("starts_on", "31.02.2027"),
        ("starts_on", "2101-01-01"),
        ("starts", "25:00"),
        ("ends", "14:00"),
        ("ends_on", "2026-11-18"),
        ("ends_on", "2029-11-18"),
        ("capacity", "-1"),
        ("capacity", "0"),
        ("capacity", "99999999999999999999"),
        ("capacity", "много"),
        ("hours", "-2"),
        ("hours", "1e9"),
        ("hours", "NaN"),
        ("online_url", "javascript:alert(1)"),
        ("online_url", "ссылка"),
        ("register_by", "2026-11-20"),
        ("register_by", "99999-11-20"),
        ("format", "flight"),
        ("school_year_start", "1812"),
        ("summary", "я" * 20_001),
    ],
)
def test_bad_value_is_refused_at_its_field_and_kept(people, valid, as_, name, value):
    response = as_(people.leader).post(reverse("events:event-new"), valid | {name: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [name]
    assert not Event.objects.exists()
    page = response.content.decode()
    assert "<title>Ошибка:" in page
    assert valid["title"] in page or name == "title"


def test_end_before_the_beginning_is_said_in_words(people, valid, as_):
    response = as_(people.leader).post(reverse("events:event-new"), valid | {"ends": "10:00"})
    assert response.context["form"].errors["ends"] == ["Время окончания раньше начала."]


def test_foreign_rows_are_no_choices(people, valid, as_):
    kind = factories.dictionary(factories.events.EventKind, people.other, "seminar")
    host = factories.OrganizationFactory(municipality=people.other)
    other = factories.AssociationFactory(municipality=people.municipality)
    data = valid | {"kind": kind.pk, "host": host.pk, "association": other.pk}
    response = as_(people.leader).post(reverse("events:event-new"), data)
    assert set(response.context["form"].errors) == {"kind", "host", "association"}


def test_form_opens_no_school_year_by_reading(people, as_):
    assert as_(people.leader).get(reverse("events:event-new")).status_code == 200
    assert not SchoolYear.objects.exists()


def test_august_conference_opens_the_coming_year(people, valid, as_):
    client = as_(people.methodist)
    client.post(reverse("events:event-new"), valid | {"starts_on": "2027-08-25"})
    assert Event.objects.get().school_year.start == 2027
    client.post(
        reverse("events:event-new"),
        valid | {"starts_on": "2027-08-25", "school_year_start": "2026", "clashes_seen": "1"},
    )


@pytest.fixture
def line(people):
    """A line of this year copied from one that became a seminar last year."""
    last = year_of(people.municipality, 2025)
    old_plan = factories.PlanFactory(association=people.association, school_year=last)
    old_line = factories.PlanItemFactory(plan=old_plan, title="Семинар ФГ", month=D(2025, 11, 1))
    host = factories.OrganizationFactory(municipality=people.municipality)
    event = factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        school_year=last,
        plan_item=old_line,
        title="Семинар ФГ",
        starts_at=datetime.datetime(2025, 11, 20, 11, 30, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2025, 11, 20, 13, 0, tzinfo=datetime.UTC),
        host=host,
        place="каб. 21",
        capacity=40,
        hours=Decimal("3.0"),
        state="closed",
    )
    talk = factories.TalkFactory(event=event, title="Задачи с данными района")
    talk.speakers.create(person=people.teacher)
    talk.speakers.create(name="Гостев Иван Ильич")
    plan = factories.PlanFactory(
        association=people.association, school_year=year_of(people.municipality, 2026)
    )
    return factories.PlanItemFactory(
        plan=plan, title="Семинар ФГ", month=D(2026, 11, 1), copied_from=old_line
    )


def test_three_actions_schedule_a_seminar_from_the_plan(people, line, as_):
    client = as_(people.leader)
    plan_page = client.get(line.plan.get_absolute_url()).content.decode()
    address = f"{reverse('events:event-new')}?plan={line.pk}"
    assert f'href="{address}"' in plan_page  # 1: «Назначить»
    form = client.get(address).context["form"]
    assert form["starts_on"].value() == D(2026, 11, 19)  # the same Thursday of the same week
    assert form["starts"].value() == datetime.time(14, 30)
    assert form["place"].value() == "каб. 21"
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    client.post(address, data | {"publish": "1"})  # 2: «Опубликовать»
    event = Event.objects.get(plan_item=line)
    assert (event.state, event.capacity, event.hours) == ("published", 40, Decimal("3.0"))
    (talk,) = event.talks.all()
    assert [str(speaker) for speaker in talk.speakers.all()] == [
        people.teacher.full_name,
        "Гостев Иван Ильич",
    ]


def test_line_scheduled_twice_leads_to_its_event(people, line, as_):
    event = factories.EventFactory(
        municipality=people.municipality, association=people.association, plan_item=line
    )
    response = as_(people.leader).get(f"{reverse('events:event-new')}?plan={line.pk}")
    assert response.url == event.get_absolute_url()
    with pytest.raises(services.EventError):
        services.create_event({}, actor=people.leader, plan_item=line)


@pytest.mark.parametrize("plan", ["abc", "-1", "9" * 40, "0"])
def test_wrong_line_has_no_page(people, as_, plan):
    assert as_(people.leader).get(f"{reverse('events:event-new')}?plan={plan}").status_code == 404


def test_line_of_another_association_has_no_page(people, as_):
    other = factories.AssociationFactory(municipality=people.municipality)
    item = factories.PlanItemFactory(plan__association=other)
    path = f"{reverse('events:event-new')}?plan={item.pk}"
    assert as_(people.leader).get(path).status_code == 404
    assert as_(people.methodist).get(path).status_code == 200


def test_clash_is_asked_about_once(people, valid, as_):
    subject = Subject.objects.get(municipality=people.municipality, code="mathematics")
    people.association.subject = subject
    people.association.save()
    other = factories.AssociationFactory(municipality=people.municipality, subject=subject)
    clash = factories.EventFactory(
        municipality=people.municipality,
        association=other,
        title="Семинар соседей",
        starts_at=datetime.datetime(2026, 11, 19, 6, tzinfo=datetime.UTC),
    )
    client = as_(people.leader)
    response = client.post(reverse("events:event-new"), valid)
    page = response.content.decode()
    assert "В этот день уже есть 1 мероприятие" in page
    assert "Семинар соседей" in page
    assert Event.objects.count() == 1
    client.post(reverse("events:event-new"), valid | {"clashes_seen": str(clash.pk)})
    assert Event.objects.count() == 2


def test_clashes_of_a_date_are_a_fragment(people, event, as_):
    path = reverse("events:event-clashes")
    query = {"starts_on": "2026-10-12", "association": people.association.pk}
    page = as_(people.leader).get(path, query, headers={"HX-Request": "true"}).content.decode()
    assert event.title in page
    assert "<html" not in page
    for wrong in ("99999-01-01", "9999-12-31", "abc", ""):
        answer = as_(people.leader).get(path, {"starts_on": wrong, "association": "9" * 30})
        assert answer.status_code == 200


def test_same_building_clashes_only_at_the_same_hours(people, valid, as_):
    host = factories.OrganizationFactory(municipality=people.municipality)
    factories.EventFactory(
        municipality=people.municipality,
        host=host,
        starts_at=datetime.datetime(2026, 11, 19, 11, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2026, 11, 19, 12, tzinfo=datetime.UTC),
    )
    day = {"day": D(2026, 11, 19), "host": host}
    at = datetime.time
    assert len(clashes(people.leader, **day, starts=at(14, 30), ends=at(16))) == 1
    assert not clashes(people.leader, **day, starts=at(15), ends=at(16))
    assert not clashes(people.leader, day=D(2026, 11, 20), host=host, starts=at(14), ends=at(16))


def test_move_asks_why_keeps_the_first_day_and_writes_later(people, event, as_):
    registration.register(event, people.teacher, actor=people.teacher)
    was_at = event.starts_at
    client = as_(people.leader)
    response = edited(client, event, starts_on="2026-10-26")
    assert list(response.context["form"].errors) == ["reason"]
    edited(client, event, starts_on="2026-10-26", reason="карантин")
    event.refresh_from_db()
    assert (event.moved_from, event.reason, event.sequence) == (was_at, "карантин", 1)
    letter = Letter.objects.get()
    assert letter.person == people.teacher
    assert letter.not_before == timezone.now() + datetime.timedelta(minutes=10)
    assert "карантин" in letter.body
    assert mail.send_due() == 0
    page = as_(people.teacher).get(event.get_absolute_url()).content.decode()
    assert "карантин" in page


def test_moving_again_replaces_the_letters_that_have_not_left(people, event):
    registration.register(event, people.teacher, actor=people.teacher)
    for days in (1, 2):
        at = event.starts_at + datetime.timedelta(days=days)
        services.change_event(
            event,
            {"title": event.title, "starts_at": at, "ends_at": at},
            reason="карантин",
            actor=people.leader,
        )
    assert Letter.objects.count() == 1
    assert Letter.objects.get().key.startswith(f"event:{event.pk}:moved:2:")


def test_letters_can_be_taken_back_until_they_leave(people, event, as_):
    registration.register(event, people.teacher, actor=people.teacher)
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    assert "1 письмо записавшимся ещё не ушло" in (
        as_(people.leader).get(event.get_absolute_url()).content.decode()
    )
    as_(people.leader).post(reverse("events:event-recall", args=[event.pk]))
    assert not Letter.objects.exists()


def test_change_that_moves_nothing_writes_nobody(people, event, as_):
    registration.register(event, people.teacher, actor=people.teacher)
    edited(as_(people.leader), event, place="каб. 5")
    event.refresh_from_db()
    assert (event.place, event.sequence, event.moved_from) == ("каб. 5", 1, None)
    assert not Letter.objects.exists()


def test_capacity_is_not_less_than_people(people, event, as_):
    for _n in range(2):
        registration.register(
            event, factories.PersonFactory(municipality=people.municipality), actor=people.leader
        )
    response = edited(as_(people.leader), event, capacity="1")
    assert list(response.context["form"].errors) == ["capacity"]


def test_cancelling_counts_what_follows_and_can_be_undone(people, event, as_):
    registration.register(event, people.teacher, actor=people.teacher)
    client = as_(people.leader)
    path = reverse("events:event-cancel", args=[event.pk])
    assert "1 записавшийся получит письмо" in client.get(path).content.decode()
    assert list(client.post(path, {"reason": ""}).context["form"].errors) == ["reason"]
    response = client.post(path, {"reason": "болезнь"}, follow=True)
    event.refresh_from_db()
    assert (event.state, event.sequence) == ("cancelled", 1)
    assert "Мероприятие отменено: болезнь" in response.content.decode()
    assert "<button>Вернуть</button>" in response.content.decode()
    (message,) = response.context["messages"]
    client.post(message.extra_tags.removeprefix("taken "))
    event.refresh_from_db()
    assert (event.state, event.reason, event.sequence) == ("published", "", 2)
    assert not Letter.objects.exists()


def test_restoring_after_the_letters_left_writes_again(people, event):
    registration.register(event, people.teacher, actor=people.teacher)
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    Letter.objects.update(sent_at=timezone.now())
    services.restore_event(event, actor=people.leader)
    assert Letter.objects.filter(sent_at=None).get().subject.startswith("Состоится")


def test_restored_event_tells_its_new_time_to_whoever_has_not_read_it(people, event):
    """Moved, cancelled before the letters left, and restored: the new time must not get lost."""
    reader = factories.AccountFactory(municipality=people.municipality)
    for person in (people.teacher, reader):
        registration.register(event, person, actor=person)
    at = event.starts_at + datetime.timedelta(days=1)
    values = {"title": event.title, "starts_at": at, "ends_at": at}
    services.change_event(event, values, reason="карантин", actor=people.leader)
    Letter.objects.filter(person=reader).update(sent_at=timezone.now())
    registration.register(event, people.methodist, actor=people.methodist)  # for the new time
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    services.restore_event(event, actor=people.leader)
    letter = Letter.objects.get(sent_at=None)
    assert letter.person == people.teacher
    assert letter.subject.startswith("Перенос")


def test_event_brought_in_as_moved_is_restored_too(people, event):
    """Its move stands in no journal: everybody who has not read the time is told it."""
    registration.register(event, people.teacher, actor=people.teacher)
    Event.objects.update(moved_from=event.starts_at - datetime.timedelta(days=7))
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    services.restore_event(event, actor=people.leader)
    assert Letter.objects.get(sent_at=None).person == people.teacher


def test_cancelling_again_takes_back_the_news_that_it_takes_place(people, event):
    registration.register(event, people.teacher, actor=people.teacher)
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    Letter.objects.update(sent_at=timezone.now())
    services.restore_event(event, actor=people.leader)
    services.cancel_event(event, reason="болезнь", actor=people.leader)
    assert Letter.objects.get(sent_at=None).subject.startswith("Отмена")


def test_begun_minutes_follow_the_event_to_another_association(people, event):
    draft = Minutes.objects.create(
        municipality=people.municipality,
        event=event,
        association=people.association,
        school_year=event.school_year,
    )
    other = factories.AssociationFactory(municipality=people.municipality)
    factories.appoint(people.teacher, other)
    values = {"title": event.title, "association": other}
    values |= {"starts_at": event.starts_at, "ends_at": event.ends_at}
    services.change_event(event, values, actor=people.methodist)
    teacher = type(people.teacher).objects.get(pk=people.teacher.pk)
    assert list(Minutes.objects.visible_to(teacher)) == [draft]


def test_event_with_people_marked_is_not_cancelled(people, event):
    event.attendances.create(person=people.teacher)
    with pytest.raises(services.EventError):
        services.cancel_event(event, reason="болезнь", actor=people.leader)


def test_draft_with_a_material_is_not_deleted(people, event, as_):
    Event.objects.update(state="draft")
    material = factories.MaterialFactory(owner=people.teacher, event=event)
    path = reverse("events:event-delete", args=[event.pk])
    as_(people.leader).post(path)
    assert Event.objects.exists()
    material.delete()
    as_(people.leader).post(path)
    assert not Event.objects.exists()


def test_event_with_signed_minutes_is_not_changed(people, event, as_):
    minutes = Minutes.objects.create(
        municipality=people.municipality,
        event=event,
        association=people.association,
        school_year=event.school_year,
    )
    client = as_(people.leader)
    path = reverse("events:event-edit", args=[event.pk])
    assert client.get(path).status_code == 200
    minutes.seal = seals.seal("minutes", minutes, {"number": 1}, actor=people.leader)
    minutes.state, minutes.number, minutes.signed_at = "signed", 1, timezone.now()
    minutes.save()
    assert client.get(path).status_code == 403
    for name in ("event-cancel", "event-publish", "talk-new"):
        assert client.post(reverse(f"events:{name}", args=[event.pk])).status_code == 403


def test_second_editor_is_told_before_the_first_is_overwritten(people, event, as_):
    client = as_(people.leader)
    path = reverse("events:event-edit", args=[event.pk])
    form = client.get(path).context["form"]
    mine = {name: form[name].value() for name in form.fields}
    mine = {name: "" if value is None else value for name, value in mine.items()}
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=False):
        edited(client, event, place="кабинет 7")
    answer = client.post(path, mine | {"title": "Новое название"})
    event.refresh_from_db()
    assert (answer.status_code, event.place) == (409, "кабинет 7")
    told = answer.context["form"].non_field_errors()[0]
    assert "Название, Место" in told
    again = answer.context["form"]
    data = {name: again[name].value() or "" for name in again.fields}
    client.post(path, data)
    event.refresh_from_db()
    assert (event.title, event.place) == ("Новое название", mine["place"])
