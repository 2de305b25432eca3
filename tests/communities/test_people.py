"""Records of people: searching, keeping, the border of a coordinator, roles."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from communities import people as services
from communities.models import AuditEntry, Employment, Role, User
from tests.factories import EmploymentFactory, OrganizationFactory, PersonFactory
from tests.races import at_once

TODAY = datetime.date(2026, 3, 2)


@pytest.fixture
def elsewhere(people):
    """Somebody of another organization of the municipality."""
    organization = OrganizationFactory(municipality=people.municipality, short_name="Сад № 7")
    person = PersonFactory(municipality=people.municipality, last_name="Семёнова")
    EmploymentFactory(person=person, organization=organization)
    return person


def names(response):
    return [person.last_name for person in response.context["page"]]


def record(people, **changes):
    return {
        "last_name": "Новикова",
        "first_name": "Мария",
        "patronymic": "Олеговна",
        "organization": people.organization.pk,
        "post": "учитель",
        "kind": "main",
        **changes,
    }


@pytest.mark.parametrize("words", ["Семенова", "семё анн", "анна петр сем"])
def test_list_finds_by_parts_of_the_name(as_, people, elsewhere, words):
    response = as_(people.methodist).get(reverse("communities:person-list"), {"q": words})
    assert names(response) == ["Семёнова"]


def test_list_filters_by_organization_and_account(as_, people, elsewhere):
    client, url = as_(people.methodist), reverse("communities:person-list")
    assert names(client.get(url, {"organization": people.organization.pk})) == [
        "Лидова",
        "Учителева",
    ]
    assert names(client.get(url, {"account": "no"})) == ["Семёнова"]


@pytest.mark.parametrize(
    "query", ["page=abc", "page=99999999999999999999", "organization=x", "account=%00", "q=%25_"]
)
def test_list_survives_odd_addresses(as_, people, query):
    assert as_(people.methodist).get(
        reverse("communities:person-list") + "?" + query
    ).status_code in {200, 400}


def test_coordinator_sees_and_changes_the_own_school_only(as_, people, elsewhere):
    client = as_(people.coordinator)
    assert names(client.get(reverse("communities:person-list"))) == ["Лидова", "Учителева"]
    edit = reverse("communities:person-edit", args=[elsewhere.pk])
    assert client.get(edit).status_code == 403
    assert client.post(edit, {"last_name": "Чужая", "first_name": "Анна"}).status_code == 403
    invite = reverse("communities:person-invite", args=[elsewhere.pk])
    assert client.post(invite, {"email": "x@test.example"}).status_code == 403


def test_coordinator_cannot_place_people_into_another_school(as_, people, elsewhere):
    organization = elsewhere.employments.get().organization
    url = reverse("communities:person-new")
    response = as_(people.coordinator).post(url, record(people, organization=organization.pk))
    assert "organization" in response.context["form"].errors
    assert not User.objects.filter(last_name="Новикова").exists()


@pytest.mark.parametrize("extra", [1, 3])
def test_list_asks_a_fixed_number_of_queries(as_, people, extra, django_assert_num_queries):
    for _number in range(extra):
        person = PersonFactory(municipality=people.municipality)
        EmploymentFactory(person=person, organization=people.organization)
    client = as_(people.methodist)
    with django_assert_num_queries(7):
        client.get(reverse("communities:person-list"))


def test_record_is_created_with_work_and_journal(as_, people):
    subject = people.municipality.pk and _subject(people)
    response = as_(people.methodist).post(
        reverse("communities:person-new"),
        record(people, last_name="НОВИКОВА", subjects=[subject.pk]),
    )
    person = User.objects.get(last_name="Новикова")
    assert response["Location"] == reverse("communities:person-edit", args=[person.pk])
    assert (person.is_active, person.email, person.has_usable_password()) == (False, None, False)
    work = person.employments.get()
    assert (work.organization, work.is_main, list(work.subjects.all())) == (
        people.organization,
        True,
        [subject],
    )
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "person.create",
        "employment.create",
    }


def _subject(people):
    from communities.models import Subject

    return Subject.objects.get(municipality=people.municipality, code="history")


def test_namesake_must_be_confirmed(as_, people):
    namesake = PersonFactory(
        municipality=people.municipality,
        last_name="Семёнова",
        first_name="Анна",
        patronymic="Петровна",
    )
    EmploymentFactory(person=namesake, organization=people.organization)
    client, url = as_(people.methodist), reverse("communities:person-new")
    data = record(people, last_name="Семенова", first_name="анна", patronymic="Петровна")
    response = client.post(url, data)
    assert people.organization.short_name in str(response.context["form"].errors["last_name"])
    assert client.post(url, {**data, "another": "on"}).status_code == 302
    assert User.objects.namesakes("Семёнова", "Анна", "Петровна").count() == 2


def test_bad_record_keeps_what_was_typed(as_, people):
    data = record(people, last_name="", teaching_since="99999999999", organization="777777777")
    response = as_(people.methodist).post(reverse("communities:person-new"), data)
    assert set(response.context["form"].errors) == {"last_name", "teaching_since", "organization"}
    assert 'value="Новикова"' not in response.content.decode()
    assert 'value="Мария"' in response.content.decode()


def test_sign_in_address_cannot_be_changed_through_the_record(as_, people):
    edit = reverse("communities:person-edit", args=[people.teacher.pk])
    data = {"last_name": "Учителева", "first_name": "Анна", "email": "x@test.example"}
    before = people.teacher.email
    as_(people.methodist).post(edit, {**data, "is_active": "", "is_superuser": "on"})
    people.teacher.refresh_from_db()
    assert (people.teacher.email, people.teacher.is_superuser) == (before, False)


def test_second_main_place_is_refused_kindly(as_, people):
    url = reverse("communities:employment-new", args=[people.teacher.pk])
    data = {"organization": people.organization.pk, "post": "методист", "kind": "main"}
    response = as_(people.methodist).post(url, data)
    assert people.organization.short_name in str(response.context["form"].errors["kind"])
    data["kind"] = Employment.Kind.INTERNAL
    assert as_(people.methodist).post(url, data).status_code == 302


def test_work_may_not_end_before_it_began(as_, people):
    url = reverse("communities:employment-edit", args=[people.teacher.employments.get().pk])
    data = {"organization": people.organization.pk, "post": "учитель", "kind": "main"}
    days = {"starts_on": "2020-09-01", "ends_on": "2019-09-01"}
    assert "ends_on" in as_(people.methodist).post(url, data | days).context["form"].errors


def test_role_is_given_and_ended_with_dates(as_, people):
    client = as_(people.operator)
    data = {"role": "coordinator", "starts_on": "2026-01-12"}
    url = reverse("communities:role-new", args=[people.teacher.pk])
    assert "organization" in client.post(url, data).context["form"].errors
    data["organization"] = people.organization.pk
    assert client.post(url, data).status_code == 302
    assert "role" in client.post(url, data).context["form"].errors
    grant = people.teacher.role_grants.get()
    end = reverse("communities:role-end", args=[grant.pk])
    assert "ends_on" in client.post(end, {"ends_on": "2026-01-11"}).context["form"].errors
    client.post(end, {"ends_on": "2026-02-01"})
    assert not people.teacher.role_grants.in_force(TODAY).exists()
    assert people.teacher.role_grants.in_force(datetime.date(2026, 2, 1)).exists()


@pytest.mark.parametrize(("starts", "ends"), [(0, 0), (-9, None), (-9, -1), (1, None), (1, 9)])
def test_rights_are_those_in_force_today(people, starts, ends):
    """They are asked in one statement of their own, so it is held to what the lists say."""
    today = people.municipality.today()
    days = {
        "starts_on": today + datetime.timedelta(days=starts),
        "ends_on": None if ends is None else today + datetime.timedelta(days=ends),
    }
    people.head.role_grants.update(**days)
    people.association.memberships.update(**days)
    head, leader, teacher = (
        User.objects.get(pk=one.pk) for one in (people.head, people.leader, people.teacher)
    )
    assert head.is_head is head.role_grants.in_force(today).exists()
    assert bool(leader.led_association_ids) is leader.memberships.in_force(today).exists()
    assert bool(teacher.association_ids) is teacher.memberships.in_force(today).exists()
    assert not teacher.led_association_ids


@pytest.mark.parametrize(("closes", "is_open"), [(1, True), (0, False), (-9, False)])
def test_nobody_is_a_member_of_a_closed_association(people, closes, is_open):
    today = people.municipality.today()
    people.association.closed_on = today + datetime.timedelta(days=closes)
    people.association.save()
    teacher = User.objects.get(pk=people.teacher.pk)
    assert bool(teacher.association_ids) is is_open
    assert teacher.memberships.in_force(today).exists() is is_open
    assert teacher.memberships.in_force(today - datetime.timedelta(days=30)).exists()


@pytest.mark.parametrize(
    ("post", "is_teaching"),
    [
        ("учитель", True),
        ("Учитель математики", True),
        ("старший воспитатель", True),
        ("педагог-психолог", True),
        ("инструктор по физической культуре", True),
        ("советник директора по воспитанию", True),
        ("директор", False),
        ("заместитель директора по воспитательной работе", False),
        ("младший воспитатель", False),
        ("помощник воспитателя", False),
        ("секретарь учебной части", False),
    ],
)
def test_teachers_are_who_has_a_post_of_teachers(people, post, is_teaching):
    work = EmploymentFactory(person=people.teacher, kind="contract", post=post)
    work.refresh_from_db()
    assert work.is_teaching is is_teaching


def test_last_operator_stays(people):
    grant = people.operator.role_grants.get()
    with pytest.raises(services.PersonError):
        services.end_role(grant, ends_on=TODAY, actor=people.operator)
    services.grant_role(people.head, role=Role.OPERATOR, starts_on=TODAY, actor=people.operator)
    services.end_role(grant, ends_on=datetime.date(2026, 6, 30), actor=people.operator)


def test_account_of_a_teacher_is_closed_whoever_is_an_operator_later(people):
    """Only closing an operator's own account asks whether another operator stays."""
    people.operator.is_active = False  # signed in a moment ago, closed since
    people.operator.save()
    assert not services.set_account_open(
        people.teacher, is_open=False, actor=people.operator
    ).is_active


