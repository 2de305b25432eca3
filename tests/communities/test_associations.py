import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from communities import associations
from communities.models import AuditEntry, Membership, OnlineCommunity
from tests.factories import (
    AssociationFactory,
    EmploymentFactory,
    MembershipFactory,
    OnlineCommunityFactory,
    OrderFactory,
    OrganizationFactory,
    PersonFactory,
    appoint,
)

ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def today(people):
    return people.municipality.today()


@pytest.fixture
def other(people):
    """A second association, without leader and members."""
    return AssociationFactory(municipality=people.municipality, name="Учителя химии")


def url(name, *args):
    return reverse(f"communities:{name}", args=args)


def text_of(client, address, **query):
    return client.get(address, query).content.decode()


def membership(association, person):
    return association.memberships.get(person=person, role="member")


# -- joining and leaving


def test_a_name_says_the_abbreviation_of_its_kind_once(people):
    people.association.name = "Учителя химии"
    assert people.association.title == "РМО «Учителя химии»"
    people.association.name = "РМО учителей химии"
    assert people.association.title == "РМО учителей химии"
    assert people.association.name_beside_kind == "учителей химии"


def test_joining_twice_is_joining_once(people, other, today):
    first = associations.join(other, actor=people.teacher)
    assert associations.join(other, actor=people.teacher) == first
    assert (first.starts_on, first.source, first.role) == (today, "wish", "member")
    assert AuditEntry.objects.filter(action="association.join").count() == 1


def test_leaving_keeps_the_time_spent(people, today):
    associations.leave(people.association, actor=people.teacher)
    row = membership(people.association, people.teacher)
    assert row.ends_on == today - ONE_DAY
    assert row.left_because == "по собственному желанию"
    assert associations.leave(people.association, actor=people.teacher) is None


def test_coming_back_at_once_goes_on_with_the_same_membership(people):
    before = membership(people.association, people.teacher)
    associations.leave(people.association, actor=people.teacher)
    associations.join(people.association, actor=people.teacher)
    after = membership(people.association, people.teacher)
    assert (after.pk, after.starts_on, after.ends_on) == (before.pk, before.starts_on, None)


def test_coming_back_later_is_a_new_membership(people, other, today):
    MembershipFactory(association=other, person=people.teacher, ends_on=today - 30 * ONE_DAY)
    associations.join(other, actor=people.teacher)
    assert other.memberships.count() == 2


def test_membership_without_a_whole_day_never_was(people, other):
    associations.join(other, actor=people.teacher)
    associations.leave(other, actor=people.teacher)
    assert not other.memberships.exists()


def test_nobody_joins_a_closed_association_or_a_foreign_one(people, other, today):
    other.closed_on = today
    other.save()
    with pytest.raises(associations.AssociationError):
        associations.join(other, actor=people.teacher)
    with pytest.raises(PermissionDenied):
        associations.join(people.association, actor=people.neighbour)


def test_leader_leaves_by_an_order_only(people, as_):
    as_(people.leader).post(url("association-leave", people.association.slug))
    term = people.association.memberships.get(person=people.leader)
    assert term.ends_on is None


def test_join_and_leave_by_the_buttons(people, as_, other):
    client = as_(people.teacher)
    join, leave = (url(f"association-{verb}", other.slug) for verb in ("join", "leave"))
    assert f'action="{join}"' in text_of(client, other.get_absolute_url())
    text = client.post(join, follow=True).content.decode()
    assert "Вы вступили в объединение." in text
    assert f'action="{leave}"' in text
    client.post(leave)
    assert not other.memberships.exists()
    assert client.get(join).status_code == 405


# -- members by the leader


def test_leader_enters_and_ends_a_membership(people, as_, today):
    client = as_(people.leader)
    person = PersonFactory(municipality=people.municipality, last_name="Новикова")
    slug = people.association.slug
    client.post(url("member-add", slug), {"person": "новикова", "starts_on": "2020-09-01"})
    row = membership(people.association, person)
    assert row.starts_on == datetime.date(2020, 9, 1)
    end = url("member-end", slug, row.pk)
    bad = client.post(end, {"ends_on": "2019-01-01"})
    assert "ends_on" in bad.context["form"].errors
    client.post(end, {"ends_on": "2021-05-31", "reason": "Переезд"})
    row.refresh_from_db()
    assert (row.ends_on, row.left_because) == (datetime.date(2021, 5, 31), "Переезд")
    again = client.post(end, {"ends_on": "2021-06-01"})
    assert "уже закончилось" in again.content.decode()


