"""The home page by role: the card of today, the agenda, what waits, and its budget of queries."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from attestation.views.home import month_bars, when
from communities.models import OnlineCommunity, Subject
from communities.school_year import slug_on
from events.models import Event, Registration
from materials.models import Material
from tests.factories import (
    AssignmentFactory,
    AssociationFactory,
    EventFactory,
    PlanFactory,
    PlanItemFactory,
    ReportFactory,
    a_school_year,
    a_signed_report,
    attend,
    held_event,
    published_material,
    speak,
)

NOON = datetime.time(12)


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)` moves the portal's now to so many minutes past noon today."""
    real = timezone.now

    def to(minutes=0, tz="Europe/Moscow"):
        import zoneinfo

        zone = zoneinfo.ZoneInfo(tz)
        noon = datetime.datetime.combine(real().astimezone(zone).date(), NOON, zone)
        moment = noon + datetime.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return to


@pytest.fixture
def today(people, clock):
    """A seminar today from one to three; now it is noon."""
    start = clock() + datetime.timedelta(hours=1)
    return EventFactory(
        municipality=people.municipality,
        association=people.association,
        title="Функциональная грамотность",
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=2),
    )


def sign_up(event, person, state=Registration.State.CONFIRMED):
    return Registration.objects.create(event=event, person=person, state=state)


def card(client):
    return client.get("/").context["card"]


# -- the card of today


