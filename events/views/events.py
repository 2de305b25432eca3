"""Pages everybody reads: the list of events, the month, one event."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from communities.access import can
from communities.models import User
from communities.school_year import next_month, parse_month, previous_month
from events import agenda, check_in, interaction, notifications, registration
from events.attendance import has_come
from events.filters import PERIODS, EventFilter
from events.models import Event, Minutes, Registration
from events.programme import programme_of
from events.states import (
    closes_at,
    is_full,
    registration_words,
    seats_words,
    state_for_guest,
    state_of,
    takes_people,
)
from network_portal.formats import month_year
from network_portal.htmx import render_page, wants_fragment
from network_portal.paging import page_of

NAMES = 100
UPCOMING_ROWS = 5
FIELDS = ("kind", "association", "format", "level", "year", "state", "day")
MONTH = "events/event_month.html"


@login_not_required
def event_list(request):
    """Coming events with filters, or a month; for htmx the next ones of an association."""
    user = request.user
    if user.municipality is None:
        raise Http404
    visible = Event.objects.visible_to(user)
    if wants_fragment(request) and "association" in request.GET:
        return _upcoming(request, visible)
    choices = agenda.choices_for_filters(user)
    filters = EventFilter(request.GET, visible, user=user, choices=choices, now=timezone.now())
    page_of_view = _month if request.GET.get("view") == "month" else _agenda
    template, context = page_of_view(request, filters)
    context |= {
        "filters": filters,
        "chips": _chips(request, filters),
        "tabs": _views(request, template),
        "periods": [(code, name, None, code == filters.shown_period) for code, name in PERIODS],
        "filter_fields": [filters.form[name] for name in FIELDS],
        "hidden": [(k, v) for k, v in _without(request, "q").items() if v],
        "is_month": template == MONTH,
        "q": request.GET.get("q", "")[:200],
    }
    return render_page(request, template, context)


def _upcoming(request, visible):
    events = visible.filter(association__slug=request.GET["association"][:80]).upcoming()
    events = agenda.for_rows(events.exclude(state=Event.State.CANCELLED), request.user)
    rows = agenda.rows_of(events[:UPCOMING_ROWS], request.user)
    return render_page(request, "events/event_list.html", {"rows": rows}, fragment="upcoming")


@login_not_required
@require_GET
def next_events(request):
    """The next event of every association, a fragment for the list of associations."""
    if not request.htmx:
        return redirect("events:event-list")
    coming = Event.objects.visible_to(request.user).filter(
        state=Event.State.PUBLISHED, ends_at__gte=timezone.now(), association__isnull=False
    )
    first = coming.order_by("association", "starts_at").distinct("association")
    events = first.select_related("association").defer("summary")
    return render(request, "events/next_events.html", {"events": events})


def _agenda(request, filters):
    events = agenda.for_rows(filters.found(), request.user)
    page = page_of(events, request.GET)
    return "events/event_list.html", {
        "page": page,
        "rows": agenda.rows_of(page.object_list, request.user),
    }


def _month(request, filters):
    today = request.user.municipality.today()
    month = parse_month(request.GET.get("month")) or today.replace(day=1)
    found = filters.qs if filters.form.is_valid() else filters.queryset.none()
    events = list(agenda.events_of_month(found, month, request.user.municipality.tz))
    holidays = agenda.holidays_of_month(request.user, month)
    return MONTH, {
        "month": month,
        "weeks": agenda.month_table(events, month, today, holidays),
        "total": len(events),
        "before": f"{previous_month(month):%Y-%m}" if month.year >= 1951 else "",
        "after": f"{next_month(month):%Y-%m}" if month.year < 2100 else "",
        "before_name": month_year(previous_month(month)),
        "after_name": month_year(next_month(month)),
        "holidays": holidays,
    }


def _without(request, *names):
    query = request.GET.copy()
    for name in (*names, "page"):
        query.pop(name, None)
    return query


def _chips(request, filters):
    chips = []
    for name, label in filters.chosen():
        chips.append((f"?{_without(request, name).urlencode()}", label, True))
    return chips


def _views(request, template):
    query = _without(request, "view", "month", "period")
    month = query.copy()
    month["view"] = "month"
    is_month = template == MONTH
    return [
        (f"?{query.urlencode()}", pgettext("view of events", "List"), None, not is_month),
        (f"?{month.urlencode()}", pgettext("view of events", "Month"), None, is_month),
    ]


def visible_event(user, pk, *, for_page=False):
    """The event, or 404: where every page about one event starts."""
    events = Event.objects.visible_to(user).select_related(
        "kind", "association__kind", "municipality", "minutes"
    )
    if for_page:
        events = (
            agenda.with_places(events, user)
            .select_related(
                "level", "host", "school_year", "plan_item__plan__association", "created_by"
            )
            .select_related("plan_item__plan__school_year")
        )
    return get_object_or_404(events, pk=pk)


@login_not_required
def event_detail(request, pk, slug):
    """One event for everybody: guests see counts, colleagues names, the leader the controls."""
    event = visible_event(request.user, pk, for_page=True)
    if slug != event.slug:
        return redirect(event, permanent=False)
    return render_page(request, "events/event_detail.html", _page_of(request, event))


def _page_of(request, event):
    user, now = request.user, timezone.now()
    runs = can(user, "events.run_event", event)
    over = event.is_over or event.state == Event.State.CLOSED
    parties = interaction.attended_parties(event) if over else []
    by_attendance = bool(parties)
    parties = parties or interaction.expected_parties(event)
    mine = own_registration(event, user)
    return {
        "event": event,
        "room": _room(event),
        "said": (state_of if runs else state_for_guest)(event, event.taken, now),
        "seats": seats_words(event, event.taken),
        "talks": programme_of(event),
        "parties": parties,
        "by_attendance": by_attendance,
        "interaction": interaction.interaction_of(event, parties, by_attendance=by_attendance),
        "step": interaction.step_label(event),
        "names": _names(request, event),
        "sees_link": runs or (mine is not None and mine.state == Registration.State.CONFIRMED),
        "runs": runs,
        "may_change": can(user, "events.change_event", event),
        "coordinates": bool(user.coordinated_organization_ids) and takes_people(event, now),
        "minutes": _signed_minutes(event, user),
        "letters": notifications.waiting_letters(event).count() if runs else 0,
        "started": event.starts_at <= now,
        "has_come": has_come(event),
        "over": over,
        "shows_code": check_in.may_open(event, now),
        **signup_context(event, mine, event.taken, now),
    }


def _room(event):
    """The place without the name of the host, which stands before it as a link."""
    name = event.host.short_name if event.host else ""
    return event.place.removeprefix(name).lstrip(", ") if name else event.place


def own_registration(event, user):
    """The reader's registration that is in force, or None."""
    if not user.is_authenticated or getattr(event, "my_state", None) in ("", "cancelled"):
        return None
    row = Registration.objects.visible_to(user).filter(event=event, person=user).first()
    return row if row is not None and row.state != Registration.State.CANCELLED else None


def signup_context(event, mine, taken, now):
    """What the sign-up cell of an event says and offers."""
    place = None
    if mine is not None and mine.state == Registration.State.WAITING:
        place = registration.place_in_queue(mine)
    return {
        "mine": mine,
        "mine_said": registration_words(mine.state, place, over=event.is_over) if mine else None,
        "takes": takes_people(event, now),
        "full": is_full(event, taken),
        "may_leave": mine is not None and now < event.starts_at,
        "last_day": closes_at(event) - timedelta(seconds=1),
    }


def _names(request, event):
    if not request.user.is_authenticated or request.GET.get("names") != "1":
        return None
    people = User.objects.visible_to(request.user).filter(
        registrations__event=event, registrations__state=Registration.State.CONFIRMED
    )
    return page_of(people.in_order(), request.GET, size=NAMES)


def _signed_minutes(event, user):
    minutes = getattr(event, "minutes", None)
    if minutes is None or not user.is_authenticated:
        return None
    return minutes if minutes.state == Minutes.State.SIGNED else None
