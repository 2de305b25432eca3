"""What is kept for a month and then goes, with its files."""

import datetime
import os

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from communities import tasks
from communities.models import ImportBatch, Job
from tests.factories import ImportBatchFactory
from tests.kept import session_of


def a_job(people, days, state="done", **result):
    return Job.objects.create(
        municipality=people.municipality,
        owner=people.teacher,
        kind="test",
        state=state,
        result=result,
        finished_at=timezone.now() - datetime.timedelta(days=days),
    )


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_files_of_jobs_go_with_them(people, media, days, is_kept):
    """Those of attempts that died too, which no job names; what failed may be tried again."""
    names = [default_storage.save(f"jobs/{n}.pdf", ContentFile(b"paper")) for n in range(2)]
    then = timezone.now() - datetime.timedelta(days=days)
    for name in names:
        os.utime(default_storage.path(name), (then.timestamp(), then.timestamp()))
    done = a_job(people, days, file=names[0])
    others = [a_job(people, days, state=state) for state in ("failed", "queued")]
    tasks.tidy()
    assert [default_storage.exists(name) for name in names] == [is_kept] * 2
    assert set(Job.objects.all()) == {*others, *([done] if is_kept else [])}


@pytest.mark.parametrize("state", ImportBatch.State)
def test_lists_nobody_applied_go(people, state):
    batch = ImportBatchFactory(created_by=people.methodist, state=state)
    ImportBatch.objects.update(created_at=timezone.now() - datetime.timedelta(days=31))
    tasks.tidy()
    assert ImportBatch.objects.filter(pk=batch.pk).exists() is (state != "preview")


def test_ended_sessions_go(people):
    for person in (people.teacher, people.leader):
        key = session_of(person)
    Session.objects.filter(pk=key).update(expire_date=timezone.now())
    tasks.tidy()
    assert Session.objects.count() == 1