def test_before_it_one_may_sign_up_in_one_press(people, today, as_):
    client = as_(people.teacher)
    shown = card(client)
    assert shown["action"] == "Записаться"
    assert shown["when"] == "Сегодня в 13:00, через 60 минут"
    answer = client.post(shown["action_url"], {"next": shown["next_url"]}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert answer.context["card"]["state"] == "Вы записаны"
    assert "leave_url" in answer.context["card"]


def test_a_full_event_offers_the_waiting_list(people, today, as_):
    Event.objects.filter(pk=today.pk).update(capacity=1)
    sign_up(today, people.leader)
    assert card(as_(people.teacher))["action"] == "Встать в лист ожидания"
    sign_up(today, people.teacher, Registration.State.WAITING)
    assert card(as_(people.teacher))["state"] == "Вы в листе ожидания"


@pytest.mark.parametrize(
    ("minutes", "action"),
    [(44, None), (45, "Я на месте"), (100, "Я на месте"), (209, "Я на месте")],
)
def test_the_main_button_changes_with_time(people, today, as_, clock, minutes, action):
    sign_up(today, people.teacher)
    clock(minutes)
    shown = card(as_(people.teacher))
    assert shown.get("action") == action
    assert shown.get("action_url") == (reverse("events:check-in-enter") if action else None)


def test_after_the_doors_close_the_card_is_gone(people, today, as_, clock):
    sign_up(today, people.teacher)
    clock(60 + 120 + 31)
    assert card(as_(people.teacher)) is None


def test_who_is_marked_is_told_so(people, today, as_, clock):
    attend(today, people.teacher)
    clock(70)
    assert card(as_(people.teacher)) | {"state": "Вы отмечены"} == card(as_(people.teacher))
    assert "action_url" not in card(as_(people.teacher))


@pytest.mark.parametrize("minutes", [0, 50])
def test_who_leads_it_marks_the_others(people, today, as_, clock, minutes):
    sign_up(today, people.leader)
    clock(minutes)
    shown = card(as_(people.leader))
    assert (shown["state"], shown["action"]) == ("Вы записаны", "Отметить участников")
    assert "leave_url" not in shown
    assert shown["action_url"] == reverse("events:event-attendance", args=[today.pk])


def test_ones_own_event_of_today_goes_before_others(people, today, as_):
    mine = EventFactory(
        municipality=people.municipality,
        title="Моё",
        starts_at=today.starts_at + datetime.timedelta(hours=3),
    )
    sign_up(mine, people.teacher)
    answer = as_(people.teacher).get("/")
    assert answer.context["card"]["title"] == "Моё"
    assert [row.title for row in answer.context["agenda"]] == ["Функциональная грамотность"]


def test_tomorrow_is_not_today(people, today, as_):
    Event.objects.filter(pk=today.pk).update(
        starts_at=today.starts_at + datetime.timedelta(days=1),
        ends_at=today.ends_at + datetime.timedelta(days=1),
    )
    assert card(as_(people.teacher)) is None


def test_when_is_said_by_the_clock(people, today, clock):
    with timezone.override(people.municipality.tz):
        said = [when(today, clock(minutes)) for minutes in (-60, 0, 59, 61, 181)]
    assert said == [
        "Сегодня в 13:00",
        "Сегодня в 13:00, через 60 минут",
        "Сегодня в 13:00, через 1 минуту",
        "Идёт сейчас, до 15:00",
        "Закончилось в 15:00",
    ]


# -- the agenda


def agenda(client):
    return [row.title for row in client.get("/").context["agenda"]]


def test_the_agenda_has_five_rows_of_own_and_open_events(people, as_):
    for place in range(7):
        EventFactory(municipality=people.municipality, title=f"Открытое {place}")
    foreign = AssociationFactory(municipality=people.municipality)
    closed = {"municipality": people.municipality, "is_open": False, "starts_at": soon()}
    EventFactory(association=foreign, title="Чужое закрытое", **closed)
    EventFactory(association=people.association, title="Наше закрытое", **closed)
    EventFactory(municipality=people.municipality, title="Черновик", state="draft")
    EventFactory(municipality=people.other, title="Соседское")
    titles = agenda(as_(people.teacher))
    assert titles == ["Наше закрытое", *(f"Открытое {place}" for place in range(4))]


def soon():
    return timezone.now() + datetime.timedelta(days=1)


def test_a_chosen_event_of_others_stays_in_the_agenda(people, as_):
    foreign = AssociationFactory(municipality=people.municipality)
    event = EventFactory(
        municipality=people.municipality, association=foreign, is_open=False, title="Чужое"
    )
    row = sign_up(event, people.teacher)
    assert agenda(as_(people.teacher)) == ["Чужое"]
    row.state = Registration.State.CANCELLED
    row.save()
    assert agenda(as_(people.teacher)) == []


def test_signing_up_in_the_agenda_leads_back_home(people, as_):
    event = EventFactory(municipality=people.municipality)
    client = as_(people.teacher)
    assert 'name="next" value="/"' in client.get("/").content.decode()
    address = reverse("events:event-register", args=[event.pk])
    assert client.post(address, {"next": "/"}).url == "/"
    assert "Вы записаны" in client.get("/").content.decode()


# -- the rest of the page


def test_materials_are_those_of_own_subjects(people, as_):
    algebra, music = (
        Subject.objects.get(municipality=people.municipality, code=code)
        for code in ("algebra", "music")
    )
    people.teacher.main_employment.subjects.add(algebra)
    published_material(owner=people.leader, subject=algebra, title="Функции")
    published_material(owner=people.leader, subject=music, title="Ноты")
    page = as_(people.teacher).get("/")
    assert [row["title"] for row in page.context["materials"]] == ["Функции"]
    assert "Новое по вашим предметам" in page.content.decode()
    page = as_(people.coordinator).get("/")
    assert [row["title"] for row in page.context["materials"]] == ["Ноты", "Функции"]


def test_figures_of_the_year_equal_the_lists_they_open(people, as_):
    event = held_event(people.teacher, municipality=people.municipality)
    speak(event, people.teacher)
    published_material(owner=people.teacher, event=event)
    client = as_(people.teacher)
    for number, _label, url in client.get("/").context["facts"]:
        assert client.get(url).context["page"].paginator.count == number == 1


def test_bars_keep_within_their_height():
    bars = month_bars([(9, 0), (10, 1), (11, 40)])
    assert bars == [("сен", "", 1), ("окт", 1, 2), ("ноя", 40, 99)]
    assert month_bars([(9, 0)]) == [("сен", "", 1)]


def test_not_to_be_forgotten_are_three_nearest_own_assignments(people, as_):
    today = timezone.localdate()
    for days in (9, 3, -2, 20):
        AssignmentFactory(
            municipality=people.municipality,
            person=people.teacher,
            text=f"Срок {days}",
            due_on=today + datetime.timedelta(days=days),
        )
    AssignmentFactory(municipality=people.municipality, person=people.leader, text="Чужое")
    AssignmentFactory(
        municipality=people.municipality,
        person=people.teacher,
        text="Готово",
        state="done",
        done_at=timezone.now(),
    )
    page = as_(people.teacher).get("/")
    assert [row["text"] for row in page.context["to_do"]] == ["Срок -2", "Срок 3", "Срок 9"]
    assert page.context["to_do"][0]["note"] == "Протокол № 1"
    text = page.content.decode()
    assert text.count("просрочено на 2 дня") == 1


def test_associations_come_with_their_groups(people, as_):
    OnlineCommunity.objects.create(
        municipality=people.municipality,
        association=people.association,
        name="РМО математики",
        platform="ВКонтакте",
        openness="closed",
        url="https://vk.example/math",
    )
    page = as_(people.teacher).get("/").content.decode()
    assert people.association.name in page
    assert "закрытая группа" in page
    year = slug_on(people.municipality.today())
    plan = reverse("events:plan-detail", args=[people.association.slug, year])
    assert plan not in page
    assert plan in as_(people.leader).get("/").content.decode()


def test_a_leader_sees_what_is_on_the_queue(people, as_):
    open_list = held_event(
        municipality=people.municipality, association=people.association, state="published"
    )
    closed = held_event(municipality=people.municipality, association=people.association)
    held_event(municipality=people.municipality)
    item = PlanItemFactory(
        plan__association=people.association,
        plan__municipality=people.municipality,
        month=timezone.localdate().replace(day=1),
        title="Заседание по плану",
    )
    page = as_(people.leader).get("/")
    assert {event.pk for event in page.context["past"]} == {open_list.pk, closed.pk}
    assert page.context["undated"] == [item]
    text = page.content.decode()
    assert reverse("events:event-attendance", args=[open_list.pk]) in text
    assert reverse("events:event-minutes", args=[closed.pk]) in text
    assert f"{reverse('events:event-new')}?plan={item.pk}" in text
    assert "На очереди" not in as_(people.teacher).get("/").content.decode()


def test_the_department_sees_counters_and_what_is_late(people, as_):
    held_event(municipality=people.municipality, association=people.association, title="Без отчёта")
    held_event(municipality=people.other)
    EventFactory(municipality=people.municipality)
    AssignmentFactory(
        municipality=people.municipality,
        person=people.teacher,
        text="Просрочено",
        due_on=timezone.localdate() - datetime.timedelta(days=5),
    )
    report = ReportFactory(municipality=people.municipality)
    page = as_(people.methodist).get("/")
    assert [number for number, _label, _url in page.context["counters"]] == [1, 1, 1, 1]
    assert page.context["counters"][3][1] == "поручение просрочено"
    assert [event.title for event in page.context["late"]] == ["Без отчёта"]
    assert [row["text"] for row in page.context["overdue"]] == ["Просрочено"]
    assert page.context["overdue"][0]["note"] == f"{people.teacher.full_name}, Протокол № 1"
    assert page.context["to_do"] == []
    assert page.context["report"] == report
    assert as_(people.head).get("/").context["report"] is None


def test_who_holds_two_roles_decides_on_both_kinds_of_reports(people, as_):
    """In a small department the head is the methodist too."""
    for association in (people.association, None):
        ReportFactory(municipality=people.municipality, association=association, state="submitted")
    assert len(waits_for(people.methodist, as_)) == len(waits_for(people.head, as_)) == 1
    people.head.role_grants.create(
        municipality=people.municipality, role="methodist", starts_on=datetime.date(2020, 1, 1)
    )
    assert len(waits_for(people.head, as_)) == 2


def waits_for(person, as_):
    return as_(person).get("/").context["awaiting"]


def test_a_methodist_sees_plans_to_agree_and_the_returned_report(people, as_):
    a_plan = {"municipality": people.municipality, "association": people.association}
    plan = PlanFactory(**a_plan, state="submitted")
    report = ReportFactory(municipality=people.municipality, state="returned")
    to_agree, to_revise = waits_for(people.methodist, as_)
    assert (to_agree["url"], to_revise["url"]) == (
        plan.get_absolute_url(),
        report.get_absolute_url(),
    )
    assert to_revise["note"] == "Руководитель вернул на доработку"
    assert waits_for(people.head, as_) == []


def test_the_same_overdue_by_many_is_told_once(people, as_):
    day = timezone.localdate() - datetime.timedelta(days=5)
    for person in (people.teacher, people.leader):
        AssignmentFactory(municipality=people.municipality, person=person, due_on=day)
    (row,) = as_(people.head).get("/").context["overdue"]
    assert row["note"] == "не выполнено 2 поручения, Протокол № 1"
    assert as_(people.neighbour).get("/").context["overdue"] == []


def test_a_leader_with_nothing_left_is_told_so(people, as_):
    assert "Всё закрыто" in as_(people.leader).get("/").content.decode()


def test_a_coordinator_finds_the_own_school(people, as_):
    page = as_(people.coordinator).get("/").content.decode()
    address = reverse("attestation:organization-participation", args=[people.organization.slug])
    assert address in page


def test_a_guest_sees_open_things_only(people, client):
    EventFactory(municipality=people.municipality, title="Открытое")
    EventFactory(municipality=people.municipality, title="Закрытое", is_open=False)
    published_material(
        owner=people.teacher, title="Для всех", visibility=Material.Visibility.PUBLIC
    )
    published_material(owner=people.teacher, title="Для сети")
    page = client.get("/")
    assert page.status_code == 200
    assert [row.title for row in page.context["agenda"]] == ["Открытое"]
    assert [row["title"] for row in page.context["materials"]] == ["Для всех"]
    assert "Учителева" not in page.content.decode()


def test_a_guest_finds_signed_reports_of_the_municipality(people, client):
    ReportFactory(municipality=people.municipality, state="submitted")
    ReportFactory(municipality=people.municipality, association=people.association)
    assert client.get("/").context["reports"] == []
    signed = a_signed_report(people, year=a_school_year(people.municipality, 2019))
    page = client.get("/")
    assert page.context["reports"] == [signed]
    assert signed.get_absolute_url() in page.content.decode()


@pytest.mark.django_db
def test_an_empty_installation_says_what_to_do(client):
    assert "Портал установлен" in client.get("/").content.decode()


# -- the budget

BUDGET = {
    "teacher": 9,
    "coordinator": 9,
    "leader": 11,
    "methodist": 11,
    "head": 11,
    "operator": 8,
}


def fill(people, count):
    """So many rows of everything the page shows."""
    a_school_year(people.municipality)
    algebra = Subject.objects.get(municipality=people.municipality, code="algebra")
    for person in (people.teacher, people.leader):
        person.main_employment.subjects.add(algebra)
    for place in range(count):
        event = held_event(
            people.teacher, municipality=people.municipality, association=people.association
        )
        speak(event, people.teacher)
        sign_up(
            EventFactory(municipality=people.municipality, association=people.association),
            people.teacher,
        )
        published_material(owner=people.teacher, subject=algebra)
        PlanItemFactory(
            plan__association=people.association
            if place == 0
            else AssociationFactory(municipality=people.municipality),
            plan__state="submitted",
            month=timezone.localdate().replace(day=1),
        )
        AssignmentFactory(
            municipality=people.municipality,
            person=people.teacher,
            due_on=timezone.localdate() - datetime.timedelta(days=1),
        )
    ReportFactory(municipality=people.municipality)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("role", BUDGET)
def test_the_page_keeps_its_budget_of_queries(people, as_, django_assert_num_queries, role, count):
    fill(people, count)
    client = as_(getattr(people, role))
    with django_assert_num_queries(BUDGET[role]):
        client.get("/")
