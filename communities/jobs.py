"""Long tasks as rows: queued with their cause, run by a worker, swept when one dies."""

import contextlib
import dataclasses
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit, broker
from communities.models import Job

log = logging.getLogger(__name__)
STALE_AFTER = timedelta(seconds=60)  # a running job without a sign of life is taken over
UNSENT_AFTER = timedelta(seconds=15)  # a queued job whose message the broker may have lost
MAX_ATTEMPTS = 5
BEAT_EVERY = 0.5  # seconds between two writes of progress

FOLDER = "jobs"  # of the storage: files that results of jobs name

LIVE = (Job.State.QUEUED, Job.State.RUNNING)
REGISTRY: dict[str, Callable] = {}
PATIENT = set()  # kinds nobody waits for: letters and papers go before them


class JobError(Exception):
    """A failure whose text the owner may read."""


class LostJob(Exception):
    """Another worker has taken this job over; whatever this one did is rolled back."""


def job(kind, *, is_patient=False):
    """Register `function(run, **args)` as the work behind jobs of `kind`."""

    def register(function):
        REGISTRY[kind] = function
        PATIENT.update({kind} if is_patient else ())
        return function

    return register


def enqueue(kind, *, owner, title, municipality=None, key="", **args):
    """Create the job with its cause and wake a worker on commit.

    With a `key` there is one live job per kind and key: asking twice returns the first.
    """
    if kind not in REGISTRY:
        raise LookupError(kind)
    fields = {
        "municipality": municipality or owner.municipality,
        "owner": owner,
        "kind": kind,
        "key": key,
        "title": title[:200],
        "args": args,
    }
    try:
        row = _create(fields)
    except IntegrityError:
        if row := _live(kind, key):
            return row
        row = _create(fields)  # the other one has ended at this very moment
    transaction.on_commit(lambda: wake(row.pk))
    return row


@transaction.atomic
def _create(fields):
    return Job.objects.create(**fields)


def _live(kind, key):
    """The waiting or running job with this key, if there is one."""
    return Job.objects.filter(kind=kind, key=key, state__in=LIVE).exclude(key="").first()


def wake(pk):
    """Tell a worker, and say whether that went; without a broker the row waits for the sweeper."""
    from communities.tasks import run_job

    is_patient = Job.objects.filter(pk=pk, kind__in=PATIENT).exists()
    return broker.send(run_job, str(pk), priority=broker.LAST if is_patient else broker.FIRST)


@dataclasses.dataclass
class Run:
    """What a working job may say: how far it is, and that it is finished."""

    row: Job
    _last_beat: float = 0.0

    def step(self, stage, done=0, total=0):
        """Show the stage and the units done; written at most twice a second."""
        now = time.monotonic()
        if done not in (0, total) and now - self._last_beat < BEAT_EVERY:
            return
        self._last_beat = now
        mine = Job.objects.filter(pk=self.row.pk, attempt=self.row.attempt, state=Job.State.RUNNING)
        if not mine.update(
            stage=stage[:200], done_units=done, total_units=total, heartbeat_at=timezone.now()
        ):
            raise LostJob

    @contextlib.contextmanager
    def finish(self):
        """One transaction for the effects and the word «done»: both happen or neither.

        Yields a dict for the result: `url` and `text` of the link the job page shows.
        """
        result = {}
        with transaction.atomic():
            mine = Job.objects.select_for_update().filter(
                pk=self.row.pk, attempt=self.row.attempt, state=Job.State.RUNNING
            )
            if not mine.exists():
                raise LostJob
            yield result
            Job.objects.filter(pk=self.row.pk).update(
                state=Job.State.DONE, result=result, finished_at=timezone.now(), error=""
            )


def run(pk):
    """Do the work of a waiting job; one that runs elsewhere or is finished is left alone."""
    row = _claim(pk)
    if row is None:
        return
    try:
        REGISTRY[row.kind](Run(row), **row.args)
    except LostJob:
        log.warning("job %s was taken over", pk)
    except JobError as error:
        _fail(row, str(error))
    except Exception:
        log.exception("job %s failed", pk)
        _fail(row, _our_fault(pk))
    else:
        if _fail(row, _our_fault(pk)):
            log.error("job %s came to its end without a result", pk)


def _our_fault(pk):
    return _("The work stopped because of our fault. Number %(n)s.") % {"n": str(pk)[:8]}


def _claim(pk):
    now = timezone.now()
    waiting = Q(state=Job.State.QUEUED) | Q(
        state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER
    )
    claimed = Job.objects.filter(waiting, pk=pk).update(
        state=Job.State.RUNNING, heartbeat_at=now, attempt=F("attempt") + 1, error=""
    )
    if not claimed:
        return None
    return Job.objects.select_related("owner", "municipality").get(pk=pk)


def _fail(row, text):
    mine = Job.objects.filter(pk=row.pk, attempt=row.attempt, state=Job.State.RUNNING)
    return mine.update(state=Job.State.FAILED, error=text, finished_at=timezone.now())


def sweep():
    """Wake what waits too long and what lost its worker; give up after some attempts."""
    now = timezone.now()
    dead = Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    tried = Job.objects.alias(tries=F("attempt") % MAX_ATTEMPTS).filter(tries=0)
    tried.filter(dead).update(
        state=Job.State.FAILED,
        error=_("The work was interrupted several times. Try again later."),
        finished_at=now,
    )
    unsent = Q(state=Job.State.QUEUED, created_at__lt=now - UNSENT_AFTER)
    waiting = Job.objects.filter(dead | unsent).order_by("created_at")
    woken = 0
    for pk in list(waiting.values_list("pk", flat=True)[:100]):
        if not wake(pk):
            break
        woken += 1
    return woken


def retry(row, *, actor):
    """Put a failed job back into the queue at its owner's wish, and return the live one.

    The attempts are counted on, so a worker lost before can never finish this one. With a key
    another job may have been asked for since: then that one goes on.
    """
    try:
        with transaction.atomic():
            again = Job.objects.filter(pk=row.pk, state=Job.State.FAILED).update(
                state=Job.State.QUEUED,
                stage="",
                done_units=0,
                total_units=0,
                error="",
                finished_at=None,
                created_at=timezone.now(),
            )
            if again:
                audit.record("job.retry", row, actor=actor)
    except IntegrityError:
        return _live(row.kind, row.key) or row
    if again:
        transaction.on_commit(lambda: wake(row.pk))
    return row


def file_name(run, extension):
    """A name of its own for every attempt: a late one never overwrites another's file."""
    return f"{FOLDER}/{run.row.pk}-{run.row.attempt}.{extension}"


def with_files():
    """Finished jobs whose result is a file; what lost attempts wrote, no job names."""
    return Job.objects.filter(state=Job.State.DONE, result__has_key="file")