@pytest.mark.django_db(transaction=True)
def test_two_operators_do_not_close_each_other(people):
    services.grant_role(people.head, role=Role.OPERATOR, starts_on=TODAY, actor=people.operator)
    pairs = [(people.operator, people.head), (people.head, people.operator)]

    def close():
        actor, person = pairs.pop()
        services.set_account_open(person, is_open=False, actor=actor)

    assert len(at_once(2, close)) == 1
    operators = User.objects.filter(role_grants__role=Role.OPERATOR, is_active=True)
    assert operators.filter(municipality=people.municipality).count() == 1


def test_methodist_gives_no_roles(people):
    with pytest.raises(PermissionDenied):
        services.grant_role(
            people.methodist, role=Role.OPERATOR, starts_on=TODAY, actor=people.methodist
        )


def test_closed_account_signs_nobody_in(as_, client, people):
    url = reverse("communities:person-account", args=[people.teacher.pk, "close"])
    as_(people.operator).post(url)
    client.force_login(people.teacher)
    assert client.get(reverse("communities:person-list")).status_code == 302


def test_operator_does_not_close_the_own_account(as_, people):
    as_(people.operator).post(
        reverse("communities:person-account", args=[people.operator.pk, "close"])
    )
    people.operator.refresh_from_db()
    assert people.operator.is_active


def test_record_saved_while_its_person_claims_it_keeps_the_account(people):
    person = PersonFactory(municipality=people.municipality)
    opened = User.objects.get(pk=person.pk)
    person.email, person.is_active = "anna@school.example", True
    person.save(update_fields=["email", "is_active"])
    opened.grades = "5, 6"
    services.save_person(opened, actor=people.methodist, changed=["grades"])
    person.refresh_from_db()
    assert (person.grades, person.email, person.is_active) == ("5, 6", "anna@school.example", True)
