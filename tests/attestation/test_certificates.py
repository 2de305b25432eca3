"""Certificates: the register without gaps, one valid paper each, sealed as printed."""

import datetime
import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from attestation import certificates
from attestation.models import Certificate
from communities import jobs, seals
from communities.models import AuditEntry, Job
from events.models import Event
from tests.factories import (
    EmploymentFactory,
    PersonFactory,
    attend,
    held_event,
    published_material,
    speak,
)
from tests.races import at_once


def register(municipality):
    rows = Certificate.objects.filter(municipality=municipality).order_by("year", "number")
    return [row.number for row in rows]


def test_everybody_gets_one_paper_and_twice_changes_nothing(people, event):
    first = certificates.issue_for_event(event, actor=people.leader)
    second = certificates.issue_for_event(event, actor=people.leader)
    assert {row.person for row in first} == {people.teacher, people.leader}
    assert second == []
    assert register(people.municipality) == [1, 2]
    assert AuditEntry.objects.filter(action="certificate.issue").count() == 2
    assert seals.verify_municipality(people.municipality) == []


def test_who_came_later_gets_the_next_number(people, event):
    certificates.issue_for_event(event, actor=people.leader)
    late = EmploymentFactory(person__municipality=people.municipality).person
    attend(event, late)
    (new,) = certificates.issue_for_event(event, actor=people.leader)
    assert (new.person, new.number) == (late, 3)


def test_the_most_active_fact_is_named(people, event):
    speak(event, people.teacher, "Линейная функция на данных района")
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    payload = json.loads(paper.seal.payload)
    assert (paper.role, payload["topic"]) == ("speaker", "Линейная функция на данных района")


def test_an_author_of_a_shown_material_was_not_there_for_that(people, event):
    published_material(owner=people.coordinator, event=event)
    certificates.issue_for_event(event, actor=people.leader)
    assert not Certificate.objects.filter(person=people.coordinator).exists()
    with pytest.raises(certificates.CertificateError):
        certificates.issue_own(event, people.coordinator, actor=people.coordinator)


@pytest.mark.parametrize("state", [Event.State.PUBLISHED, Event.State.DRAFT])
def test_nothing_is_issued_while_the_list_is_open(people, event, state):
    Event.objects.filter(pk=event.pk).update(state=state)
    with pytest.raises(certificates.CertificateError):
        certificates.issue_for_event(event, actor=people.leader)
    with pytest.raises(certificates.CertificateError):
        certificates.issue_own(event, people.teacher, actor=people.teacher)
    assert register(people.municipality) == []


def test_a_failure_leaves_no_gap(people, event, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(seals, "seal", broken)
        with pytest.raises(RuntimeError):
            certificates.issue_for_event(event, actor=people.leader)
    certificates.issue_for_event(event, actor=people.leader)
    assert register(people.municipality) == [1, 2]


def test_numbers_begin_anew_each_year_by_the_municipality_clock(people, event):
    moment = datetime.datetime(2025, 12, 31, 21, 30, tzinfo=datetime.UTC)  # 2026 in Moscow
    paper = certificates.issue_for_event(event, actor=people.leader, at=moment)[0]
    assert paper.register_number == "nikolsky-2026-00001"


def test_the_database_refuses_a_second_valid_paper(people, event):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            municipality=people.municipality,
            year=paper.year,
            number=99,
            person=people.teacher,
            event=event,
            role="speaker",
        )


def test_the_paper_does_not_change_with_names(people, event, monkeypatch):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    sheets = []
    monkeypatch.setattr(
        certificates.documents, "pdf", lambda name, data, **_kw: sheets.append(data)
    )
    certificates.pdf(paper)
    people.teacher.last_name = "Замужняя"
    people.teacher.save()
    people.organization.short_name = "Гимназия"
    people.organization.save()
    people.municipality.head_name = "И.И. Новый"
    people.municipality.save()
    certificates.pdf(Certificate.objects.get(pk=paper.pk))
    assert sheets[0] == sheets[1]
    assert sheets[0]["person"].startswith("Учителева")


def test_the_same_paper_gives_the_same_tagged_bytes(people, event):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    first, second = certificates.pdf(paper), certificates.pdf(paper)
    assert first == second
    assert b"/StructTreeRoot" in first
    assert b"/MarkInfo" in first


def test_annulled_says_why_and_may_be_asked_for_again(people, event):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    paper.refresh_from_db()
    assert (paper.state, paper.state_reason) == ("annulled", "Ошибка в отметке")
    with pytest.raises(certificates.CertificateError):
        certificates.annul(paper, actor=people.methodist, reason="Ещё раз")
    assert certificates.issue_own(event, people.teacher, actor=people.teacher).number == 2