def test_leader_manages_only_the_own_association(people, as_, other):
    client = as_(people.leader)
    person = PersonFactory(municipality=people.municipality, last_name="Новикова")
    fields = {"person": person.full_name, "starts_on": "2020-09-01"}
    assert client.post(url("member-add", other.slug), fields).status_code == 403
    assert client.post(url("association-edit", other.slug), {"about": "x"}).status_code == 403
    assert not other.memberships.exists()


def test_membership_of_another_association_is_not_ended_here(people, as_, other):
    row = MembershipFactory(association=other)
    address = url("member-end", people.association.slug, row.pk)
    assert as_(people.leader).post(address, {"ends_on": "2030-01-01"}).status_code == 404


def test_term_by_order_is_not_ended_by_hand(people, as_):
    term = people.association.memberships.get(role="leader")
    address = url("member-end", people.association.slug, term.pk)
    assert as_(people.methodist).post(address, {"ends_on": "2030-01-01"}).status_code == 404


def test_names_are_suggested_to_colleagues(people, as_):
    EmploymentFactory(
        person=PersonFactory(municipality=people.municipality, last_name="Артёмова"),
        organization=people.organization,
    )
    client = as_(people.leader)
    text = text_of(client, url("person-options"), leader="артемова а")
    assert f"Артёмова Анна Петровна · {people.organization.short_name} · №" in text
    assert "<option" not in text_of(client, url("person-options"), person="а")
    assert "Артёмова" not in text_of(as_(people.neighbour), url("person-options"), person="арт")


# -- what the page says


def test_leader_edits_the_text_but_not_the_kind(people, as_):
    association = people.association
    kind = association.kind_id
    address = url("association-edit", association.slug)
    as_(people.leader).post(address, {"about": "Встречаемся по средам", "kind": "", "name": "Я"})
    association.refresh_from_db()
    assert (association.about, association.kind_id) == ("Встречаемся по средам", kind)
    assert association.name != "Я"


def test_methodist_changes_kind_and_subject_within_the_place(people, as_):
    address = url("association-edit", people.association.slug)
    foreign = AssociationFactory(municipality=people.other).kind
    response = as_(people.methodist).post(address, {"kind": foreign.pk})
    assert "kind" in response.context["form"].errors


def test_guest_sees_no_names(people, client):
    people.association.about = "Учим считать"
    people.association.save()
    text = text_of(client, people.association.get_absolute_url(), on="2020-01-01")
    assert "Учим считать" in text
    for person in (people.leader, people.teacher):
        assert person.last_name not in text
    assert people.leader.last_name not in text_of(client, url("association-list"))


def test_signed_in_sees_leader_order_and_members(people, as_):
    text = text_of(as_(people.coordinator), people.association.get_absolute_url())
    assert people.leader.full_name in text
    assert people.teacher.full_name in text
    assert "16 сентября 2016" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert people.organization.short_name in text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2014-03-12", "В этот день объединение не работало."),
        ("2015-10-01", "не назначен"),
        ("2020-03-12", "Лидова"),
        ("2025-03-12", "Учителева"),
    ],
)
def test_who_led_on_the_day(people, as_, day, expected):
    client = as_(people.coordinator)
    people.association.memberships.filter(role="leader").update(ends_on="2024-12-31")
    appoint(people.teacher, people.association, starts_on=datetime.date(2025, 1, 1))
    text = text_of(client, people.association.get_absolute_url(), on=day)
    answer = text.partition('id="asked"')[2].partition("</section>")[0]
    assert expected in answer


@pytest.mark.parametrize("day", ["99999-01-01", "12 марта", "", "1000-01-01"])
def test_odd_day_is_answered_at_the_field(people, as_, day):
    response = as_(people.teacher).get(people.association.get_absolute_url(), {"on": day})
    assert response.status_code == 200
    assert "on" in response.context["form"].errors


def test_new_association_offers_first_steps_to_who_manages_it(people, as_, other):
    text = text_of(as_(people.methodist), other.get_absolute_url())
    assert "Первые шаги" in text
    assert url("order-new") in text
    assert "Первые шаги" not in text_of(as_(people.teacher), other.get_absolute_url())
    assert "Первые шаги" not in text_of(as_(people.leader), people.association.get_absolute_url())


def test_page_loads_events_and_materials_by_address(people, as_, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 19, 12, tzinfo=datetime.UTC))
    text = text_of(as_(people.teacher), people.association.get_absolute_url())
    slug = people.association.slug
    assert f'hx-get="{reverse("events:event-list")}?association={slug}"' in text
    assert f'hx-get="{reverse("materials:material-list")}?association={slug}"' in text
    assert reverse("events:plan-detail", args=[slug, "2026-27"]) in text


