import datetime
import socket
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities import jobs
from communities.models import AuditEntry, Job
from communities.tasks import run_job

State = Job.State


@pytest.fixture
def work(monkeypatch):
    """`work(function)` makes it what jobs of the kind "test" do."""

    def register(function):
        monkeypatch.setitem(jobs.REGISTRY, "test", function)
        return function

    register(finishing)
    return register


@pytest.fixture
def woken(monkeypatch):
    """Ids of the jobs a worker was told about."""
    calls = []
    monkeypatch.setattr(jobs, "wake", lambda pk: calls.append(pk) or True)
    return calls


def finishing(run, **args):
    with run.finish() as result:
        result["url"] = "/reports/"


def ask(person, **fields):
    return jobs.enqueue("test", owner=person, title="Выгрузка", **fields)


def aged(row, **fields):
    Job.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def ago(seconds):
    return timezone.now() - datetime.timedelta(seconds=seconds)


def test_enqueue_with_a_key_gives_one_live_job(people, work, woken):
    first = ask(people.teacher, key="2026")
    assert ask(people.teacher, key="2026") == first
    assert ask(people.teacher, key="2027") != first
    assert ask(people.teacher) != ask(people.teacher)


def test_enqueue_with_the_key_of_a_finished_job_gives_a_new_one(people, work, woken):
    first = ask(people.teacher, key="2026")
    jobs.run(first.pk)
    assert ask(people.teacher, key="2026") != first


def test_unknown_kind_is_refused_at_once(people):
    with pytest.raises(LookupError):
        jobs.enqueue("unheard-of", owner=people.teacher, title="")


def test_job_and_its_cause_are_born_together(
    people, work, woken, django_capture_on_commit_callbacks
):
    def ask_and_break():
        with transaction.atomic():
            ask(people.teacher)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        ask_and_break()
    assert not Job.objects.exists()
    assert woken == []
    with django_capture_on_commit_callbacks(execute=True):
        row = ask(people.teacher)
        assert woken == []
    assert woken == [row.pk]


def test_run_passes_arguments_and_keeps_the_result(people, work, woken):
    seen = []

    @work
    def remember(run, **args):
        seen.append(args)
        run.step("Считаем участия", 3, 8)
        with run.finish() as result:
            result.update(url="/x/", text="Открыть")

    row = ask(people.teacher, year=2026)
    run_job(str(row.pk))
    row.refresh_from_db()
    assert seen == [{"year": 2026}]
    assert (row.state, row.stage, row.done_units, row.total_units) == (
        *(State.DONE, "Считаем участия"),
        *(3, 8),
    )
    assert row.result == {"url": "/x/", "text": "Открыть"}
    assert row.finished_at is not None


def test_running_a_task_twice_does_the_work_once(people, work, woken):
    done = []

    @work
    def once(run):
        done.append(1)
        finishing(run)

    row = ask(people.teacher)
    jobs.run(row.pk)
    jobs.run(row.pk)
    assert done == [1]


def test_finish_locks_the_row_until_the_effects_are_in(people, work, woken):
    row = ask(people.teacher)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        jobs.run(row.pk)
    assert any("FOR UPDATE" in query["sql"] for query in queries)


def test_effects_and_the_word_done_happen_together(people, work, woken):
    @work
    def breaking(run):
        with run.finish():
            AuditEntry.objects.create(municipality=people.municipality, action="effect")
            raise ValueError

    row = ask(people.teacher)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert str(row.pk)[:8] in row.error
    assert not AuditEntry.objects.filter(action="effect").exists()


def test_reason_of_a_job_error_reaches_the_owner(people, work, woken):
    @work
    def refusing(run):
        raise jobs.JobError("Строка 7: нет такой школы.")

    row = ask(people.teacher)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (State.FAILED, "Строка 7: нет такой школы.")


def test_work_that_forgets_its_result_fails_aloud(people, work, woken):
    work(lambda run: None)
    row = ask(people.teacher)
    jobs.run(row.pk)
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_job_taken_over_rolls_back_what_the_first_worker_did(people, work, woken):
    @work
    def slow(run):
        with run.finish():
            AuditEntry.objects.create(municipality=people.municipality, action="effect")
        pytest.fail("finished a job that another worker has")

    row = ask(people.teacher)
    first = jobs._claim(row.pk)
    aged(row, heartbeat_at=ago(61))
    second = jobs._claim(row.pk)
    assert (first.attempt, second.attempt) == (1, 2)
    with pytest.raises(jobs.LostJob):
        slow(jobs.Run(first))
    with pytest.raises(jobs.LostJob):
        jobs.Run(first).step("Ещё жив")
    assert not AuditEntry.objects.filter(action="effect").exists()
    finishing(jobs.Run(second))
    row.refresh_from_db()
    assert row.state == State.DONE


def test_job_with_a_fresh_sign_of_life_is_left_alone(people, work, woken):
    row = ask(people.teacher)
    jobs._claim(row.pk)
    aged(row, heartbeat_at=ago(50))
    assert jobs._claim(row.pk) is None
    assert jobs.sweep() == 0