def test_a_new_paper_replaces_the_old_one(people, event):
    old = certificates.issue_own(event, people.teacher, actor=people.teacher)
    people.teacher.last_name = "Замужняя"
    people.teacher.save()
    new = certificates.reissue(old, actor=people.methodist, reason="Смена фамилии")
    old.refresh_from_db()
    assert (old.state, old.replaced_by, old.state_reason) == ("replaced", new, "Смена фамилии")
    assert json.loads(new.seal.payload)["person"].startswith("Замужняя")
    assert json.loads(old.seal.payload)["person"].startswith("Учителева")
    with pytest.raises(certificates.CertificateError):
        certificates.reissue(old, actor=people.methodist, reason="Опять")


def test_without_a_mark_there_is_no_new_paper(people, event):
    old = certificates.issue_own(event, people.teacher, actor=people.teacher)
    event.attendances.filter(person=people.teacher).delete()
    with pytest.raises(certificates.CertificateError):
        certificates.reissue(old, actor=people.methodist, reason="Смена фамилии")
    old.refresh_from_db()
    assert old.state == "valid"


@pytest.mark.parametrize(
    ("hours", "text"),
    [("1", "1 час"), ("2", "2 часа"), ("5", "5 часов"), ("1.5", "1,5 часа"), ("10.0", "10 часов")],
)
def test_hours_are_written_as_people_say_them(hours, text):
    from decimal import Decimal

    assert certificates.hours_text(Decimal(hours)) == text


# -- at once


@pytest.fixture
def hall(people, transactional_db):
    """A closed event with five people."""
    crowd = [PersonFactory(municipality=people.municipality) for _ in range(5)]
    return held_event(*crowd, municipality=people.municipality, association=people.association)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_give_one_paper_each(people, hall):
    wrong = at_once(50, lambda: certificates.issue_for_event(hall, actor=people.leader))
    assert wrong == []
    assert register(people.municipality) == [1, 2, 3, 4, 5]
    assert Certificate.objects.values("person").distinct().count() == 5
    assert seals.verify_municipality(people.municipality) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_not(people, hall, monkeypatch):
    """The negative control: the test above fails when nothing is locked."""

    def unlocked(event):
        return Event.objects.get(pk=event.pk), event.municipality

    monkeypatch.setattr(certificates, "_locked", unlocked)
    wrong = at_once(8, lambda: certificates.issue_for_event(hall, actor=people.leader))
    assert wrong != []


# -- pages


def test_one_asks_for_the_own_paper_and_downloads_it(people, event, as_):
    client = as_(people.teacher)
    address = reverse("attestation:certificate-issue", args=[event.pk])
    answer = client.post(address, {"next": "/me/?kind=events"})
    assert answer.url == "/me/?kind=events"
    for foreign in ("https://evil.example/", "abc", "help/"):
        assert client.post(address, {"next": foreign}).url == event.get_absolute_url()
    paper = Certificate.objects.get()
    answer = client.get(reverse("attestation:certificate-pdf", args=[paper.pk]))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"


def test_who_was_not_there_is_told_so(people, event, as_):
    client = as_(people.coordinator)
    answer = client.post(reverse("attestation:certificate-issue", args=[event.pk]), follow=False)
    assert answer.status_code == 302
    assert not Certificate.objects.exists()


def test_another_persons_paper_is_not_found(people, event, as_):
    paper = certificates.issue_own(event, people.leader, actor=people.leader)
    address = reverse("attestation:certificate-pdf", args=[paper.pk])
    assert as_(people.teacher).get(address).status_code == 404
    assert as_(people.neighbour).get(address).status_code == 404
    assert as_(people.methodist).get(address).status_code == 200


def test_the_leader_orders_papers_for_everybody_once(
    people, event, as_, django_capture_on_commit_callbacks
):
    client = as_(people.leader)
    address = reverse("attestation:certificates-issue", args=[event.pk])
    first, second = client.post(address), client.post(address)
    assert first.url == second.url
    job = Job.objects.get()
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["count"]) == ("done", 2)
    assert register(people.municipality) == [1, 2]


