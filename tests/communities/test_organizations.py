import datetime

import pytest
from django.urls import reverse

from communities.models import AuditEntry, Organization
from communities.slugs import latin_slug
from tests.factories import (
    AccountFactory,
    EmploymentFactory,
    OnlineCommunityFactory,
    OrganizationFactory,
    dictionary,
)


def url(name, *args):
    return reverse(f"communities:organization-{name}", args=args)


def text_of(client, address, **query):
    return client.get(address, query).content.decode()


@pytest.fixture
def fields(people):
    """What a methodist types for a museum."""
    from communities.models import Agency, OrganizationKind

    return {
        "short_name": "Музей истории",
        "full_name": "МБУК «Районный музей истории»",
        "kind": dictionary(OrganizationKind, people.municipality, "museum").pk,
        "agency": dictionary(Agency, people.municipality, "culture").pk,
        "aliases": "",
    }


def aliases(organization):
    return sorted(organization.aliases.values_list("text", flat=True))


def test_museum_is_entered_like_a_school(people, as_, fields):
    response = as_(people.methodist).post(url("new"), fields)
    museum = Organization.objects.get(short_name="Музей истории")
    assert response.url == museum.get_absolute_url()
    assert (museum.slug, museum.municipality) == ("muzey-istorii", people.municipality)
    assert AuditEntry.objects.filter(action="organization.create").count() == 1


def test_sent_twice_is_entered_once(people, as_, fields):
    client = as_(people.methodist)
    client.post(url("new"), fields)
    response = client.post(url("new"), {**fields, "short_name": "МУЗЕЙ  истории"})
    assert "short_name" in response.context["form"].errors
    assert Organization.objects.filter(kind__code="museum").count() == 1


def test_same_name_next_door_is_no_hindrance(people, as_, fields):
    OrganizationFactory(municipality=people.other, short_name="Музей истории")
    assert as_(people.methodist).post(url("new"), fields).status_code == 302


def test_renaming_keeps_the_old_names_as_spellings(people, as_, fields):
    client = as_(people.methodist)
    client.post(url("new"), {**fields, "aliases": "Музей\n\n музей \nКраеведческий музей"})
    museum = Organization.objects.get(short_name="Музей истории")
    assert aliases(museum) == ["Краеведческий музей", "музей"]
    client.post(
        url("edit", museum.slug),
        {**fields, "short_name": "Музейный центр", "aliases": "Краеведческий музей"},
    )
    museum.refresh_from_db()
    assert (museum.short_name, museum.slug) == ("Музейный центр", "muzey-istorii")
    assert aliases(museum) == ["Краеведческий музей", "Музей истории"]
    form = text_of(client, url("edit", museum.slug))
    assert "Краеведческий музей\nМузей истории" in form


def test_spelling_of_another_organization_is_refused(people, as_, fields):
    people.organization.aliases.create(text="Первая школа")
    client = as_(people.methodist)
    response = client.post(url("new"), {**fields, "aliases": "«первая» ШКОЛА"})
    assert people.organization.short_name in str(response.context["form"].errors)
    assert "«первая» ШКОЛА" in response.content.decode().replace("&quot;", '"')


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("short_name", "«»"),
        ("full_name", ""),
        ("kind", "999999999999999999999"),
        ("opened_on", "99999-01-01"),
        ("aliases", "ш" * 301),
        ("aliases", "\n".join(map(str, range(51)))),
        ("closed_on", "2001-01-01"),
    ],
)
def test_odd_input_is_answered_at_the_field(people, as_, fields, field, value):
    sent = {**fields, "opened_on": "2010-09-01", field: value}
    response = as_(people.methodist).post(url("new"), sent)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Organization.objects.filter(kind__code="museum").exists()


def test_kind_of_another_municipality_is_no_choice(people, as_, fields):
    from communities.models import OrganizationKind

    foreign = dictionary(OrganizationKind, people.other, "museum")
    response = as_(people.methodist).post(url("new"), {**fields, "kind": foreign.pk})
    assert "kind" in response.context["form"].errors


