"""Sources over events, their minutes, who took part, plans and materials."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attestation.indicators.registry import source
from attestation.models import Participation
from events.interaction import annotate_form
from events.models import AnnualPlan, Event, Format, Minutes, ParticipationRole
from materials.models import Material
from network_portal.formats import day_year

NOT_AT_EVENTS = (ParticipationRole.AUTHOR, ParticipationRole.LEADER)
THROUGH_THE_INTERNET = (Format.ONLINE, Format.CORRESPONDENCE)
HELD_STATES = (Event.State.PUBLISHED, Event.State.CLOSED)


def show_event(event):
    """What tells one event from another of the same name, and the paper that proves it."""
    minutes = getattr(event, "minutes", None)
    is_signed = minutes is not None and minutes.state == Minutes.State.SIGNED
    return event.get_absolute_url(), [
        event.title,
        event.kind.label,
        event.association.name if event.association_id else "",
        event.host.short_name if event.host_id else event.place,
        day_year(event.starts_at),
        f"№\N{NO-BREAK SPACE}{minutes.number}" if is_signed else "",
    ]


def is_held(scope):
    """Over by the end of the counted day, and not called off."""
    return Q(state__in=HELD_STATES, ends_at__lt=scope.until)


def held_events(scope):
    return year_events(scope).filter(is_held(scope))


def year_events(scope):
    rows = Event.objects.filter(
        municipality=scope.municipality, school_year=scope.school_year
    ).order_by("starts_at", "id")
    return scope.only(rows)


OUTCOMES = {
    "held": is_held,
    "planned": lambda scope: is_held(scope) & Q(plan_item__isnull=False),
    "unplanned": lambda scope: is_held(scope) & Q(plan_item=None),
    "moved": lambda scope: is_held(scope) & Q(moved_from__isnull=False),
    "cancelled": lambda scope: Q(state=Event.State.CANCELLED),
    "any": lambda scope: ~Q(state=Event.State.DRAFT),
}


def such_events(scope, outcome="held", **looks):
    """By what became of them, kind, format and form of interaction."""
    names = {"kind": "kind__code", "format": "format", "form": "interaction_form"}
    return OUTCOMES[outcome](scope) & Q(**{names[look]: value for look, value in looks.items()})


@source(
    "events",
    narrow=such_events,
    columns=(_("Event"), _("Kind"), _("Association"), _("Place"), _("Date"), _("Minutes")),
    show=show_event,
    related=["kind", "association", "host", "minutes"],
)
def events(scope):
    """Events of the year."""
    return annotate_form(year_events(scope))


@source(
    "minutes",
    columns=(_("Minutes"), _("Event"), _("Date")),
    show=lambda row: (
        row.get_absolute_url(),
        [f"№\N{NO-BREAK SPACE}{row.number}", row.event.title, day_year(row.event.starts_at)],
    ),
    related=["event"],
)
def minutes(scope):
    """Signed minutes of events of the year."""
    rows = Minutes.objects.filter(
        municipality=scope.municipality,
        school_year=scope.school_year,
        state=Minutes.State.SIGNED,
        event__starts_at__lt=scope.until,
    ).order_by("event__starts_at", "id")
    return scope.only(rows)


def participation_rows(scope):
    """Facts of taking part in events, before a person at an event is made one."""
    rows = Participation.objects.filter(
        municipality=scope.municipality,
        school_year=scope.school_year,
        event__isnull=False,
        happened_on__lte=scope.counted_on,
    ).exclude(role__in=NOT_AT_EVENTS)
    return scope.only(rows).order_by()


@source(
    "participations",
    columns=(_("Person"), _("Event"), _("Date")),
    show=lambda row: ("", [row.person.full_name, row.event.title, day_year(row.happened_on)]),
    related=["person", "event"],
    is_personal=True,
)
def participations(scope):
    """One person at one event is one participation, whatever roles the person had there."""
    once = ("event_id", "person_id")
    return participation_rows(scope).order_by(*once, "key").distinct(*once)


@source(
    "materials",
    columns=(_("Material"), _("Authors"), _("Date")),
    show=lambda row: (
        row.get_absolute_url(),
        [row.title, row.credit, day_year(row.published_at)],
    ),
)
def materials(scope):
    """Materials published within the year."""
    rows = Material.objects.published().filter(
        municipality=scope.municipality,
        published_at__gte=scope.since,
        published_at__lt=scope.until,
    )
    return scope.only(rows.order_by("published_at", "id"))


@source(
    "plans",
    columns=(_("Association"), _("Theme")),
    show=lambda row: (row.get_absolute_url(), [row.association.name, row.theme]),
    related=["association", "school_year"],
)
def plans(scope):
    """Plans of the year that have been agreed."""
    rows = AnnualPlan.objects.filter(
        municipality=scope.municipality,
        school_year=scope.school_year,
        state=AnnualPlan.State.APPROVED,
    ).order_by("association__name", "id")
    return scope.only(rows)