def test_a_job_for_a_reopened_event_says_why_it_failed(people, event, as_):
    as_(people.leader).post(reverse("attestation:certificates-issue", args=[event.pk]))
    Event.objects.filter(pk=event.pk).update(state="published")
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error == "Сертификаты выдаются, когда отметка участников закрыта."


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_number_of_queries(
    people, event, as_, django_assert_num_queries, count
):
    crowd = [people.teacher, people.leader, PersonFactory(municipality=people.municipality)]
    attend(event, crowd[2])
    for person in crowd[:count]:
        certificates.issue_own(event, person, actor=person)
    client = as_(people.methodist)
    with django_assert_num_queries(5):
        answer = client.get(reverse("attestation:certificate-list"))
    assert len(answer.context["rows"]) == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nikolsky-{year}-00002", [2]),
        ("{year}-2", [2]),
        ("№ 1", [1]),
        ("учител", [1]),
        ("УЧИТЕЛЕВА анна п.", [1]),
        ("лидова", [2]),
        ("никто", []),
        ("99999999999999999999", []),
        ("9999-99999999", []),
        ("=", []),
        ("", [2, 1]),
    ],
)
def test_the_register_is_searched_by_number_and_name(people, event, as_, query, found):
    certificates.issue_own(event, people.teacher, actor=people.teacher)
    paper = certificates.issue_own(event, people.leader, actor=people.leader)
    query = query.format(year=paper.year)
    answer = as_(people.methodist).get(reverse("attestation:certificate-list"), {"q": query})
    assert [row.number for row, _tone in answer.context["rows"]] == found


def test_the_register_is_searched_by_check_code(people, event, as_):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    answer = as_(people.methodist).get(
        reverse("attestation:certificate-list"), {"q": paper.seal.code.lower()}
    )
    assert [row for row, _tone in answer.context["rows"]] == [paper]


def test_annulling_asks_for_a_reason_first(people, event, as_):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    client = as_(people.methodist)
    address = reverse("attestation:certificate-annul", args=[paper.pk])
    assert "Учителева" in client.get(address).content.decode()
    answer = client.post(address, {"reason": ""})
    assert answer.context["form"].errors.keys() == {"reason"}
    client.post(address, {"reason": "Ошибка в отметке"})
    paper.refresh_from_db()
    assert paper.state == "annulled"
    assert client.post(address, {"reason": "Ещё раз"}, follow=True).status_code == 200


def test_reissuing_by_page(people, event, as_):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    address = reverse("attestation:certificate-reissue", args=[paper.pk])
    as_(people.methodist).post(address, {"reason": "Смена фамилии"})
    paper.refresh_from_db()
    assert paper.replaced_by.number == 2


def test_the_head_reads_the_register_and_mends_nothing(people, event, as_):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    client = as_(people.head)
    assert not client.get(reverse("attestation:certificate-list")).context["may_annul"]
    address = reverse("attestation:certificate-annul", args=[paper.pk])
    assert client.post(address, {"reason": "Так"}).status_code == 403


def checked(client, paper):
    """The public page of a certificate as a guest reads it."""
    client.logout()
    page = client.get(reverse("attestation:verify", args=[paper.seal.code]))
    assert page.status_code == 200
    return page.content.decode()


def test_everybody_may_check_every_field_of_a_paper(people, event, client):
    speak(event, people.teacher, "Линейная функция")
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    page = checked(client, paper)
    payload = json.loads(paper.seal.payload)
    for name in (
        "number",
        "person",
        "organization",
        "event",
        "topic",
        "happened_text",
        "hours_text",
    ):
        assert payload[name] in page, name
    for name in ("level", "event_kind", "phrase", "issuer", "issued_text", "head_name", "proof"):
        assert payload[name] in page, name
    assert "Подлинный" in page


def test_the_check_page_says_what_became_of_a_paper(people, event, client):
    old = certificates.issue_own(event, people.teacher, actor=people.teacher)
    new = certificates.reissue(old, actor=people.methodist, reason="Смена фамилии")
    page = checked(client, old)
    assert new.register_number in page
    assert "Смена фамилии" in page
    assert reverse("attestation:verify", args=[new.seal.code]) in page
    certificates.annul(new, actor=people.methodist, reason="Ошибка в отметке")
    page = checked(client, new)
    assert "Аннулирован" in page
    assert "Ошибка в отметке" in page


def test_the_part_of_an_event_page(people, event, as_):
    address = reverse("attestation:event-proof", args=[event.pk])
    client = as_(people.teacher)
    assert "Получить сертификат" in client.get(address).content.decode()
    certificates.issue_own(event, people.teacher, actor=people.teacher)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Скачать сертификат" in part
    assert "<html" not in part
    assert "Выдать сертификаты всем" in as_(people.leader).get(address).content.decode()
