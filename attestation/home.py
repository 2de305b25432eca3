"""What the home page shows: today, what comes next, what is new, what waits."""

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, JSONObject
from django.utils import timezone

from attestation import record
from attestation.models import AnnualReport
from communities.models import (
    Assignment,
    Association,
    Municipality,
    OnlineCommunity,
    Organization,
    Subject,
)
from communities.school_year import months, start_year
from events import check_in
from events.agenda import for_rows
from events.models import AnnualPlan, Attendance, Event, PlanItem, Registration
from materials.catalogue import for_rows as material_rows
from materials.models import Material

AGENDA = 5
NEW = 4
QUEUE = 6
CHIPS = 3
TASKS = 3
SIGNED = 3
LATE = 5


# -- today and what comes next


def agenda(user):
    """The next events of own associations, of own choice, and those open to all."""
    now = timezone.now()
    events = Event.objects.visible_to(user).filter(state=Event.State.PUBLISHED)
    if not user.is_authenticated:
        return list(_in_order(events.filter(ends_at__gte=now), user)[:AGENDA])
    own = Registration.objects.filter(event=OuterRef("pk"), person=user.pk)
    own = own.exclude(state=Registration.State.CANCELLED)
    mine = Q(association__in=user.association_ids) | Q(is_open=True) | Exists(own)
    # One's own event stays until its doors close: people check in on the way out, too.
    current = Q(ends_at__gte=now) | Q(Exists(own), ends_at__gte=now - check_in.CLOSES_AFTER)
    came = Attendance.objects.filter(event=OuterRef("pk"), person=user.pk)
    events = events.filter(mine, current).annotate(was_marked=Exists(came))
    return list(_in_order(events, user)[: AGENDA + 1])


def _in_order(events, user):
    return for_rows(events, user).order_by("starts_at", "pk")


def split_today(events, today, zone):
    """The event of today that deserves the card, one's own first, and the rows below it."""
    todays = [row for row in events if timezone.localdate(row.starts_at, zone) <= today]
    chosen = [row for row in todays if is_own(row)] or todays
    card = chosen[0] if chosen else None
    return card, [row for row in events if row is not card][:AGENDA]


def is_own(event):
    """Whether the reader has a place or a turn."""
    return event.my_state in (Registration.State.CONFIRMED, Registration.State.WAITING)


# -- subjects and materials


def subjects_of(user):
    works = user.employments.in_force(user.municipality.today())
    return list(Subject.objects.filter(pk__in=works.values("subjects")))


def chips(user, subjects):
    """Own subjects with own grades, as words for the search field."""
    grades = [grade.strip() for grade in user.grades.split(",") if grade.strip()]
    return [(row.label, grade) for grade in grades or [""] for row in subjects][:CHIPS]


def new_materials(user, subjects=()):
    """The latest in own subjects, or the latest of all for those without subjects."""
    found = Material.objects.visible_to(user).published()
    if subjects:
        found = found.filter(subject__in=subjects)
    return list(material_rows(found).order_by("-published_at", "-pk")[:NEW])


# -- the margin


def my_year(user):
    """Own events, talks and materials of the current school year, and events by month."""
    start = start_year(user.municipality.today())
    facts = record.facts_of(user).filter(school_year__start=start)
    facts = list(facts.values_list("key", "event_id", "material_id", "happened_on"))
    days = {event: day for _key, event, material, day in facts if event and not material}
    held = [day.month for day in days.values()]
    return {
        "start": start,
        "events": len(days),
        "talks": sum(key.startswith("t") for key, *_rest in facts),
        "materials": len({material for _key, _event, material, _day in facts if material}),
        "months": [(first.month, held.count(first.month)) for first in months(start)[:10]],
    }


def tasks(user):
    """The nearest open assignments of this person."""
    mine = Q(person=user) | Q(association__in=user.led_association_ids)
    mine |= Q(organization__in=user.coordinated_organization_ids)
    return list(Assignment.objects.visible_to(user).open().filter(mine).for_list()[:TASKS])


def my_associations(user):
    """One's associations, each with its groups outside the portal, in one query."""
    if not user.association_ids:
        return []
    groups = OnlineCommunity.objects.filter(association=OuterRef("pk"))
    groups = groups.active_on(user.municipality.today()).order_by("name")
    found = Association.objects.visible_to(user).filter(pk__in=user.association_ids)
    return list(
        found.for_list().annotate(
            groups=ArraySubquery(
                groups.values(
                    json=JSONObject(
                        name="name", platform="platform", url="url", openness="openness"
                    )
                )
            )
        )
    )


def own_organizations(user):
    """The schools whose coordinator this person is."""
    rows = Organization.objects.visible_to(user).filter(pk__in=user.coordinated_organization_ids)
    return list(rows.order_by("short_name"))


