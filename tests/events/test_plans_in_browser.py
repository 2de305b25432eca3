"""Plans and events in a real browser: three actions, signing up in place."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from events import registration
from events.models import Event
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(people):
    event = factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        title="Функциональная грамотность на уроках математики",
        capacity=40,
    )
    talk = factories.TalkFactory(event=event, starts_at=datetime.time(14, 30))
    talk.speakers.create(person=people.leader, organization=people.organization)
    factories.TalkFactory(event=event)
    registration.register(event, people.leader, actor=people.leader)
    return event


@pytest.fixture
def item(people):
    """A line of last year's kind, held then, to be scheduled now."""
    start = timezone.localdate() + datetime.timedelta(days=30)
    plan = factories.PlanFactory(association=people.association)
    return factories.PlanItemFactory(
        plan=plan, month=start.replace(day=1), planned_on=start, place="каб. 21"
    )


def test_signing_up_in_place_keeps_the_row_and_the_focus(open_page, people, event):
    page = open_page("/events/", 390, person=people.teacher)
    page.get_by_role("button", name="Записаться").click()
    row = page.locator(".diary > li", has_text=event.title)
    expect(row).to_contain_text("Вы записаны")
    assert page.evaluate("document.activeElement.innerText") == "Вы записаны"
    row.get_by_role("button", name="Отменить").click()
    expect(row).to_contain_text("Записаться снова")
    assert page.evaluate("document.activeElement.innerText") == "Запись отменена"
    assert page.complaints == []


def test_signing_up_on_the_page_counts_at_once(open_page, people, event):
    page = open_page(event.get_absolute_url(), person=people.teacher)
    page.get_by_role("button", name="Записаться").click()
    expect(page.locator(f"#seats-{event.pk}")).to_have_text("2 из 40")
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_plan_to_published_event_in_three_actions(open_page, people, item, scripts):
    page = open_page(item.plan.get_absolute_url(), person=people.leader, scripts=scripts)
    page.get_by_role("link", name="Назначить").click()
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator("h1")).to_have_text(item.title)
    event = Event.objects.get(plan_item=item)
    assert (event.state, event.place) == ("published", "каб. 21")


def test_signing_up_without_scripts(open_page, people, event):
    page = open_page("/events/", person=people.teacher, scripts=False)
    page.get_by_role("button", name="Записаться").click()
    assert page.url.endswith("/events/")
    expect(page.locator(".flash")).to_contain_text("Вы записаны.")
    page.get_by_role("button", name="Отменить").click()
    assert event.registrations.get(person=people.teacher).state == "cancelled"


def test_margin_names_clashes_of_the_date_typed(open_page, people, event, item):
    page = open_page(f"{reverse('events:event-new')}?plan={item.pk}", person=people.leader)
    page.fill("#id_starts_on", timezone.localdate(event.starts_at).isoformat())
    page.keyboard.press("Tab")
    expect(page.locator("#clashes")).to_contain_text(event.title)
    page.get_by_role("button", name="Опубликовать").click()  # seen in the margin: not asked again
    expect(page.locator("h1")).to_have_text(item.title)
    assert page.complaints == []
