"""Invitations: one link, one claim, no way to somebody else's powers."""

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from communities import invitations
from communities.models import AuditEntry, Invitation, Letter, Role, RoleGrant
from communities.people import grant_role
from tests.factories import AssociationFactory, EmploymentFactory, PersonFactory, appoint

PASSWORD = "ночной-поезд-17"
SINCE = datetime.date(2016, 9, 1)


@pytest.fixture
def person(people):
    person = PersonFactory(municipality=people.municipality, last_name="Невходова")
    EmploymentFactory(person=person, organization=people.organization)
    return person


@pytest.fixture
def link(people, person):
    url = invitations.invite(person, actor=people.methodist, email="school@test.example")
    return url.removeprefix("http://localhost:8000")


def claim(client, link, email="nevhodova@test.example", password=PASSWORD):
    return client.post(link, {"email": email, "password": password})


def test_letter_carries_the_link_and_the_database_does_not(people, person, link):
    letter = Letter.objects.get()
    assert (letter.address, link in letter.body) == ("school@test.example", True)
    assert link.split("/")[2] not in Invitation.objects.get().token_hash


def test_invited_person_sets_a_password_and_is_in(client, person, link):
    page = client.get(link).content.decode()
    assert "Невходова" not in page
    assert claim(client, link).status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.email) == (True, "nevhodova@test.example")
    assert person.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert AuditEntry.objects.filter(action="person.claim").count() == 1


def test_opening_the_link_changes_nothing(client, person, link):
    client.get(link)
    client.get(link)
    person.refresh_from_db()
    assert not person.is_active


def test_link_works_once(client, link):
    claim(client, link)
    client.logout()
    assert client.get(link).status_code == 410
    assert claim(client, link, "thief@test.example").status_code == 410


def test_late_link_does_not_work(client, person, link):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=15)):
        assert client.get(link).status_code == 410
        assert claim(client, link).status_code == 410
    person.refresh_from_db()
    assert not person.is_active


def test_newer_link_replaces_the_older(client, people, person, link):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)):
        invitations.invite(person, actor=people.methodist, email="other@test.example")
        assert client.get(link).status_code == 410


def test_foreign_token_names_nobody(client, people):
    response = client.get(reverse("communities:invitation", args=["x" * 43]))
    assert response.status_code == 410


def test_taken_address_and_weak_password_stay_in_the_form(client, people, link):
    response = claim(client, link, people.teacher.email.upper(), "12345678")
    assert set(response.context["form"].errors) == {"email", "password"}
    assert people.teacher.email.upper() in response.content.decode()


def test_second_click_sends_no_second_letter(as_, people, person):
    client, url = as_(people.coordinator), reverse("communities:person-invite", args=[person.pk])
    first = client.post(url, {"email": "school@test.example"}, follow=True)
    client.post(url, {"email": "school@test.example"})
    assert (Letter.objects.count(), Invitation.objects.count()) == (1, 1)
    assert "8000/invite/" in first.content.decode()
    again = client.get(reverse("communities:person-edit", args=[person.pk]))
    assert "8000/invite/" not in again.content.decode()


def test_account_holder_is_not_invited(people):
    with pytest.raises(PermissionDenied):
        invitations.invite(people.teacher, actor=people.methodist, email="x@test.example")


def test_closed_account_is_not_taken_over_by_an_invitation(people):
    people.teacher.is_active = False
    people.teacher.save()
    with pytest.raises(PermissionDenied):
        invitations.invite(people.teacher, actor=people.coordinator, email="x@test.example")


def test_link_left_open_does_not_reopen_a_closed_account(people, person, link):
    person.email = "anna@school.example"
    person.save(update_fields=["email"])
    with pytest.raises(invitations.InvitationError):
        invitations.claim(
            link.strip("/").rpartition("/")[2], email="x@test.example", password=PASSWORD
        )


@pytest.mark.parametrize("role", ["coordinator", "methodist"])
def test_record_with_a_role_is_invited_by_the_operator_only(people, person, role):
    RoleGrant.objects.create(
        municipality=people.municipality, person=person, role=Role.OPERATOR, starts_on=SINCE
    )
    with pytest.raises(PermissionDenied):
        invitations.invite(person, actor=getattr(people, role), email="x@test.example")
    invitations.invite(person, actor=people.operator, email="x@test.example")


@pytest.mark.parametrize("role", ["leader", "secretary"])
@pytest.mark.parametrize("days", [-30, 30])
def test_leader_of_an_association_is_not_invited_by_a_coordinator(people, person, role, days):
    """Whoever signs in as a leader writes reports; an order may name the leader to come."""
    starts_on = people.municipality.today() + datetime.timedelta(days=days)
    appoint(person, AssociationFactory(municipality=people.municipality), role, starts_on)
    with pytest.raises(PermissionDenied):
        invitations.invite(person, actor=people.coordinator, email="a@place.example")
    assert invitations.invite(person, actor=people.methodist, email="a@place.example")


def test_link_ends_when_the_person_gets_a_role(client, people, person, link):
    """The methodist who made it must not become what only operators may make."""
    grant_role(person, role="head", starts_on=people.municipality.today(), actor=people.operator)
    claim(client, link)
    person.refresh_from_db()
    assert not person.is_active


def test_link_ends_with_the_role_of_whoever_made_it(client, people, person, link):
    people.methodist.role_grants.all().delete()
    claim(client, link)
    person.refresh_from_db()
    assert not person.is_active


def test_neighbour_invites_nobody(people, person):
    with pytest.raises(PermissionDenied):
        invitations.invite(person, actor=people.neighbour, email="x@test.example")


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_claims_one_succeeds(people, person, link):
    token, outcomes = link.strip("/").rpartition("/")[2], []

    def one_claim(number):
        try:
            invitations.claim(token, email=f"claim{number}@test.example", password=PASSWORD)
            outcomes.append("in")
        except invitations.InvitationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one_claim, args=[number]) for number in range(50)]
    for start in range(0, 50, 5):
        for thread in threads[start : start + 5]:
            thread.start()
        for thread in threads[start : start + 5]:
            thread.join()
    assert sorted(outcomes) == ["in"] + ["refused"] * 49
    assert AuditEntry.objects.filter(action="person.claim").count() == 1
