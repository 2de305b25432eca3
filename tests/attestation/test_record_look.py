"""Home, the own record and the export page in a real browser."""

import datetime

import pytest
from django.utils import timezone

from attestation import certificates
from communities.models import Subject
from events.models import Registration
from tests.browser import cut_off, violations
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    held_event,
    published_material,
    speak,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(people):
    """Something of everything for the teacher, and an event that begins in an hour."""
    algebra = Subject.objects.get(municipality=people.municipality, code="algebra")
    people.teacher.main_employment.subjects.add(algebra)
    people.teacher.grades = "7, 8"
    people.teacher.save()
    event = held_event(
        people.teacher, municipality=people.municipality, association=people.association
    )
    speak(event, people.teacher)
    published_material(owner=people.teacher, subject=algebra)
    certificates.issue_own(event, people.teacher, actor=people.teacher)
    held_event(people.teacher, municipality=people.municipality, days_ago=3)
    EventFactory(municipality=people.municipality, association=people.association)
    now = timezone.now()
    return EventFactory(
        municipality=people.municipality,
        title="Функциональная грамотность",
        starts_at=now + datetime.timedelta(minutes=5),
        ends_at=now + datetime.timedelta(hours=2),
    )


def test_home_with_a_meeting_today_is_accessible_and_whole(open_page, people, busy):
    for width, view in ((1366, ""), (390, "size:xxl.colours:wb")):
        page = open_page("/", width, view, people.teacher)
        assert (violations(page), cut_off(page), page.complaints) == ([], [], [])


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_the_main_button_stands_on_the_first_screen(open_page, people, busy, width, height):
    page = open_page("/", width, "", people.teacher)
    box = page.locator(".today .btn--main").bounding_box()
    bar = 64 if width < 600 else 0
    assert box["y"] + box["height"] <= height - bar


def test_signing_up_from_home_is_one_action_without_scripts(open_page, people):
    event = EventFactory(municipality=people.municipality)
    page = open_page("/", 390, "", people.teacher, scripts=False)
    page.click(".diary button:has-text('Записаться')")
    assert page.url.endswith("/")
    assert "Вы записаны" in page.text_content(".diary")
    assert Registration.objects.get(event=event).person == people.teacher


def test_signing_up_from_home_in_place(open_page, people):
    EventFactory(municipality=people.municipality)
    page = open_page("/", 1366, "", people.teacher)
    page.click(".diary button:has-text('Записаться')")
    page.wait_for_selector(".diary .state--ok")
    assert page.complaints == []


def test_a_long_list_is_narrowed_by_typing(open_page, people, busy):
    for place in range(15):
        OrganizationFactory(municipality=people.municipality, short_name=f"Детский сад № {place}")
    page = open_page("/reports/participation/", 1366, "", people.methodist)
    page.click("summary:has-text('Организации')")
    page.fill("[data-narrow] input[type=search] >> nth=0", "сад № 14")
    shown = page.locator("details[open] .opt:visible")
    assert shown.count() == 1
    page.check("details[open] .opt:visible input")
    page.fill("[data-narrow] input[type=search] >> nth=0", "нет такого")
    assert shown.count() == 1
    page.click(".filters button:has-text('Показать')")
    assert "organization=" in page.url


def test_the_export_takes_two_actions_without_scripts(open_page, people, busy):
    page = open_page("/reports/participation/", 1366, "", people.methodist, scripts=False)
    with page.expect_download() as download:
        page.click("text=Скачать таблицу")
    assert download.value.suggested_filename.endswith(".xlsx")