# -- what waits


def queue(user):
    """What a leader has not closed yet: past events, then lines of plans without a date."""
    led = Event.objects.filter(association__in=user.led_association_ids)
    past = led.without_minutes().order_by("-starts_at")
    past = past.only("id", "slug", "title", "starts_at", "state")
    return list(past[:QUEUE]), list(_undated(user)[:QUEUE])


def _undated(user):
    """Lines of this year's plans for about now that nobody has scheduled."""
    today = user.municipality.today()
    return (
        PlanItem.objects.filter(
            plan__association__in=user.led_association_ids,
            event=None,
            outcome=PlanItem.Outcome.PLANNED,
            month__lte=today + datetime.timedelta(days=31),
            month__gte=today - datetime.timedelta(days=62),
        )
        .select_related("plan__association")
        .order_by("month", "pk")
    )


def counters(user):
    """What the network has done this school year, what is late, which plans wait: one query."""
    today, start = user.municipality.today(), start_year(user.municipality.today())
    events = Event.objects.visible_to(user)
    year = events.filter(school_year__start=start)
    overdue = Assignment.objects.visible_to(user).open().filter(due_on__lt=today)
    place = Municipality.objects.filter(pk=user.municipality_id)
    return place.values(
        held=_count(year.held()),
        ahead=_count(year.ahead()),
        unclosed=_count(events.without_minutes()),
        overdue=_count(overdue),
        plans=ArraySubquery(_plans_waiting(user)),
    ).get()


def _plans_waiting(user):
    """Plans this reader may agree, whoever waits longest first."""
    rows = AnnualPlan.objects.visible_to(user) if user.is_methodist else AnnualPlan.objects.none()
    rows = rows.filter(state=AnnualPlan.State.SUBMITTED).order_by("school_year__start", "pk")
    return rows.values(
        json=JSONObject(
            name="association__name", slug="association__slug", start="school_year__start"
        )
    )[:QUEUE]


def _count(rows):
    """The number of rows of this municipality, as a subquery."""
    total = rows.order_by().values("municipality").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(total), 0, output_field=IntegerField())


def late_events(user):
    """Held events of associations without signed minutes, the latest first."""
    rows = Event.objects.visible_to(user).without_minutes().order_by("-starts_at")
    return list(
        rows.select_related("association").only(
            "id", "slug", "title", "starts_at", "association__name"
        )[:QUEUE]
    )


def overdue(user):
    """What is overdue, the same asked of many told once with the number of those who owe it."""
    rows = Assignment.objects.visible_to(user).open().filter(due_on__lt=user.municipality.today())
    rows = (
        rows.order_by()
        .values("text", "due_on")
        .annotate(n=Count("pk"), asked=Max(_asked()), source=Max("source_title"))
    )
    return list(rows.order_by("-due_on", "text")[:LATE])


def _asked():
    """`Assignment.asked` in the database."""
    name = Concat(
        *("person__last_name", Value(" "), "person__first_name"),
        *(Value(" "), "person__patronymic"),
    )
    person = Case(When(person__isnull=False, then=name))
    return Coalesce(person, "association__name", "organization__short_name", "addressee")


def reports(user):
    """The newest municipal report, and the reports that wait for this reader.

    The head signs the municipal report, a methodist those of the associations; the municipal
    one that the head returned is the methodist's to mend.
    """
    rows = AnnualReport.objects.visible_to(user)
    if user.is_methodist:
        rows = rows.filter(Q(state=AnnualReport.State.SUBMITTED) | Q(association=None))
    else:
        rows = rows.filter(association=None)
    rows = rows.defer("evidence", "figures", "tables", "findings")
    rows = rows.select_related("school_year", "association")
    found = list(rows.order_by("-school_year__start", "-version")[: QUEUE * 5])
    municipal = next((row for row in found if row.association_id is None), None)
    return municipal, [row for row in found if _waits_for(row, user)][:QUEUE]


def signed_reports(user):
    """The newest signed reports of the municipality, which guests read too."""
    rows = AnnualReport.objects.visible_to(user).filter(
        association=None, state=AnnualReport.State.APPROVED
    )
    rows = rows.for_list().defer("evidence", "figures", "tables", "findings")
    return list(rows[:SIGNED])


def _waits_for(report, user):
    if is_returned(report):
        return user.is_methodist
    return (
        report.state == AnnualReport.State.SUBMITTED
        and (user.is_methodist if report.association_id else user.is_head)
        and report.author_id != user.pk
    )


def is_returned(report):
    """Whether the municipal report came back from the head."""
    return report.state == AnnualReport.State.RETURNED and report.association_id is None
