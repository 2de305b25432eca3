"""Pages everybody reads: the list with its filters, the month, one event by role and time."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events import attendance, minutes, registration
from events.models import Event, SchoolYear
from tests import factories

LIST = "/events/"
HX = {"HX-Request": "true"}
NOW = "2026-11-10T09:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def an_event(people, title="Семинар", days=7, **fields):
    return factories.EventFactory(
        municipality=people.municipality,
        title=title,
        starts_at=timezone.now() + datetime.timedelta(days=days),
        **fields,
    )


def shown(response):
    return [row.title for row in response.context["rows"]]


def test_list_takes_the_same_queries_for_more_rows(people, as_, django_assert_num_queries):
    client = as_(people.teacher)
    for rows in (1, 3):
        for _n in range(rows):
            event = an_event(people, association=people.association, capacity=1)
            registration.register(event, people.leader, actor=people.leader)
        with django_assert_num_queries(6):
            client.get(LIST)
    assert len(client.get(LIST).context["rows"]) == 4


def test_month_takes_the_same_queries_for_more_rows(people, as_, django_assert_num_queries):
    client = as_(people.teacher)
    for rows in (1, 3):
        for _n in range(rows):
            an_event(people)
        with django_assert_num_queries(6):
            assert client.get(f"{LIST}?view=month").context["total"] in (1, 4)


def test_event_page_takes_the_same_queries_for_more_rows(
    people, as_, django_assert_max_num_queries
):
    event = an_event(people, association=people.association, capacity=1)
    client = as_(people.leader)
    numbers = []
    for rows in (1, 3):
        for _n in range(rows):
            talk = factories.TalkFactory(event=event)
            talk.speakers.create(person=people.teacher, organization=people.organization)
            person = factories.EmploymentFactory(person__municipality=people.municipality).person
            registration.register(event, person, actor=person)
        with django_assert_max_num_queries(10) as captured:
            assert client.get(event.get_absolute_url()).status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_guest_sees_open_published_events_of_the_place(people, client):
    an_event(people, "Открытый")
    an_event(people, "Закрытый", is_open=False)
    an_event(people, "Черновик", state="draft")
    factories.EventFactory(municipality=people.other, title="Чужой")
    assert shown(client.get(LIST)) == ["Открытый"]


def test_list_and_page_agree_for_everyone(people, client, as_):
    events = [
        an_event(people, "Открытый"),
        an_event(people, "Закрытый", is_open=False),
        an_event(people, "Черновик", state="draft", association=people.association),
        an_event(people, "Отменён", state="cancelled", reason="болезнь"),
        factories.EventFactory(municipality=people.other, title="Чужой"),
    ]
    for role in ("guest", "teacher", "leader", "methodist", "neighbour"):
        client.logout()
        if role != "guest":
            as_(getattr(people, role))
        listed = set(shown(client.get(LIST)))
        opened = {e.title for e in events if client.get(e.get_absolute_url()).status_code == 200}
        assert listed == opened


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Скоро", "Онлайн"]),
        ("period=past", ["Недавно", "Давно"]),
        ("period=all", ["Давно", "Недавно", "Скоро", "Онлайн"]),
        ("format=online", ["Онлайн"]),
        ("kind=seminar", ["Скоро"]),
        ("kind=webinar&period=all", ["Онлайн"]),
        ("association=matematiki&period=all", ["Недавно"]),
        ("level=municipal&format=online", ["Онлайн"]),
        ("year=2025-26", ["Давно"]),
        ("q=онл", ["Онлайн"]),
        ("q=СКОРО", ["Скоро"]),
        ("day=2026-11-17", ["Скоро"]),
        ("day=2026-11-18", []),
    ],
)
def test_filters(people, client, query, titles):
    people.association.slug = "matematiki"
    people.association.save()
    year = factories.a_school_year(people.municipality, 2025)
    an_event(people, "Скоро")
    an_event(people, "Онлайн", days=9, format="online", kind_code="webinar")
    an_event(people, "Недавно", days=-2, association=people.association)
    an_event(people, "Давно", days=-300, school_year=year)
    assert shown(client.get(f"{LIST}?{query}")) == titles


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=99999999999",
        "page=-1",
        "kind=нет",
        "kind=" + "x" * 5000,
        "association=foreign",
        "year=99999-00",
        "year=2026",
        "day=99999-01-01",
        "day=9999-12-31",
        "day=0001-01-01",
        "period=yesterday",
        "format=%00",
        "q=%00",
        "q=%ED%A0%80",
        "q=" + "я" * 300,
        "q=%25%5F",
        "view=month&month=99999-01",
        "view=month&month=0000-00",
        "view=month&month=2100-12",
        "view=month&month=1950-01",
        "view=week",
        "kind=seminar&kind=webinar",
    ],
)
def test_wrong_queries_open_a_page(people, client, query):
    an_event(people)
    assert client.get(f"{LIST}?{query}").status_code in (200, 400)
    assert client.get(f"{LIST}?view=month&{query}").status_code in (200, 400)


def test_answer_that_is_no_choice_finds_nothing_and_says_so(people, client):
    an_event(people)
    response = client.get(f"{LIST}?association=foreign")
    assert shown(response) == []
    assert "По этим условиям мероприятий нет" in response.content.decode()


def test_chosen_filters_are_chips_that_lead_back(people, client):
    an_event(people)
    chips = client.get(f"{LIST}?kind=seminar&format=in_person&page=2").context["chips"]
    assert [(url, text) for url, text, _chosen in chips] == [
        ("?format=in_person", "Семинар"),
        ("?kind=seminar", "очно"),
    ]


def test_list_is_paged_by_twenty(people, client):
    for number in range(21):
        an_event(people, f"Семинар {number}", days=number + 1)
    assert len(shown(client.get(LIST))) == 20
    assert shown(client.get(f"{LIST}?page=2")) == ["Семинар 20"]


def test_row_offers_what_fits_the_reader(people, client, as_):
    free, full = an_event(people, "Есть место"), an_event(people, "Мест нет", capacity=1)
    registration.register(full, people.leader, actor=people.leader)
    guest = client.get(LIST).content.decode()
    assert "Записаться" not in guest
    page = as_(people.teacher).get(LIST).content.decode()
    assert page.count("Записаться<") == 1
    assert page.count("Встать в лист ожидания<") == 1
    registration.register(free, people.teacher, actor=people.teacher)
    assert "Вы записаны" in as_(people.teacher).get(LIST).content.decode()


def test_rows_and_the_month_name_the_association(people, client):
    event = an_event(people, association=people.association)
    (row,) = client.get(LIST).context["rows"]
    assert row.association == people.association.name_beside_kind
    page = client.get(f"{LIST}?view=month&month={event.starts_at:%Y-%m}").content.decode()
    assert f'<span class="month__a">{people.association.title}</span>' in page


def test_next_events_of_an_association_are_a_fragment(people, client):
    an_event(people, "Наш", association=people.association)
    an_event(people, "Прошлый", association=people.association, days=-9)
    an_event(people, "Отменён", association=people.association, state="cancelled", reason="х")
    an_event(people, "Чужой")
    path = f"{LIST}?association={people.association.slug}"
    response = client.get(path, headers=HX)
    assert shown(response) == ["Наш"]
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]
    nothing = client.get(f"{LIST}?association=nowhere", headers=HX).content.decode()
    assert "Пока ничего не назначено" in nothing


def test_month_stands_in_the_days_of_the_municipality(people, client):
    late = datetime.datetime(2026, 10, 31, 22, 30, tzinfo=datetime.UTC)  # 1:30 on 1 November
    factories.EventFactory(municipality=people.municipality, starts_at=late, title="Ночной")
    for _n in range(5):
        an_event(people, "В один день")
    weeks = client.get(f"{LIST}?view=month&month=2026-11").context["weeks"]
    cells = {cell.day.day: cell for week in weeks for cell in week if not cell.is_out}
    assert [event["title"] for event in cells[1].events] == ["Ночной"]
    assert (len(cells[17].events), cells[17].more) == (3, 2)
    assert cells[10].is_today


def test_month_marks_holidays_of_an_opened_year(people, client):
    from events.years import year_of

    year_of(people.municipality, 2026)
    page = client.get(f"{LIST}?view=month&month=2026-11")
    assert "Осенние каникулы" in page.content.decode()
    assert any(cell.is_free for week in page.context["weeks"] for cell in week)


def test_reading_lists_opens_no_school_year(people, client):
    client.get(LIST)
    client.get(f"{LIST}?view=month&month=2031-11")
    assert not SchoolYear.objects.exists()


def test_other_slug_leads_to_the_right_address(people, client):
    event = an_event(people)
    response = client.get(f"/events/{event.pk}-wrong/")
    assert response.url == event.get_absolute_url()


@pytest.mark.parametrize(
    ("fields", "role", "words"),
    [
        ({}, "teacher", "Запись открыта"),
        ({"capacity": 1}, "teacher", "Мест нет, лист ожидания"),
        ({"days": 0}, "teacher", "Идёт сейчас"),
        ({"days": -2}, "leader", "Прошло, нет протокола"),
        ({"days": -2, "state": "closed"}, "leader", "Прошло, нет протокола"),
        ({"days": -2, "state": "closed"}, "teacher", "Прошло"),
        ({"state": "cancelled", "reason": "болезнь"}, "teacher", "Отменено"),
        ({"state": "draft"}, "leader", "Черновик"),
    ],
)
def test_state_is_said_in_words(people, as_, fields, role, words):
    event = an_event(people, association=people.association, **fields)
    if event.capacity:
        registration.register(event, people.leader, actor=people.leader)
    response = as_(getattr(people, role)).get(event.get_absolute_url())
    assert response.context["said"].label == words
    assert words in response.content.decode()


@pytest.mark.parametrize("role", ["leader", "methodist", "teacher"])
def test_closed_is_what_has_signed_minutes(people, as_, role):
    draft = factories.a_draft_of_minutes(people)
    attendance.close(draft.event, actor=people.leader)
    client = as_(getattr(people, role))

    def words():
        page = client.get(draft.event.get_absolute_url()).context["said"].label
        with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
            (row,) = client.get(f"{LIST}?period=past").context["rows"]
        assert f"{page}</span>" in row.state
        return page

    assert words() == ("Прошло" if role == "teacher" else "Прошло, нет протокола")
    minutes.sign(draft, actor=people.leader)
    assert words() == "Закрыто"


def test_names_are_for_colleagues_only(people, client, as_):
    event = an_event(people)
    registration.register(event, people.leader, actor=people.leader)
    path = f"{event.get_absolute_url()}?names=1"
    assert people.leader.full_name not in client.get(path).content.decode()
    page = as_(people.teacher).get(event.get_absolute_url()).content.decode()
    assert people.leader.full_name not in page
    assert people.leader.full_name in as_(people.teacher).get(path).content.decode()


def test_room_link_is_for_those_with_a_place(people, as_):
    event = an_event(people, online_url="https://room.example/secret", capacity=1)
    assert "room.example" not in as_(people.teacher).get(event.get_absolute_url()).content.decode()
    registration.register(event, people.teacher, actor=people.teacher)
    assert "room.example" in as_(people.teacher).get(event.get_absolute_url()).content.decode()
    registration.register(event, people.coordinator, actor=people.coordinator)
    page = as_(people.coordinator).get(event.get_absolute_url()).content.decode()
    assert "room.example" not in page


def test_controls_are_for_those_who_run_the_event(people, as_):
    event = an_event(people, association=people.association)
    edit = reverse("events:event-edit", args=[event.pk])
    for role, sees in (("leader", True), ("methodist", True), ("teacher", False), ("head", False)):
        page = as_(getattr(people, role)).get(event.get_absolute_url()).content.decode()
        assert (edit in page) is sees
        # Beside the programme on a wide page, before it on a narrow one.
        before, after = page.split('id="programme"') if sees else (page, "")
        assert ("Отметить участников" in before) is sees
        assert ("Отметить участников" in after) is sees


def test_text_of_people_is_escaped(people, client):
    event = an_event(people, "<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")
    for path in (LIST, f"{LIST}?view=month", event.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_page_of_ten_thousand_names_is_paged(people, as_):
    event = an_event(people)
    for _n in range(101):
        factories.RegistrationFactory(event=event)
    names = as_(people.teacher).get(f"{event.get_absolute_url()}?names=1").context["names"]
    assert (len(names), names.paginator.num_pages) == (100, 2)


def test_events_are_isolated_by_their_municipality(people, as_):
    """The negative control: without the first filter the neighbour would see them."""
    event = an_event(people)
    assert event not in Event.objects.visible_to(people.neighbour)
    assert event in Event.objects.all()


def test_papers_of_a_meeting_closed_early_are_there_at_once(people, as_):
    event = an_event(people, days=0, state="closed")
    text = as_(people.teacher).get(event.get_absolute_url()).content.decode()
    assert reverse("attestation:event-proof", args=[event.pk]) in text
    assert "появятся здесь после мероприятия" not in text
