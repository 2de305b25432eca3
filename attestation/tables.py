"""Tables of annual reports: each column is one grouped query over the rows of its figure."""

from collections import defaultdict

from django.db.models import Count, F, Func
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attestation.indicators.when import (
    THROUGH_THE_INTERNET,
    held_events,
    materials,
    participation_rows,
)
from attestation.indicators.who import associations
from communities.models import Association
from communities.school_year import months
from events.models import Talk
from network_portal.formats import MONTHS_ALONE, short_name

TABLES = {}
OUTSIDE = "-"  # the key of the row for what belongs to no association
NEAR, FAR = "near", "far"


class Pair(Func):
    """Two columns as one value, so that pairs can be counted once."""

    template = "ROW(%(expressions)s)"


def table(code):
    """Register `function(scope)` that fills the section `code`.

    A column is its title, the figure its numbers are parts of, and what narrows them further;
    a row's key narrows them too: to an association, or to what `keys` of the table names.
    """

    def register(function):
        TABLES[code] = function
        return function

    return register


def fill(codes, scope):
    """The tables of these sections, as the report keeps them."""
    return {code: TABLES[code](scope) for code in codes if code in TABLES}


def associations_at_work(scope):
    """Associations the table has a row for: open on the day, and those that closed before it."""
    rows = Association.objects.filter(municipality=scope.municipality).for_list()
    seen = held_events(scope).order_by().values("association")
    return rows.filter(pk__in=associations(scope).order_by().values("pk")) | rows.filter(
        pk__in=seen
    )


@table("work_of_associations")
def work_of_associations(scope):
    """What each association did; a person is one in a row and one in the total."""
    columns = (
        ("events.held", _grouped(held_events(scope), Count("pk"))),
        ("participants.people", _grouped(participation_rows(scope), _people())),
        ("participations.total", _grouped(participation_rows(scope), _pairs())),
        ("materials.published", _grouped(materials(scope), Count("pk"))),
    )
    rows = [
        {"key": one.slug, "cells": [one.title, *(counts[one.pk] for _code, counts in columns)]}
        for one in associations_at_work(scope)
    ]
    rest = [counts[None] for _code, counts in columns]
    if any(rest):
        rows.append({"key": OUTSIDE, "cells": [_("Outside associations"), *rest]})
    totals = [
        held_events(scope).count(),
        participation_rows(scope).aggregate(n=_people())["n"],
        participation_rows(scope).aggregate(n=_pairs())["n"],
        materials(scope).count(),
    ]
    return {
        "columns": [
            [_("Association"), ""],
            [_("Events"), "events.held"],
            [_("Participants"), "participants.people"],
            [_("Participations"), "participations.total"],
            [_("Materials"), "materials.published"],
        ],
        "rows": rows if any(totals) else [],
        "totals": [_("Total"), *totals],
        "note": _(
            "Somebody who works in several associations is counted once in the total. "
            "Everybody who came is counted, also those who are not teachers."
        ),
    }


def _grouped(queryset, count):
    rows = queryset.order_by().values("association_id").annotate(n=count)
    return defaultdict(int, rows.values_list("association_id", "n"))


def _people():
    return Count("person_id", distinct=True)


def _pairs():
    return Count(Pair(F("event_id"), F("person_id")), distinct=True)


@table("events_by_month")
def events_by_month(scope):
    """Events of each month, face to face and through the internet."""
    month = TruncMonth("starts_at", tzinfo=scope.municipality.tz)
    counted = held_events(scope).order_by().annotate(month=month).values("month", "format")
    counts = defaultdict(lambda: [0, 0])
    for row in counted.annotate(n=Count("pk")).values_list("month", "format", "n"):
        far = row[1] in THROUGH_THE_INTERNET
        counts[row[0].date()][far] += row[2]
    shown = {day: counts[day] for day in [*months(scope.school_year.start), *counts]}
    rows = [
        {"key": f"{day:%Y-%m}", "cells": [MONTHS_ALONE[day.month - 1], near, far, near + far]}
        for day, (near, far) in sorted(shown.items())
        if near + far
    ]
    return {
        "columns": [
            [_("Month"), ""],
            [_("In person or mixed"), "events.held", {"step": NEAR}],
            [_("Online"), "events.held", {"step": FAR}],
            [_("All"), "events.held"],
        ],
        "keys": "month",
        "rows": rows,
        "totals": [_("Total"), *(sum(row["cells"][n] for row in rows) for n in (1, 2, 3))],
        "note": "",
    }


@table("meetings")
def meetings(scope):
    """Events of an association: when, what, how many people."""
    rows = held_events(scope).select_related("kind").annotate(people=Count("attendances"))
    tz = scope.municipality.tz
    cells = [
        [row.title, f"{row.starts_at.astimezone(tz):%d.%m.%Y}", row.kind.label, row.people]
        for row in rows
    ]
    return _list([_("Event"), _("Date"), _("Kind"), _("Participants")], cells)


@table("talks")
def talks(scope):
    """Who showed what: talks, master classes, open lessons."""
    rows = (
        Talk.objects.filter(event__in=held_events(scope).order_by())
        .select_related("event")
        .prefetch_related("speakers__person", "speakers__organization")
        .order_by("event__starts_at", "position", "id")
    )
    tz = scope.municipality.tz
    cells = [
        [
            talk.title,
            f"{talk.event.starts_at.astimezone(tz):%d.%m.%Y}",
            talk.get_role_display(),
            "; ".join(map(_speaker, talk.speakers.all())),
        ]
        for talk in rows
        if talk.speakers.all()
    ]
    return _list([_("Topic"), _("Date"), _("Role"), pgettext("speakers", "Who")], cells)


def _speaker(speaker):
    who = speaker.person.short_name if speaker.person else short_name(speaker.name)
    where = speaker.organization
    return f"{who} ({where.short_name})" if where else who


@table("materials")
def published_materials(scope):
    """Materials of the association, published within the year."""
    rows = materials(scope).select_related("kind")
    tz = scope.municipality.tz
    cells = [
        [row.title, f"{row.published_at.astimezone(tz):%d.%m.%Y}", row.kind.label, row.credit]
        for row in rows
    ]
    return _list([_("Material"), _("Date"), _("Kind"), _("Authors")], cells)


def _list(titles, cells):
    return {
        "columns": [[title, ""] for title in titles],
        "rows": [{"key": "", "cells": row} for row in cells],
        "totals": [],
        "note": "",
    }
