"""What a page does when it wants background work and the broker is gone, and what follows."""

import datetime
import os
import subprocess
import sys
import time
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from attestation import record_jobs
from communities import jobs
from communities.models import Job
from materials import extraction
from tests.conftest import People
from tests.factories import a_school_year
from tests.workers import over

WAKE = """
import time
from communities import broker, tasks
began = time.monotonic()
for number in range(3):
    broker.send(tasks.run_job, str(number))
print("seconds:", time.monotonic() - began)
"""


def test_page_does_not_wait_for_a_broker_that_is_gone():
    """In a process of its own: Celery keeps the connections of the first address it had."""
    woken = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", WAKE],
        cwd=Path(__file__).parent.parent.parent,
        env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert woken.returncode == 0, woken.stderr
    assert float(woken.stdout.partition("seconds:")[2]) < 2
    assert woken.stderr.count("waits for the broker") == 3


def ask_for_a_report(client, municipality, start):
    """Press the button; the page that answers, and the job behind it."""
    year = a_school_year(municipality, start)
    answer = client.post(reverse("attestation:report-build", args=[year.slug]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode(), Job.objects.latest("created_at")


def test_job_asked_without_a_broker_runs_when_it_is_back(workshop, client):
    """The worker, which is there all the time, finds the new broker by itself."""
    cast = People()
    client.force_login(cast.methodist)
    workshop.hire()
    _page, first = ask_for_a_report(client, cast.municipality, 2020)
    assert over(first).state == Job.State.DONE
    workshop.broker.stop()
    began = time.monotonic()
    page, job = ask_for_a_report(client, cast.municipality, 2021)
    assert time.monotonic() - began < 5
    assert "Ждёт своей очереди" in page
    waited = timezone.now() - jobs.UNSENT_AFTER - datetime.timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(created_at=waited)
    assert jobs.sweep() == 0
    workshop.broker.start()
    assert jobs.sweep() == 1
    assert over(job).state == Job.State.DONE
    assert over(job).attempt == 1


def test_what_somebody_waits_for_goes_before_the_texts_of_files(workshop, monkeypatch):
    """Both were asked while no worker was free; the later one is done first."""
    assert extraction.KIND in jobs.PATIENT
    cast = People()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "wake", lambda pk: True)
        asked = [record_jobs.order_dossier(one, actor=one) for one in (cast.teacher, cast.leader)]
    for job, patient in zip(asked, ({asked[0].kind}, set()), strict=True):
        with monkeypatch.context() as patch:
            patch.setattr(jobs, "PATIENT", patient)
            jobs.wake(job.pk)
    workshop.hire()
    first, last = (over(job).finished_at for job in asked)
    assert first > last