# -- groups outside


GROUP = {"name": "РМО математиков", "platform": "Сферум", "openness": "closed"}


def post_group(client, address, **fields):
    return client.post(address, {**GROUP, "level": "municipal", **fields})


def test_leader_lists_a_group_and_closes_it(people, as_, today):
    client = as_(people.leader)
    post_group(client, url("association-group-add", people.association.slug), url="sferum.ru/g1")
    group = OnlineCommunity.objects.get()
    assert (group.association, group.url) == (people.association, "https://sferum.ru/g1")
    page = people.association.get_absolute_url()
    assert "РМО математиков" in text_of(client, page)
    post_group(client, url("group-edit", group.pk), closed_on=today.isoformat())
    assert "РМО математиков" not in text_of(client, page)
    assert OnlineCommunity.objects.get().closed_on == today


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "ftp://example.org/"),
        ("openness", "secret"),
        ("closed_on", "2010-01-01"),
        ("name", ""),
    ],
)
def test_odd_group_is_refused(people, as_, field, value):
    address = url("association-group-add", people.association.slug)
    fields = {"opened_on": "2020-01-01", field: value}
    response = post_group(as_(people.leader), address, **fields)
    assert field in response.context["form"].errors
    assert not OnlineCommunity.objects.exists()


def test_group_is_listed_once(people, as_):
    address = url("association-group-add", people.association.slug)
    client = as_(people.leader)
    post_group(client, address)
    response = post_group(client, address)
    assert "name" in response.context["form"].errors


def test_group_of_an_organization_is_the_methodists(people, as_):
    address = url("organization-group-add", people.organization.slug)
    assert post_group(as_(people.leader), address).status_code == 403
    assert post_group(as_(people.methodist), address).status_code == 302
    group = OnlineCommunity.objects.get()
    assert group.organization == people.organization
    edit = url("group-edit", group.pk)
    assert as_(people.leader).get(edit).status_code == 403
    assert as_(people.neighbour).get(edit).status_code == 404


# -- the list


def test_list_shows_closed_ones_apart_and_unborn_ones_nowhere(people, as_, other, today):
    other.closed_on = today
    other.save()
    unborn = AssociationFactory(
        municipality=people.municipality, opened_on=None, name="Нерождённые"
    )
    client = as_(people.methodist)
    text = text_of(client, url("association-list"))
    assert people.association.name in text
    assert other.name not in text
    assert unborn.name not in text
    closed = text_of(client, url("association-list"), show="closed")
    assert other.name in closed
    assert people.association.name not in closed


def test_list_says_who_has_no_leader(people, as_, other):
    text = text_of(as_(people.teacher), url("association-list"))
    assert text.count("нет руководителя") == 1
    assert people.leader.short_name in text


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_one_and_for_three(people, as_, rows, django_assert_num_queries):
    for _ in range(rows - 1):
        association = AssociationFactory(municipality=people.municipality)
        appoint(people.leader, association)
    client = as_(people.teacher)
    with django_assert_num_queries(6):
        response = client.get(url("association-list"))
    assert len(response.context["page"].object_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_for_one_member_and_for_three(
    people, as_, rows, django_assert_num_queries
):
    for _ in range(rows - 1):
        EmploymentFactory(person=MembershipFactory(association=people.association).person)
        OnlineCommunityFactory(association=people.association)
    OnlineCommunityFactory(association=people.association)
    client = as_(people.teacher)
    with django_assert_num_queries(9):
        response = client.get(people.association.get_absolute_url())
    assert len(response.context["members"].object_list) == rows


def test_members_stand_by_organization(people, as_):
    other = OrganizationFactory(municipality=people.municipality, short_name="Аграрная школа")
    row = MembershipFactory(association=people.association)
    EmploymentFactory(person=row.person, organization=other)
    response = as_(people.teacher).get(people.association.get_absolute_url())
    members = list(response.context["members"].object_list)
    assert [member.workplace for member in members] == [
        "Аграрная школа",
        people.organization.short_name,
    ]
    assert Membership.objects.filter(pk__in=[m.pk for m in members]).count() == 2


def test_newest_order_is_named(people, as_):
    order = OrderFactory(
        municipality=people.municipality, number="200/01-03", date=datetime.date(2022, 9, 1)
    )
    order.items.create(
        association=people.association,
        action="appoint_leader",
        person=people.leader,
        effective_on=order.date,
    )
    response = as_(people.teacher).get(people.association.get_absolute_url())
    assert response.context["order"] == order
