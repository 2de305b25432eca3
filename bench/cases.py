"""What is measured, on the rows of the demo; each case names its floor and its goal."""

import io
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attestation import exports, reports
from attestation.models import AnnualReport, Participation
from bench import floors
from communities.models import Association, Municipality, User
from events import feeds
from events.models import Event
from materials.models import Material

PAGE_ROWS = 20


@dataclass(frozen=True)
class Case:
    """Something the portal does, and the least it can cost; `rows` turns it into a speed."""

    name: str
    work: callable
    floor: callable
    goal: str
    floor_name: str = "bare view"
    rows: int = 0


class Demo:
    """The rows every case is about."""

    def __init__(self, site):
        self.site = site
        self.municipality = Municipality.objects.get(slug="nikolsky")
        self.teacher, self.methodist, self.head = map(site.person, ("teacher", "methodist", "head"))
        talks = Count("talks__speakers")
        self.event = Event.objects.visible_to(self.teacher).annotate(n=talks).latest("n", "pk")
        self.material = Material.objects.visible_to(self.teacher).latest("published_at")
        municipal = AnnualReport.objects.visible_to(self.head).filter(association=None)
        self.report = municipal.latest("school_year__start", "version")
        facts = Participation.objects.visible_to(self.methodist)
        year = facts.values_list("school_year").annotate(n=Count("key")).latest("n")[0]
        self.facts = facts.filter(school_year=year)

    def describe(self):
        kinds = {
            "people": User.objects.filter(municipality=self.municipality).count(),
            "events": Event.objects.filter(municipality=self.municipality).count(),
            "materials": Material.objects.filter(municipality=self.municipality).count(),
            "facts of participation in the fullest year": self.facts.count(),
        }
        return ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())

    def review_address(self):
        return reverse("attestation:report-review", args=[self.report.school_year.slug])


def pages(demo):
    """Whole pages through every middleware against a function with a query and a template."""
    get = demo.site.get
    yield Case(
        "catalogue of materials",
        partial(get, reverse("materials:material-list"), "teacher"),
        partial(floors.catalogue, demo.teacher, PAGE_ROWS),
        "≤ 12 ms where SQL takes 2–14",
    )
    yield Case(
        "list of events",
        partial(get, reverse("events:event-list") + "?period=all", "teacher"),
        partial(floors.events, demo.teacher, PAGE_ROWS),
        "≤ 8 ms where it is 8.9",
    )
    yield Case(
        "one event",
        partial(get, demo.event.get_absolute_url(), "teacher"),
        partial(floors.event, demo.teacher, demo.event.pk),
        "≤ 7 ms where it is 1.2",
    )
    yield Case(
        "municipal report, page of the head",
        partial(get, demo.review_address(), "head"),
        partial(floors.report, demo.head, demo.report.pk),
        "≤ 60 ms where SQL takes 25",
    )


def annual_report(demo):
    """All figures, tables and findings against the bare SQL they are made of."""
    build = partial(reports.computed, demo.report)
    with CaptureQueriesContext(connection) as captured:
        build()
    statements = [query["sql"] for query in captured if query["sql"].startswith(("SELECT", "WITH"))]
    yield Case(
        f"annual report computed, {len(statements)} queries",
        build,
        partial(floors.sql, statements),
        "≤ 2.4 times",
        "its SQL alone",
    )


def files(demo):
    """Exports against the library alone, over the same rows already in memory."""
    codes = exports.DEFAULT
    rows = list(exports.rows(demo.facts, codes))
    yield Case(
        "participation as XLSX",
        lambda: exports.write_xlsx(io.BytesIO(), demo.facts, codes),
        partial(floors.xlsx, rows),
        "≥ 20,000 where it is 65,000 a second",
        "XlsxWriter alone",
        len(rows),
    )
    yield Case(
        "participation as CSV",
        lambda: "".join(exports.csv_lines(demo.facts, codes)).encode(),
        partial(floors.csv_bytes, rows),
        "≥ 60,000 where it is 198,000 a second",
        "csv alone",
        len(rows),
    )
    events = Event.objects.filter(municipality=demo.municipality).select_related("municipality")
    columns = ("pk", "starts_at", "ends_at", "title", "place")
    yield Case(
        "events as a calendar",
        lambda: feeds.calendar_of(events.all(), "События"),
        lambda: floors.ics(events.values_list(*columns)),
        "≥ 10,000 where it is 100,000 a second",
        "query and join",
        len(events),
    )


def addresses(demo):
    """Pages whose SQL is counted: (what, address, who)."""
    association = Association.objects.visible_to(demo.teacher).latest("pk")
    year = demo.report.school_year.slug
    yield "home", "/", "teacher"
    yield "home", "/", "methodist"
    yield "catalogue", reverse("materials:material-list"), "teacher"
    yield "material", demo.material.get_absolute_url(), "teacher"
    yield "search", reverse("materials:search") + "?q=" + quote("урок"), "teacher"
    yield "events", reverse("events:event-list"), "teacher"
    yield "month", reverse("events:event-list") + "?view=month", "teacher"
    yield "event", demo.event.get_absolute_url(), "teacher"
    yield "plan", reverse("events:plan-detail", args=[association.slug, year]), "methodist"
    yield "associations", reverse("communities:association-list"), "teacher"
    yield "association", association.get_absolute_url(), "teacher"
    yield "organizations", reverse("communities:organization-list"), "teacher"
    yield "orders", reverse("communities:order-list"), "methodist"
    yield "tasks", reverse("communities:task-list"), "leader"
    yield "my record", reverse("attestation:me"), "teacher"
    yield "reports", reverse("attestation:report-list"), "methodist"
    yield "report", demo.review_address(), "head"
    yield "participation", reverse("attestation:participation-export"), "methodist"
