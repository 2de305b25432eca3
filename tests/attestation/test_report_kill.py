"""A worker killed with SIGKILL while it builds a report: no report or a whole one, never two."""

import datetime

import pytest
from django.utils import timezone

from attestation import reports
from attestation.indicators.figures import by_source
from attestation.models import AnnualReport, Indicator
from communities import jobs
from communities.models import AuditEntry, Job
from network_portal.embedded.processes import wait_until
from tests import factories
from tests.conftest import People
from tests.workers import over

MOMENTS = ("claimed", "counting", "counted", "storing", "stored", "committing")
TOO_LATE = ("committed", "ended")  # to change anything


@pytest.fixture
def cast(transactional_db):
    return People()


@pytest.fixture
def order(tmp_path):
    """The file that tells a mortal worker when to die."""
    return tmp_path / "order"


def figures_on_the_way(municipality):
    """Moments before the figures of the first, a middle and the last source."""
    rows = Indicator.objects.filter(municipality=municipality, scope__in=["municipality", "both"])
    names = list(by_source(rows))
    return [f"figures of {names[place]}" for place in (0, len(names) // 2, -1)]


def asked(cast, start):
    """The draft of a year and the job that builds it; a worker is told."""
    year = factories.a_school_year(cast.municipality, start)
    report = reports.open_draft(cast.municipality, year, actor=cast.methodist)
    return report, reports.request_build(report, actor=cast.methodist)


def found_dead(job):
    """What the sweeper does a minute after the last sign of life."""
    long_ago = timezone.now() - jobs.STALE_AFTER - datetime.timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    jobs.sweep()


def stores(report):
    return AuditEntry.objects.filter(action="report.build", object_id=report.pk).count()


def is_whole(report):
    report.refresh_from_db()
    return report.figures == reports.computed(report)["figures"] and report.built_at is not None


def is_untouched(report):
    report.refresh_from_db()
    return not (report.figures or report.evidence or report.built_at or report.edition)


def died_at(moment, order, cast, start):
    """Have a report built by a process that dies at this moment."""
    order.write_text(moment)
    report, job = asked(cast, start)
    assert wait_until(lambda: not order.exists(), 60), f"nobody came to «{moment}»"
    return report, job


def test_process_killed_at_any_moment_leaves_nothing_or_all(cast, workshop, order):
    workshop.hire("tests.mortal_worker", processes=8, MORTAL_ORDER=str(order))
    moments = [*MOMENTS, *figures_on_the_way(cast.municipality), *TOO_LATE]
    for start, moment in enumerate(moments, 2010):
        report, job = died_at(moment, order, cast, start)
        is_late = moment in TOO_LATE
        assert is_whole(report) if is_late else is_untouched(report), moment
        found_dead(job)
        job = over(job)
        assert (job.state, job.attempt) == (Job.State.DONE, 1 if is_late else 2), moment
        assert is_whole(report), moment
        assert (report.edition, stores(report)) == (1, 1), moment
    assert AnnualReport.objects.count() == Job.objects.count() == len(moments)


def test_without_one_transaction_the_report_is_stored_twice(cast, workshop, order):
    """The control: the same kill shows a worker that stores first and says «done» later."""
    workshop.hire(
        "tests.mortal_worker", processes=2, MORTAL_ORDER=str(order), MORTAL_CARELESS="yes"
    )
    report, job = died_at("stored", order, cast, 2020)
    assert not is_untouched(report)
    found_dead(job)
    over(job)
    report.refresh_from_db()
    assert (report.edition, stores(report)) == (2, 2)


def test_new_worker_finishes_what_a_killed_one_began(cast, workshop, order):
    """The whole worker: its processes go with it, and the next one starts anew."""
    report, job = asked(cast, 2020)
    worker = workshop.hire("tests.mortal_worker", MORTAL_ORDER=str(order), MORTAL_WAIT="0.2")
    rows = Job.objects.filter(pk=job.pk)
    assert wait_until(lambda: rows.get().done_units > 1, 60)
    workshop.kill(worker)
    assert is_untouched(report)
    workshop.hire()
    found_dead(job)
    job = over(job)
    assert (job.state, job.attempt) == (Job.State.DONE, 2)
    assert is_whole(report)
    assert (AnnualReport.objects.count(), report.edition, stores(report)) == (1, 1, 1)
