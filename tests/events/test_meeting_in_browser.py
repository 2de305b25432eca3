"""The meeting in a real browser: taps without a network, the queue, plain forms, every theme."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from events import check_in
from tests.browser import cut_off, violations
from tests.factories import EmploymentFactory, EventFactory, PersonFactory, a_draft_of_minutes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(people):
    event = EventFactory(
        municipality=people.municipality,
        association=people.association,
        title="Функциональная грамотность на уроках математики",
        starts_at=timezone.now() - datetime.timedelta(minutes=5),
        created_by=people.leader,
    )
    for name in ("Баранова", "Громова", "Лебедева", "Ёлкина"):
        person = PersonFactory(municipality=people.municipality, last_name=name)
        EmploymentFactory(person=person, organization=people.organization)
        event.registrations.create(person=person, state="confirmed")
    return event


def at(name, event, *args):
    return reverse(f"events:{name}", args=[event.pk, *args])


def names(event):
    return sorted(event.attendances.values_list("person__last_name", flat=True))


def row(page, name):
    return page.locator(".att__r", has_text=name)


def test_taps_wait_for_the_network_and_then_leave_by_themselves(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader)
    page.context.set_offline(True)
    row(page, "Громова").click()
    expect(page.locator("#att-state")).to_contain_text("Нет связи")
    assert "не отправлено" in row(page, "Громова").inner_text()
    assert names(event) == []
    row(page, "Баранова").click()
    page.context.set_offline(False)
    expect(page.locator("#att-count")).to_contain_text("2 из 4")
    assert names(event) == ["Баранова", "Громова"]
    assert "не отправлено" not in page.inner_text("#att")


def test_groups_are_counted_with_every_tap(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader)
    expect(page.locator("#h-un")).to_have_text("Не отмечены · 4")
    row(page, "Громова").click()
    expect(page.locator("#h-un")).to_have_text("Не отмечены · 3")
    expect(page.locator("#h-on")).to_have_text("Отмечены · 1")
    expect(page.locator("#att-undo button")).to_have_text("Отменить")
    row(page, "Громова").click()
    expect(page.locator("#h-un")).to_have_text("Не отмечены · 4")
    expect(page.locator("#h-on")).to_be_hidden()
    expect(page.locator("#att-undo button")).to_have_text("Вернуть")


def test_taps_kept_in_the_phone_survive_a_reload(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader)
    page.route("**/attendance/mark/", lambda route: route.abort())
    row(page, "Громова").click()
    expect(page.locator("#att-state")).to_contain_text("Нет связи")
    page.unroute("**/attendance/mark/")
    page.reload()
    expect(page.locator("#att-count")).to_contain_text("1 из 4")
    assert names(event) == ["Громова"]


def test_search_finds_clears_itself_and_keeps_the_focus(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader)
    page.fill("#att-q", "елк")
    assert page.locator("li:visible .att__r").count() == 1
    page.press("#att-q", "Enter")
    expect(page.locator("#att-count")).to_contain_text("1 из 4")
    assert page.input_value("#att-q") == ""
    assert page.evaluate("document.activeElement.id") == "att-q"
    assert names(event) == ["Ёлкина"]


def test_tap_is_taken_back_by_undo(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader)
    row(page, "Громова").click()
    expect(page.locator("#att-count")).to_contain_text("1 из 4")
    page.click("#att-undo button")
    expect(page.locator("#att-count")).to_contain_text("0 из 4")
    assert names(event) == []


def test_without_a_script_one_button_saves_all_ticks(open_page, event, people):
    page = open_page(at("event-attendance", event), 390, person=people.leader, scripts=False)
    row(page, "Громова").click()
    row(page, "Лебедева").click()
    page.click("#att-save")
    assert names(event) == ["Громова", "Лебедева"]


def test_teacher_checks_in_by_one_button(open_page, event, people):
    page = open_page(f"/c/{check_in.code(event)}/", 390, person=people.teacher)
    page.click("text=Я на месте")
    page.wait_for_load_state()
    assert names(event) == ["Учителева"]


def test_minutes_are_written_and_signed_without_a_script(open_page, people):
    draft = a_draft_of_minutes(people)
    page = open_page(at("event-minutes", draft.event), person=people.leader, scripts=False)
    page.fill("[name=items-0-decided]", "Принять к сведению")
    page.click("text=Добавить пункт")
    page.fill("[name=items-1-question]", "Разное")
    page.fill("[name=decisions-0-text]", "Провести срез")
    page.click("text=Подписать и разослать")
    page.click("text=Подписать и разослать")
    assert "Протокол № 1" in page.inner_text("h1").replace("\xa0", " ")
    assert "Принять к сведению" in page.inner_text("article")
    draft.refresh_from_db()
    assert draft.items.count() == 2


def test_screens_of_a_meeting_are_accessible_and_fit(open_page, event, people):
    """The code on the wall, the button on the phone, and a code that is over."""
    code, expired = f"/c/{check_in.code(event)}/", "/c/AAAAAA/"
    for path in (at("event-qr", event), code, expired):
        page = open_page(path, 390, "size:xxl", people.leader)
        assert (violations(page), cut_off(page)) == ([], []), path
        assert path == expired or page.complaints == [], path