def test_sweep_wakes_the_forgotten_and_the_stale_only(people, work, woken):
    fresh, forgotten, stale = (ask(people.teacher) for _ in range(3))
    aged(forgotten, created_at=ago(20))
    jobs._claim(stale.pk)
    aged(stale, heartbeat_at=ago(61), created_at=ago(100))
    assert jobs.sweep() == 2
    assert woken == [stale.pk, forgotten.pk]
    assert fresh.pk not in woken


def test_sweep_gives_up_after_some_attempts(people, work, woken):
    row = ask(people.teacher)
    for _attempt in range(jobs.MAX_ATTEMPTS):
        assert jobs._claim(row.pk)
        aged(row, heartbeat_at=ago(61))
    assert jobs.sweep() == 0
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "прерыва" in row.error


def test_sweep_stops_at_the_first_refusal_of_the_broker(people, work, monkeypatch):
    calls = []
    monkeypatch.setattr(jobs, "wake", lambda pk: calls.append(pk))
    for _ in range(3):
        aged(ask(people.teacher), created_at=ago(20))
    assert jobs.sweep() == 0
    assert len(calls) == 1


def failed(person):
    return aged(ask(person), state=State.FAILED, error="Нет связи", attempt=1, finished_at=ago(9))


def test_retry_queues_a_failed_job_again(people, work, woken, django_capture_on_commit_callbacks):
    row = failed(people.teacher)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.retry(row, actor=people.teacher) == row
    row.refresh_from_db()
    assert (row.state, row.error) == (State.QUEUED, "")
    assert woken == [row.pk]
    line = AuditEntry.objects.get(action="job.retry")
    assert (line.actor, line.object_id) == (people.teacher, str(row.pk))
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt) == (State.DONE, 2)


def test_worker_lost_before_a_retry_cannot_finish_it(people, work, woken):
    row = ask(people.teacher)
    lost = jobs._claim(row.pk)
    aged(row, state=State.FAILED)
    jobs.retry(row, actor=people.teacher)
    jobs._claim(row.pk)
    with pytest.raises(jobs.LostJob):
        finishing(jobs.Run(lost))


def test_retry_leads_to_the_live_job_with_the_same_key(people, work, woken):
    old = ask(people.teacher, key="2026")
    aged(old, state=State.FAILED)
    new = ask(people.teacher, key="2026")
    assert jobs.retry(old, actor=people.teacher) == new
    assert not AuditEntry.objects.filter(action="job.retry").exists()


@pytest.fixture(params=["closed", "silent"])
def broker_gone(request, monkeypatch):
    """No broker: nobody listens, or somebody who never answers."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    if request.param == "silent":
        server.listen(5)
    address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
    if request.param == "closed":
        server.close()
    app = run_job.app
    real = app.connection
    monkeypatch.setattr(app, "connection", lambda **options: real(address, **options))
    yield request.param
    server.close()


def test_job_waits_and_its_page_works_while_the_broker_is_away(
    people, as_, work, broker_gone, django_capture_on_commit_callbacks
):
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        row = ask(people.teacher)
    assert time.monotonic() - begun < 2
    response = as_(people.teacher).get(row.get_absolute_url())
    assert response.status_code == 200
    assert "Ждёт своей очереди" in response.content.decode()
    row.refresh_from_db()
    assert row.state == State.QUEUED


def test_wake_reaches_a_broker_that_is_there(people, work):
    assert jobs.wake(ask(people.teacher).pk) is True


def page(client, row, **headers):
    return client.get(row.get_absolute_url(), headers=headers).content.decode()


def test_page_refreshes_itself_while_the_job_is_alive(people, as_, work, woken):
    row = ask(people.teacher)
    text = page(as_(people.teacher), row)
    assert 'hx-trigger="every 2s"' in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    aged(row, state=State.RUNNING, stage="Считаем участия: 8 из 20", done_units=8, total_units=20)
    text = page(as_(people.teacher), row, hx_request="true")
    assert "<html" not in text
    assert 'value="8" max="20"' in text
    assert "Считаем участия: 8 из 20" in text


def test_page_of_a_finished_job_stops_asking_and_links_the_result(people, as_, work, woken):
    row = ask(people.teacher)
    jobs.run(row.pk)
    text = page(as_(people.teacher), row)
    assert "hx-trigger" not in text
    assert "http-equiv" not in text
    assert 'href="/reports/"' in text
    text = page(as_(people.teacher), row, hx_request="true")
    assert "hx-trigger" not in text
    assert "Готово" in text


def test_page_of_a_failed_job_says_why_and_offers_another_try(people, as_, work, woken):
    row = failed(people.teacher)
    text = page(as_(people.teacher), row)
    assert "Нет связи" in text
    address = reverse("communities:job-retry", args=[row.pk])
    assert f'action="{address}"' in text
    response = as_(people.teacher).post(address)
    assert response.url == row.get_absolute_url()
    row.refresh_from_db()
    assert row.state == State.QUEUED


def test_job_is_its_owners_business(people, as_, work, woken):
    row = failed(people.teacher)
    client = as_(people.methodist)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(reverse("communities:job-retry", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.state == State.FAILED
