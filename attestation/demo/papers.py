"""What the year leaves on paper: minutes, certificates, annual reports, assignments."""

import datetime
import random

from django.utils import timezone

from attestation import certificates, report_documents, reports
from attestation.demo import agenda, founding, themes
from attestation.models import AnnualReport
from attestation.workflow import perform
from communities.models import Assignment
from communities.school_year import start_year
from events import minutes as minutes_service
from events.models import Event, MinutesDecision


class Papers:
    """Signs what life would have signed by today, in the order of time."""

    def __init__(self, district, years):
        self.district = district
        self.years = {year.start: year for year in years}
        self.current = start_year(district.today)
        self.rng = random.Random(25)

    def build(self):
        self._core_year()
        for start in range(founding.YEAR + 1, self.current + 1):
            self._minutes_of(self.years[start])
        self._certificates()
        self._past_year()
        self._draft_of_this_year()
        self._finish_old_assignments()

    def _noon(self, day):
        zone = self.district.municipality.tz
        return datetime.datetime.combine(day, datetime.time(12), tzinfo=zone)

    # -- minutes

    def _minutes_of(self, year):
        """Past meetings are signed the day after; the latest two of this year wait."""
        past = [
            event
            for event in sorted(year.events, key=lambda row: row.starts_at)
            if event.association and event.state == Event.State.CLOSED
        ]
        waiting = 2 if year.start == self.current else 0
        for place, event in enumerate(past[: len(past) - waiting]):
            self._sign(event, place)
        if waiting and past:
            minutes_service.start(past[-1], actor=past[-1].created_by)

    def _sign(self, event, place):
        actor = event.created_by
        minutes = minutes_service.start(event, actor=actor)
        minutes.items.update(decided=agenda.in_turn(themes.RESOLVED, place))
        if place % 3 == 0:
            MinutesDecision.objects.create(
                minutes=minutes,
                text=agenda.in_turn(themes.DECISIONS, place // 3),
                person=actor,
                due_on=event.starts_at.date() + datetime.timedelta(days=30),
            )
        minutes_service.sign(minutes, actor=actor, at=event.ends_at + datetime.timedelta(hours=20))

    # -- certificates

    def _certificates(self):
        for start in (self.current - 1, self.current):
            for event in self.years[start].events:
                if event.state == Event.State.CLOSED and event.kind.code in (
                    "seminar",
                    "master_class",
                    "conference",
                ):
                    certificates.issue_for_event(
                        event,
                        actor=self.district.methodist,
                        at=event.ends_at + datetime.timedelta(days=2),
                    )

    # -- annual reports

    def _core_year(self):
        """The year 2020-21: its report is signed with the date the founding document bears."""
        self._minutes_of(self.years[founding.YEAR])
        with founding.sections(self.district.municipality):
            report = founding.write(self._built(founding.YEAR, None, founding.SIGNED_ON))
            self._sign_report(report, self._noon(founding.SIGNED_ON))

    def _past_year(self):
        """Reports of the associations, then the municipal one; all but two are approved."""
        start = self.current - 1
        for place, association in enumerate(self.district.associations):
            report = self._built(start, association, datetime.date(self.current, 6, 9))
            if place == 9:
                continue
            signed_at = self._noon(datetime.date(self.current, 6, 9))
            if place == 8:
                perform(report, "submit", actor=report.author, at=signed_at)
                continue
            self._sign_report(report, signed_at, signer=self.district.methodist)
        report = self._built(start, None, datetime.date(self.current, 6, 25))
        report.proposals.create(
            heading="Руководителям РМО, ММО и рабочих групп",
            addressees=["leaders"],
            text="Разместить планы работы на новый учебный год.",
            due_on=datetime.date(self.current, 9, 1),
        )
        report.proposals.create(
            position=1,
            heading="Руководителям образовательных организаций",
            addressees=["organizations"],
            text="Назначить ответственных за участие педагогов в объединениях.",
            due_on=datetime.date(self.current, 9, 6),
        )
        self._sign_report(report, self._noon(datetime.date(self.current, 6, 25)))

    def _built(self, start, association, counted_on=None):
        author = self.district.leaders[association] if association else self.district.methodist
        report = reports.open_draft(
            self.district.municipality, self.years[start].school_year, association, actor=author
        )
        report = reports.build(report, actor=author, counted_on=counted_on)
        if counted_on:  # it was built when it was signed, not today
            report.built_at = self._noon(counted_on) - datetime.timedelta(days=2)
            report.save(update_fields=["built_at"])
        return report

    def _sign_report(self, report, at, signer=None):
        handed_in = at - datetime.timedelta(days=1)
        report = perform(report, "submit", actor=report.author, at=handed_in)
        report = perform(report, "approve", actor=signer or self.district.head, at=at)
        if report.association_id is None:  # a job that waits makes those of the associations
            AnnualReport.objects.filter(pk=report.pk).update(**report_documents.keep(report))

    def _draft_of_this_year(self):
        self._built(self.current, None)

    # -- assignments

    def _finish_old_assignments(self):
        """What fell due before this school year has been done; of the rest a part."""
        border = datetime.date(self.current, 9, 1)
        rows = Assignment.objects.filter(municipality=self.district.municipality)
        old = list(rows.filter(due_on__lt=border)) + list(rows.filter(due_on__gte=border)[::3])
        for row in old:
            row.state = Assignment.State.DONE
            row.done_at = min(
                timezone.now(),
                datetime.datetime.combine(row.due_on, datetime.time(12), tzinfo=datetime.UTC),
            )
            row.done_by = row.person or self.district.methodist
            row.note = "Выполнено в срок."
        Assignment.objects.bulk_update(old, ["state", "done_at", "done_by", "note"], 200)
