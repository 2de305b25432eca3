"""A form that makes something, pressed many times: one thing is made, and every press finds it."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attestation.models import Proposal
from communities import sent_forms
from communities.models import Agency, Order, Organization, SentForm, User
from events.models import Event, EventKind, Level, PlanItem, Talk
from tests import factories
from tests.kept import session_of
from tests.races import at_once

PRESSES = 5


def event(people):
    """Who sends what, where to, and what comes of it."""
    data = {
        "title": "Функциональная грамотность",
        "association": people.association.pk,
        "kind": factories.dictionary(EventKind, people.municipality, "seminar").pk,
        "level": factories.dictionary(Level, people.municipality, "municipal").pk,
        "starts_on": "2026-11-19",
        "starts": "14:30",
        "ends": "16:00",
        "format": "in_person",
        "hours": "2",
        "publish": "1",
    }
    return people.leader, reverse("events:event-new"), data, Event.objects.all()


def person(people):
    data = {"last_name": "Новикова", "first_name": "Мария", "patronymic": "Олеговна"}
    data |= {"organization": people.organization.pk, "post": "учитель", "kind": "main"}
    made = User.objects.filter(last_name="Новикова")
    return people.methodist, reverse("communities:person-new"), data, made


def label(people):
    address = reverse("communities:dictionary-row-new", args=["communities-agency"])
    made = Agency.objects.filter(label="Отдел спорта")
    return people.methodist, address, {"label": "Отдел спорта", "position": 9}, made


def talk(people):
    row = factories.EventFactory(
        municipality=people.municipality, association=people.association, created_by=people.leader
    )
    data = {"title": "Открытый урок", "role": "speaker", "speaker": "Учителева"}
    address = reverse("events:talk-new", args=[row.pk])
    return people.leader, address, data, Talk.objects.all()


def proposal(people):
    report = factories.ReportFactory(municipality=people.municipality, author=people.methodist)
    data = {"addressees": "office", "text": "Продолжить", "edition": report.edition}
    address = reverse("attestation:proposal-new", args=[report.pk])
    return people.methodist, address, data, Proposal.objects.all()


def line(people):
    kind = factories.dictionary(EventKind, people.municipality, "seminar")
    data = {"title": "Семинар", "kind": kind.pk, "month": "2026-10-01", "format": "in_person"}
    address = reverse("events:plan-item-new", args=[people.association.slug, "2026-27"])
    return people.leader, address, data, PlanItem.objects.all()


def order(people):
    data = {"number": "77/01-07", "date": "2026-09-16", "title": "О руководителях"}
    made = Order.objects.filter(number="77/01-07")
    return people.methodist, reverse("communities:order-new"), data, made


def item(people):
    draft = factories.OrderFactory(municipality=people.municipality, state=Order.State.DRAFT)
    data = {"association": people.association.pk, "name": "Учителя", "effective_on": "2026-09-16"}
    address = reverse("communities:order-item-add", args=[draft.pk, "rename"])
    return people.methodist, address, data, draft.items.all()


def organization(people):
    data = {"short_name": "СОШ № 77", "full_name": "МБОУ «СОШ № 77»"}
    data |= {name: getattr(people.organization, f"{name}_id") for name in ("kind", "agency")}
    made = Organization.objects.filter(short_name="СОШ № 77")
    return people.methodist, reverse("communities:organization-new"), data, made


FORMS = [event, person, label, talk, proposal, line, order, item, organization]


def signed_in(who):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(who)
    return client


def key_of(client, address):
    return client.get(address).context["form"]["form_key"].value()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS)
def test_pressed_many_times_at_once_makes_one(people, form):
    who, address, data, made = form(people)
    client, answers = signed_in(who), []
    data["form_key"] = key_of(client, address)

    def press():
        answers.append(signed_in(who).post(address, data))

    assert at_once(PRESSES, press) == []
    assert made.count() == 1
    assert [answer.status_code for answer in answers] == [302] * PRESSES
    assert len({answer.url for answer in answers}) == 1


@pytest.mark.parametrize("form", FORMS)
def test_pressed_once_more_later_leads_to_what_is_made(people, form):
    who, address, data, made = form(people)
    client = signed_in(who)
    data["form_key"] = key_of(client, address)
    first = client.post(address, data)
    second = client.post(address, data)
    assert (made.count(), second.status_code, second.url) == (1, 302, first.url)


def test_second_button_pressed_on_a_slow_page_counts_too(people):
    """«Save the draft», then «Publish» of the same page: one event, and it is published."""
    who, address, data, made = event(people)
    client = signed_in(who)
    del data["publish"]
    data["form_key"] = key_of(client, address)
    client.post(address, data)
    assert made.get().state == "draft"
    client.post(address, data | {"publish": "1"})
    assert made.get().state == "published"


def test_page_carries_a_new_key_each_time(people):
    client = signed_in(people.leader)
    address = reverse("events:event-new")
    assert key_of(client, address) != key_of(client, address)
    html = client.get(address).content.decode()
    assert '<input type="hidden" name="form_key"' in html


def test_another_text_on_the_same_page_is_another_thing(people):
    who, address, data, made = label(people)
    client = signed_in(who)
    data["form_key"] = key_of(client, address)
    client.post(address, data)
    client.post(address, data | {"label": "Отдел спорта", "position": 10})
    assert made.count() == 2


def test_same_text_on_a_fresh_page_is_another_thing(people):
    who, address, data, made = label(people)
    client = signed_in(who)
    for _page in range(2):
        client.post(address, data | {"form_key": key_of(client, address)})
    assert made.count() == 2


def test_key_of_another_person_leads_nowhere(people):
    who, address, data, made = label(people)
    data["form_key"] = key_of(signed_in(who), address)
    signed_in(who).post(address, data)
    signed_in(people.operator).post(address, data)
    assert made.count() == 2


def test_refused_form_may_be_sent_again(people):
    who, address, data, made = person(people)
    client = signed_in(who)
    data["form_key"] = key_of(client, address)
    factories.PersonFactory(
        municipality=people.municipality,
        **{name: data[name] for name in ("last_name", "first_name", "patronymic")},
    )
    refused = client.post(address, data).context["form"]
    assert refused["form_key"].value() == data["form_key"]
    assert client.post(address, data | {"another": "on"}).status_code == 302
    assert made.count() == 2


@pytest.mark.django_db(transaction=True)
def test_namesakes_entered_at_once_are_told(people):
    who, address, data, made = person(people)
    answers = []
    assert at_once(PRESSES, lambda: answers.append(signed_in(who).post(address, data))) == []
    assert made.count() == 1
    refused = [answer for answer in answers if answer.status_code == 200]
    assert len(refused) == PRESSES - 1
    assert all("last_name" in answer.context["form"].errors for answer in refused)


def test_old_notes_are_forgotten(people):
    old = timezone.now() - sent_forms.KEPT - datetime.timedelta(minutes=1)
    SentForm.objects.create(
        municipality=people.municipality, person=people.methodist, key="old", made_at=old
    )
    who, address, data, _made = label(people)
    client = signed_in(who)
    client.post(address, data | {"form_key": key_of(client, address)})
    assert not SentForm.objects.filter(key="old").exists()
    assert SentForm.objects.count() == 1
