"""The dossier: one press, one paper, each row with what proves it, sealed and harmless twice."""

import datetime
import json
import time

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from attestation import certificates, dossier, record_jobs
from attestation.models import Certificate
from communities import jobs, seals
from communities.models import Job, Seal
from materials import checking
from tests.factories import (
    a_school_year,
    attend,
    held_event,
    published_material,
    speak,
)

BUILD = "attestation:dossier-build"


@pytest.fixture
def event(people):
    return held_event(
        people.teacher,
        municipality=people.municipality,
        association=people.association,
        title="Семинар о функциях",
    )


def built(person):
    """The finished job of this person's dossier and its sealed text."""
    row = record_jobs.order_dossier(person, actor=person)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert row.error == ""
    seal = Seal.objects.filter(kind="dossier").latest("number")
    return row, json.loads(seal.payload)


def test_one_press_gives_the_paper(people, event, as_):
    client = as_(people.teacher)
    answer = client.post(reverse(BUILD))
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    jobs.run(job.pk)
    job.refresh_from_db()
    answer = client.get(job.result["url"])
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content
    assert answer["Content-Type"] == "application/pdf"
    assert as_(people.leader).get(job.result["url"]).status_code == 404


def test_a_second_press_finds_the_job_that_runs(people, event, as_):
    client = as_(people.teacher)
    assert client.post(reverse(BUILD)).url == client.post(reverse(BUILD)).url
    jobs.run(Job.objects.get().pk)
    again = client.post(reverse(BUILD)).url
    assert Job.objects.count() == 2
    assert as_(people.leader).post(reverse(BUILD)).url != again


def test_each_event_has_a_certificate_or_minutes(people, event):
    speak(event, people.teacher, "Линейная функция")
    published_material(owner=people.teacher, event=event, title="Карточки")
    _job, payload = built(people.teacher)
    shown, came = payload["rows"]
    number = Certificate.objects.get().register_number
    assert (came["role"], came["proof"]) == ("участник, докладчик", f"Сертификат № {number}")
    assert came["url"].endswith(f"/verify/{came['code']}/")
    assert came["topics"] == ["Линейная функция"]
    assert came["association"] == event.association.title
    assert (shown["title"], shown["role"], shown["code"]) == ("Карточки", "автор", "")
    assert payload["totals"] == {"events": 1, "talks": 1, "materials": 1}


def test_an_event_with_an_open_list_stands_with_its_mark(people):
    event = held_event(people.teacher, municipality=people.municipality, state="published")
    _job, payload = built(people.teacher)
    (row,) = payload["rows"]
    assert (row["title"], row["code"]) == (event.title, "")
    assert row["proof"] == "подтверждено отметкой участия"
    assert not Certificate.objects.exists()


def test_signed_minutes_prove_without_a_certificate(people, event):
    from events.models import Minutes

    seal = seals.seal("minutes", event, {"number": 3}, actor=people.leader)
    Minutes.objects.create(
        municipality=people.municipality,
        event=event,
        school_year=event.school_year,
        number=3,
        state="signed",
        seal=seal,
        signed_at=timezone.now(),
    )
    _job, payload = built(people.teacher)
    assert (payload["rows"][0]["proof"], payload["rows"][0]["code"]) == ("Протокол № 3", seal.code)
    assert not Certificate.objects.exists()


def test_an_annulled_certificate_proves_nothing(people, event):
    paper = certificates.issue_own(event, people.teacher, actor=people.teacher)
    certificates.annul(paper, actor=people.methodist, reason="Ошибка")
    event.state = "published"
    event.save()
    _job, payload = built(people.teacher)
    assert payload["rows"][0]["code"] == ""


def test_the_period_is_five_years(people):
    first, last = dossier.period(datetime.date(2028, 2, 29))
    assert (first, last) == (datetime.date(2023, 2, 1), datetime.date(2028, 2, 29))
    old = a_school_year(people.municipality, timezone.localdate().year - 7)
    held_event(people.teacher, municipality=people.municipality, school_year=old, days_ago=2300)
    _job, payload = built(people.teacher)
    assert payload["rows"] == []


def test_the_sealed_text_outlives_a_new_name(people, event):
    job, payload = built(people.teacher)
    people.teacher.last_name = "Замужняя"
    people.teacher.save()
    seal = Seal.objects.get(kind="dossier")
    assert json.loads(seal.payload) == payload
    assert payload["person"].startswith("Учителева")
    assert seals.verify_municipality(people.municipality) == []
    assert job.result["name"] == f"Досье {people.teacher.short_name}pdf".replace(
        "Замужняя", "Учителева"
    )


def test_the_public_page_confirms_it(people, event, client):
    built(people.teacher)
    seal = Seal.objects.get(kind="dossier")
    page = client.get(reverse("attestation:verify", args=[seal.code])).content.decode()
    for text in ("Подлинный", "Учителева Анна Петровна", "Семинар о функциях"):
        assert text in page


def test_running_the_job_twice_makes_one_dossier(people, event):
    job, _payload = built(people.teacher)
    jobs.run(job.pk)
    assert Seal.objects.filter(kind="dossier").count() == 1
    assert len(default_storage.listdir(jobs.FOLDER)[1]) == 1


def test_a_lost_attempt_leaves_a_file_the_checker_removes(people, event):
    """A worker dies after writing its file; another one takes the job over and finishes."""
    row = record_jobs.order_dossier(people.teacher, actor=people.teacher)
    Job.objects.filter(pk=row.pk).update(state="running", attempt=1, heartbeat_at=timezone.now())
    dead = jobs.Run(Job.objects.get(pk=row.pk))
    default_storage.save(jobs.file_name(dead, "pdf"), as_file(b"half"))
    Job.objects.filter(pk=row.pk).update(
        heartbeat_at=timezone.now() - jobs.STALE_AFTER - datetime.timedelta(seconds=1)
    )
    jobs.run(row.pk)
    with pytest.raises(jobs.LostJob):
        record_jobs.build_dossier(dead, **row.args)
    row.refresh_from_db()
    assert row.state == "done"
    assert Seal.objects.filter(kind="dossier").count() == 1
    later = timezone.now() + datetime.timedelta(hours=2)
    assert checking.check(mend=True, now=later).removed == 1
    assert default_storage.exists(row.result["file"])
    assert checking.check(now=later).is_clean


def as_file(content):
    from django.core.files.base import ContentFile

    return ContentFile(content)


def test_a_missing_file_is_not_a_fault_of_the_reader(people, event, as_):
    job, _payload = built(people.teacher)
    default_storage.delete(job.result["file"])
    assert as_(people.teacher).get(job.result["url"]).status_code == 404


def test_a_hundred_events_take_seconds(people):
    """Certificates for a hundred events and their QR codes, in processor time of ours."""
    for place in range(100):
        attend(held_event(municipality=people.municipality, days_ago=place + 1), people.teacher)
    started = time.process_time()
    _job, payload = built(people.teacher)
    assert len([row for row in payload["rows"] if row["code"]]) == 100
    assert time.process_time() - started < 8


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_proven_already_costs_no_query_more(people, django_assert_num_queries, count):
    for place in range(count):
        event = held_event(people.teacher, municipality=people.municipality, days_ago=place + 1)
        certificates.issue_own(event, people.teacher, actor=people.teacher)
    today = people.municipality.today()
    with django_assert_num_queries(5):
        facts = dossier.facts_in(people.teacher, *dossier.period(today))
        dossier.issue_missing(people.teacher, facts, actor=people.teacher)
        dossier.payload_of(people.teacher, today, facts)
