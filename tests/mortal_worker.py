"""The portal's worker, which kills its own process at one moment of building a report.

The moment stands in the file MORTAL_ORDER, which is removed on the way out, so the next
process lives. With MORTAL_WAIT the figures of each source take so many seconds. With
MORTAL_CARELESS the job's end is no transaction: what must not be so.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

import django

from network_portal.celery import app

django.setup()

from django.db.backends.postgresql.base import DatabaseWrapper  # noqa: E402

from attestation import reports  # noqa: E402
from attestation.indicators import figures  # noqa: E402
from communities import jobs  # noqa: E402

__all__ = ["app"]
KIND = "attestation.build_report"
ORDER = Path(os.environ["MORTAL_ORDER"])
WAIT = float(os.environ.get("MORTAL_WAIT", "0"))


def at(moment):
    """Die here, and once, if this is the moment."""
    if ORDER.exists() and ORDER.read_text() == moment:
        ORDER.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def around(function, before, after):
    """The function with a moment before and one after it."""

    def mortal(*args, **kwargs):
        at(before)
        answer = function(*args, **kwargs)
        at(after)
        return answer

    return mortal


def slow_evidence_keys(name, indicators, scope, keys=figures.evidence_keys):
    time.sleep(WAIT)
    at(f"figures of {name}")
    return keys(name, indicators, scope)


@contextlib.contextmanager
def careless_finish(run):
    yield {}
    jobs.Job.objects.filter(pk=run.row.pk).update(state=jobs.Job.State.DONE)


jobs.REGISTRY[KIND] = around(jobs.REGISTRY[KIND], "claimed", "ended")
figures.evidence_keys = slow_evidence_keys
reports.computed = around(reports.computed, "counting", "counted")
reports.store = around(reports.store, "storing", "stored")
DatabaseWrapper.commit = around(DatabaseWrapper.commit, "committing", "committed")
if "MORTAL_CARELESS" in os.environ:
    jobs.Run.finish = careless_finish
