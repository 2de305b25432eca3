"""Pages of WHO in a real browser: they load what they promise."""

import pytest
from django.urls import reverse

from tests.browser import violations
from tests.factories import EventFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_association_page_loads_its_events(open_page, world):
    EventFactory(municipality=world.municipality, association=world.association)
    page = open_page(world.association.get_absolute_url(), person=world.people.teacher)
    page.wait_for_selector("#main .diary h3")
    assert page.complaints == []


def test_name_is_suggested_while_typing(open_page, world):
    address = reverse("communities:order-item-add", args=[world.draft_order.pk, "appoint_leader"])
    page = open_page(address, person=world.people.methodist)
    page.locator("[name=person]").press_sequentially("лид", delay=30)
    page.wait_for_selector("datalist option", state="attached")
    assert "Лидова" in page.locator("datalist option").first.get_attribute("value")


def test_job_page_follows_the_work(open_page, world):
    job = world.job
    job.state = "running"
    job.save()
    page = open_page(job.get_absolute_url(), person=world.people.teacher)
    assert page.locator("progress").count() == 1
    job.state, job.result = "done", {"url": "/reports/", "text": "Открыть таблицу"}
    job.save()
    page.wait_for_selector("text=Открыть таблицу")
    assert page.locator("[hx-trigger]").count() == 0
    assert violations(page) == []


def test_errors_of_a_list_are_read_whole_on_a_telephone(open_page, world):
    batch = world.import_batch
    error = {"sheet": "Лист1", "row": 2, "column": "Организация", "value": "Школа-призрак"}
    batch.mapping["preview"]["errors"] = [error | {"problem": "Нет такой.", "remedy": "Исправьте."}]
    batch.save()
    page = open_page(batch.get_absolute_url(), person=world.people.methodist)
    page.set_viewport_size({"width": 390, "height": 844})
    for text in ("Нет такой.", "Исправьте."):
        box = page.locator(".tbl--stack td", has_text=text).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.querySelector('.scroll').scrollWidth") <= 390
    assert violations(page) == []
