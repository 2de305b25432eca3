"""What the clock does to reports: reminds of dates, and opens the yearly batch in June."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from attestation import report_letters, reports
from attestation.models import AnnualReport
from communities import assignments, mail
from communities.jobs import enqueue
from communities.models import Assignment, Association, Municipality, Role
from communities.school_year import start_year
from events.models import SchoolYear
from network_portal.formats import day

SOON = datetime.timedelta(days=3)
LATE = datetime.timedelta(days=7)  # older ones have been told of, or were entered afterwards


def remind_all():
    """Remind in every municipality, by its own date."""
    return sum(remind(place, place.today()) for place in Municipality.objects.all())


@transaction.atomic
def remind(municipality, today):
    """Letters about what is due in three days or overdue; the date in the key sends each once."""
    near = {
        "municipality": municipality,
        "due_on__gte": today - LATE,
        "due_on__lte": today + SOON,
    }
    found = [
        *_about(Assignment.objects.open().filter(**near), today, _assignment),
        *_about(
            AnnualReport.objects.filter(**near, state__in=reports.EDITABLE)
            .select_related("municipality", "school_year", "association")
            .defer("evidence"),
            today,
            _report,
        ),
    ]
    return sum(mail.post(*letter) is not None for letter in found)


def _about(rows, today, describe):
    for row in rows:
        if row.due_on == today:
            continue  # neither three days before nor overdue yet
        late = row.due_on < today
        name, people, text, url = describe(row)
        words = _("Overdue since %(day)s: %(text)s") if late else _("Until %(day)s: %(text)s")
        subject = words % {"day": day(row.due_on), "text": text}
        kind = "late" if late else "soon"
        for person in people:
            key = f"{kind}:{name}:{row.pk}:{row.due_on}:{person.pk}"
            yield key, person, subject, f"{text}\n\n{settings.SITE_URL}{url}"


def _assignment(row):
    return "assignment", addressees_of(row), row.text, reverse("communities:task-list")


def _report(row):
    return "report", report_letters.writers(row), row.title, row.get_absolute_url()


def addressees_of(assignment):
    """Who has to do it; what is asked of the methodical office is asked of the methodists."""
    if assignment.person_id or assignment.association_id or assignment.organization_id:
        return assignments.addressees(assignment)
    return report_letters.people_with(Role.METHODIST, assignment.municipality)


def start_batches():
    """From the first day of the batch to the end of the school year: drafts of all reports."""
    return sum(start_batch(place, place.today()) for place in Municipality.objects.all())


def start_batch(municipality, today):
    """Draft and queue the reports of the closing year; 1 when there was something to do."""
    month, first = map(int, settings.REPORT_BATCH_DAY.split("-"))
    start = start_year(today)
    if today < datetime.date(start + 1, month, first):
        return 0
    year = SchoolYear.objects.filter(municipality=municipality, start=start).first()
    return int(year is not None and draft_all(municipality, year, actor=None) is not None)


@transaction.atomic
def draft_all(municipality, year, *, actor, rebuild=False):
    """Draft what is missing, for the municipality and each open association, and queue the work.

    With `rebuild` the drafts that exist are computed anew too. Returns the job, or None
    when there is nothing to compute.
    """
    day_counted = min(year.ends_on, municipality.today())
    associations = Association.objects.filter(municipality=municipality).open_on(day_counted)
    known = set(_reports(municipality, year).values_list("association", flat=True))
    made = [
        reports.open_draft(municipality, year, association, actor=actor).pk
        for association in [*associations.for_list(), None]
        if (association.pk if association else None) not in known
    ]
    wanted = made
    if rebuild:
        drafts = _reports(municipality, year).filter(state__in=reports.EDITABLE)
        own_last = drafts.order_by(F("association__kind__position").asc(nulls_last=True), "pk")
        wanted = list(own_last.values_list("pk", flat=True))
    return _queue(municipality, year, wanted, actor) if wanted else None


def _reports(municipality, year):
    return AnnualReport.objects.filter(municipality=municipality, school_year=year)


def _queue(municipality, year, pks, actor):
    return enqueue(
        "attestation.build_reports",
        owner=actor,
        municipality=municipality,
        title=_("Annual reports for %(year)s") % {"year": year},
        key=f"year:{year.pk}",
        reports_to_build=pks,
        address=reverse("attestation:report-year", args=[year.slug]),
    )
