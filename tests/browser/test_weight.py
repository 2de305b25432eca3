"""What the pages weigh on a slow line: bytes after compression, and requests."""

import gzip

import pytest

from communities.models import Subject
from tests import factories
from tests.browser import cut_off
from tests.world import World

KB = 1024
FIRST_LOAD, REQUESTS, HTML, STYLES = 60 * KB, 5, 14 * KB, 14 * KB


def squeezed(content):
    return len(gzip.compress(content))


@pytest.fixture
def busy(people, media):
    """A municipality with full lists: twenty rows and more of everything on a page."""
    world = World(people).everything()
    algebra = factories.dictionary(Subject, people.municipality, "algebra")
    people.teacher.employments.get().subjects.add(algebra)
    for number in range(20):
        title = f"Линейная функция и её график, урок-исследование № {number}"
        factories.published_material(
            owner=people.teacher, title=title, subject=algebra, visibility="public"
        )
        event = factories.EventFactory(
            municipality=people.municipality,
            association=people.association,
            title=f"Функциональная грамотность на уроках математики, часть {number}",
            created_by=people.leader,
        )
        factories.TalkFactory(event=world.event)
        factories.RegistrationFactory(event=event, person=people.teacher)
    return world


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_first_load_of_home_is_light(pages_of, busy):
    page, heard = pages_of(busy.people.teacher, 390), []
    page.on("response", lambda answer: heard.append(answer))
    page.goto("/", wait_until="networkidle")
    weight = {answer.url: squeezed(answer.body()) for answer in heard}
    assert len(weight) <= REQUESTS, weight
    assert sum(weight.values()) <= FIRST_LOAD, weight
    style = next(size for url, size in weight.items() if url.endswith(".css"))
    assert style <= STYLES
    assert cut_off(page) == []


@pytest.mark.django_db
def test_pages_are_light(client, busy):
    client.force_login(busy.people.leader)
    year = busy.report.school_year.slug
    weight = {}
    for address in (
        "/",
        "/materials/",
        "/materials/?q=функция",
        "/events/",
        busy.event.get_absolute_url(),
        f"/reports/annual/{year}/",
        f"/reports/annual/{year}/review/",
        f"/associations/{busy.association.slug}/",
    ):
        weight[address] = squeezed(client.get(address).content)
    client.force_login(busy.people.methodist)
    weight["review"] = squeezed(client.get(f"/reports/annual/{year}/review/?version=2").content)
    assert {address: size for address, size in weight.items() if size > HTML} == {}
