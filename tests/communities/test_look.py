"""Pages of WHO in a real browser: readable aloud, whole on a phone, loading what they promise."""

import pytest
from django.urls import reverse

from tests.browser import cut_off, violations
from tests.factories import (
    EventFactory,
    MembershipFactory,
    OnlineCommunityFactory,
    OrganizationFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rich(world):
    """A world with something on every page of this app."""
    people = world.people
    people.association.about = "Учим считать. " * 20
    people.association.save()
    EventFactory(municipality=people.municipality, association=people.association)
    OnlineCommunityFactory(association=people.association)
    MembershipFactory(association=people.association)
    OrganizationFactory(municipality=people.municipality, kind_code="museum")
    return world


def addresses(world):
    order = world.draft_order.pk
    return [
        reverse("communities:association-list"),
        world.association.get_absolute_url() + "?on=2020-03-12",
        reverse("communities:organization-list"),
        world.organization.get_absolute_url(),
        reverse("communities:organization-edit", args=[world.organization.slug]),
        reverse("communities:order-list"),
        reverse("communities:order-detail", args=[order]),
        reverse("communities:order-new"),
        reverse("communities:order-item-add", args=[order, "create"]),
        reverse("communities:order-put-in-force", args=[order]),
        reverse("communities:association-group-add", args=[world.association.slug]),
        f"{reverse('communities:task-list')}?task={world.assignment.pk}",
    ]


def test_pages_are_accessible_and_whole(open_page, rich):
    for address in addresses(rich):
        page = open_page(address, 320, person=rich.people.methodist)
        page.wait_for_load_state("networkidle")
        assert page.title().endswith("Методическая сеть")
        assert violations(page) == [], address
        assert cut_off(page) == [], address
        page.context.close()


def test_association_page_loads_its_events(open_page, rich):
    page = open_page(rich.association.get_absolute_url(), person=rich.people.teacher)
    page.wait_for_selector("#main .diary h3")
    assert page.complaints == []


def test_name_is_suggested_while_typing(open_page, rich):
    address = reverse("communities:order-item-add", args=[rich.draft_order.pk, "appoint_leader"])
    page = open_page(address, person=rich.people.methodist)
    page.locator("[name=person]").press_sequentially("лид", delay=30)
    page.wait_for_selector("datalist option", state="attached")
    assert "Лидова" in page.locator("datalist option").first.get_attribute("value")


def test_job_page_follows_the_work(open_page, rich):
    job = rich.job
    job.state = "running"
    job.save()
    page = open_page(job.get_absolute_url(), person=rich.people.teacher)
    assert page.locator("progress").count() == 1
    job.state, job.result = "done", {"url": "/reports/", "text": "Открыть таблицу"}
    job.save()
    page.wait_for_selector("text=Открыть таблицу")
    assert page.locator("[hx-trigger]").count() == 0
    assert violations(page) == []