def test_address_is_latin_and_free(people, as_, fields):
    assert latin_slug("Щёлковский д/с № 3 «Ёлочка»") == "shchelkovskiy-ds-no-3-elochka"
    assert latin_slug("«»") == ""
    client = as_(people.methodist)
    client.post(url("new"), {**fields, "short_name": "New"})
    assert Organization.objects.get(short_name="New").slug == "new-2"


# -- the list


def names(response):
    return [organization.short_name for organization in response.context["page"]]


@pytest.mark.parametrize("query", ["ЁЛОЧКА", "елочка", "бывший «Ромашка»", "ромашка"])
def test_organization_is_found_by_any_name(people, client, query):
    garden = OrganizationFactory(
        municipality=people.municipality, short_name="Детский сад «Ёлочка»", kind_code="preschool"
    )
    garden.aliases.create(text="Бывший «Ромашка»")
    assert names(client.get(url("list"), {"q": query})) == [garden.short_name]


def test_list_by_kind_without_the_closed_and_the_foreign(people, client):
    OrganizationFactory(municipality=people.municipality, kind_code="museum", short_name="Музей")
    OrganizationFactory(
        municipality=people.municipality,
        short_name="Закрытая",
        closed_on=datetime.date(2020, 1, 1),
    )
    OrganizationFactory(municipality=people.other, short_name="Чужая")
    assert names(client.get(url("list"))) == [people.organization.short_name, "Музей"]
    assert names(client.get(url("list"), {"kind": "museum"})) == ["Музей"]
    assert len(names(client.get(url("list"), {"kind": "castle"}))) == 2


def test_nothing_found_offers_the_way_back(people, client):
    assert "Показать все организации" in text_of(client, url("list"), q="замок")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_one_and_for_three(people, client, rows, django_assert_num_queries):
    OrganizationFactory.create_batch(rows - 1, municipality=people.municipality)
    with django_assert_num_queries(4):
        response = client.get(url("list"))
    assert len(names(response)) == rows


# -- the card


def test_people_are_shown_to_the_department_and_the_own_coordinator(people, as_):
    address = people.organization.get_absolute_url()
    for person in (people.methodist, people.head, people.coordinator):
        assert people.teacher.full_name in text_of(as_(person), address)
    for person in (people.teacher, people.leader, people.operator):
        assert people.teacher.full_name not in text_of(as_(person), address)


def test_coordinator_sees_only_the_own_organization(people, as_):
    other = OrganizationFactory(municipality=people.municipality)
    stranger = AccountFactory(municipality=people.municipality, last_name="Дальняя")
    EmploymentFactory(person=stranger, organization=other)
    assert "Дальняя" not in text_of(as_(people.coordinator), other.get_absolute_url())


def test_those_without_an_account_are_counted_and_listed(people, as_):
    waiting = EmploymentFactory(
        person__municipality=people.municipality,
        person__last_name="Ждунова",
        organization=people.organization,
    )
    EmploymentFactory(
        person__municipality=people.municipality,
        person__last_name="Бывшая",
        organization=people.organization,
        ends_on=datetime.date(2020, 1, 1),
    )
    client = as_(people.coordinator)
    address = people.organization.get_absolute_url()
    text = text_of(client, address)
    assert "У 1 человека нет доступа" in text
    assert "Бывшая" not in text
    response = client.get(address, {"account": "none"})
    assert [row.person for row in response.context["staff"]] == [waiting.person]


def test_card_names_the_associations_led_from_here(people, as_):
    address = people.organization.get_absolute_url()
    assert people.association.name in text_of(as_(people.teacher), address)


def test_guest_sees_the_card_without_names(people, client):
    OnlineCommunityFactory(
        association=None,
        municipality=people.municipality,
        organization=people.organization,
        name="Наша школа",
    )
    text = text_of(client, people.organization.get_absolute_url())
    assert people.organization.full_name in text
    assert "Наша школа" in text
    assert people.teacher.last_name not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_card_asks_the_same_for_one_person_and_for_three(
    people, as_, rows, django_assert_num_queries
):
    school = OrganizationFactory(municipality=people.municipality)
    for _ in range(rows):
        EmploymentFactory(person__municipality=people.municipality, organization=school)
    client = as_(people.methodist)
    with django_assert_num_queries(10):
        response = client.get(school.get_absolute_url())
    assert len(response.context["staff"].object_list) == rows
