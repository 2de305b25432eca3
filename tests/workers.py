"""Real Celery workers for tests: on the test's database, told by a broker of their own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from communities.models import Job
from network_portal.celery import app
from network_portal.embedded.processes import die_with_parent, is_running, wait_until
from network_portal.embedded.services import Places, redis_urls
from network_portal.embedded.supervisor import FRUGAL, end_group
from network_portal.embedded.valkey import Valkey

CHECKOUT = Path(__file__).resolve().parent.parent
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
OVER = (Job.State.DONE, Job.State.FAILED)


class Workshop:
    """One broker and its workers; `settings` are those of the portal under test."""

    def __init__(self, folder, settings):
        self.places = Places(folder)
        self.broker = Valkey(self.places)
        self.settings = settings
        self.workers = []

    @property
    def address(self):
        return redis_urls("", self.places.local).broker

    def hire(self, application="network_portal", processes=1, **environment):
        """Start a worker; it is at work as soon as it has something to do."""
        command = [sys.executable, "-m", "celery", "-A", application, "worker", *QUIET]
        with self.places.log("worker").open("ab") as log:
            worker = subprocess.Popen(
                [*command, "-c", str(processes), "-l", "INFO"],
                cwd=CHECKOUT,
                env={**os.environ, **FRUGAL, **self._environment(), **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGQUIT),
            )
        self.workers.append(worker)
        return worker

    def _environment(self):
        return {
            "DEMO": "1",
            "DATABASE_URL": database_url(),
            "REDIS_URL": "",
            "LOCAL_DIR": str(self.places.local),
            "MEDIA_ROOT": str(self.settings.MEDIA_ROOT),
            "SIGNING_KEY_FILE": str(self.settings.SIGNING_KEY_FILE),
            "SITE_URL": self.settings.SITE_URL,
        }

    def kill(self, worker):
        """SIGKILL, and wait until the kernel has taken its processes along."""
        family = [worker.pid, *children_of(worker.pid)]
        worker.kill()
        worker.wait()
        assert wait_until(lambda: not any(map(is_running, family)), 10)

    def log(self):
        return self.places.log("worker").read_text()

    def close(self):
        for worker in self.workers:
            end_group(worker.pid)
            worker.wait()
        self.broker.stop()
        shutil.rmtree(self.places.sockets, ignore_errors=True)


def database_url():
    """The test's database as another process names it."""
    known = connection.settings_dict
    user, password = quote(known["USER"]), quote(known["PASSWORD"])
    port = known["PORT"] or ""
    return f"postgresql://{user}:{password}@:{port}/{known['NAME']}?host={known['HOST']}"


def children_of(pid):
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


@pytest.fixture
def workshop(transactional_db, settings, tmp_path, monkeypatch):
    """A broker the portal under test sends to; its workers are gone before the tables are."""
    made = Workshop(tmp_path / "workshop", settings)
    made.broker.start()
    real = app.connection
    monkeypatch.setattr(app, "connection", lambda **options: real(made.address, **options))
    yield made
    made.close()


def over(job, seconds=60):
    """The job when it has come to its end."""
    rows = Job.objects.filter(pk=job.pk)
    assert wait_until(lambda: rows.get().state in OVER, seconds, pause=0.05), rows.get().state
    return rows.get()
