"""«Федорова» finds «Фёдорова» and «Фёдорова» finds «Федорова», wherever people are looked for."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from communities.forms.people import PersonField, colleagues
from communities.models import User
from tests import factories


@pytest.fixture
def two(people):
    """The same name written both ways."""
    names = [("Фёдорова", "Алёна"), ("Федорова", "Алена")]
    return {
        factories.PersonFactory(
            municipality=people.municipality, last_name=last, first_name=first, patronymic=""
        )
        for last, first in names
    }


@pytest.mark.parametrize(
    "text", ["Федорова", "фёдорова", "ФЕДОРОВА А.", "федорова, алёна", " алена  фёд "]
)
def test_every_spelling_names_both(people, two, text):
    assert set(User.objects.visible_to(people.teacher).named(text)) == two


@pytest.mark.parametrize("text", ["", " ", ".", "·", "%", "едорова"])
def test_nothing_names_nobody(people, two, text):
    assert not User.objects.visible_to(people.teacher).named(text).exists()


def searches(people):
    event = factories.EventFactory(
        municipality=people.municipality, association=people.association, created_by=people.leader
    )
    talk = factories.TalkFactory(event=event)
    yield reverse("communities:person-list"), "q"
    yield reverse("communities:person-options"), "person"
    yield reverse("events:event-attendance-add", args=[event.pk]), "q"
    yield reverse("events:talk-edit", args=[talk.pk]), "q"
    yield reverse("materials:author-search"), "author_q"
    yield f"{reverse('materials:search')}?tab=people", "q"


@pytest.mark.parametrize("text", ["федорова", "ФЁДОРОВА"])
def test_every_search_finds_both(people, two, as_, text):
    client = as_(people.methodist)
    for url, name in searches(people):
        path, _mark, query = url.partition("?")
        page = client.get(f"{path}?{query}&{name}={text}").content.decode()
        assert [person.full_name in page for person in two] == [True, True], url


@pytest.mark.parametrize("text", ["зеленая елка", "ЗЕЛЁНАЯ ЁЛКА"])
def test_events_are_found_with_any_yo(people, as_, text):
    for title, summary in (("Зелёная суббота", "Ёлка"), ("Зеленая неделя", "У елки")):
        factories.EventFactory(municipality=people.municipality, title=title, summary=summary)
    page = as_(people.teacher).get(reverse("events:event-list"), {"q": text}).content.decode()
    assert ("Зелёная суббота" in page, "Зеленая неделя" in page) == (True, False)
    page = as_(people.teacher).get(reverse("events:event-list"), {"q": "зеленая"}).content.decode()
    assert ("Зелёная суббота" in page, "Зеленая неделя" in page) == (True, True)


@pytest.mark.parametrize("text", ["{name} · сош №4", "{name}, СОШ № 4", "{name} · № {pk}"])
def test_namesakes_are_told_apart_by_place_or_number(people, two, text):
    person, namesake = two
    namesake.last_name, namesake.first_name = person.last_name, person.first_name
    namesake.save()
    place = factories.OrganizationFactory(municipality=people.municipality, short_name="СОШ № 4")
    factories.EmploymentFactory(person=person, organization=place)
    field = PersonField(people=colleagues(people.municipality))
    assert field.clean(text.format(name=person.full_name, pk=person.pk)) == person
    with pytest.raises(ValidationError, match=f"№ {namesake.pk}"):
        field.clean(person.full_name)
