"""The home page: one question to the search, today, what comes next; by role, what waits."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from attestation import home as parts
from communities.access import can
from communities.models import OnlineCommunity
from communities.school_year import slug_of, start_year
from events import check_in
from events.agenda import rows_of
from events.models import Registration
from events.states import is_full, registration_words, seats_words, takes_people
from materials.rows import as_row
from network_portal import formats
from network_portal.htmx import render_page

BAR, TALLEST = 11, 99  # pixels of one event and of the tallest month
OPENNESS = dict(OnlineCommunity.Openness.choices)


@login_not_required
@require_GET
def home(request):
    user = request.user
    if user.municipality is None:
        return render_page(request, "attestation/home_empty.html")
    if not user.is_authenticated:
        return render_page(request, "attestation/home_guest.html", _guest(user))
    return render_page(request, "attestation/home.html", _signed_in(user))


def _guest(user):
    return {
        "agenda": rows_of(parts.agenda(user), user),
        "materials": [as_row(row, user) for row in parts.new_materials(user)],
        "reports": parts.signed_reports(user),
    }


def _signed_in(user):
    today = user.municipality.today()
    card, agenda = parts.split_today(parts.agenda(user), today, user.municipality.tz)
    subjects = [] if user.is_department else parts.subjects_of(user)
    return {
        "today": today,
        "chips": [chip(label, grade) for label, grade in parts.chips(user, subjects)],
        "wants_subjects": not subjects and not user.is_department,
        "has_subjects": bool(subjects),
        "card": card and today_card(card, user),
        "agenda": rows_of(agenda, user),
        "materials": [as_row(row, user) for row in parts.new_materials(user, subjects)],
        "to_do": [task_row(row, user) for row in parts.tasks(user)],
        "associations": [association_row(row, user, today) for row in parts.my_associations(user)],
        **my_year(user),
        **_duties(user, today),
    }


def _duties(user, today):
    """What a leader, a coordinator or the department has to see to."""
    duties = {}
    if user.led_association_ids:
        duties["leads"] = True
        duties["past"], duties["undated"] = parts.queue(user)
    if user.coordinated_organization_ids:
        duties["organizations"] = parts.own_organizations(user)
    if user.is_department:
        duties |= _department(user, today)
    return duties


def _department(user, today):
    year = slug_of(start_year(today))
    events = reverse("events:event-list")
    without_minutes = f"{events}?state=without_minutes"
    counts = parts.counters(user)
    report, awaiting = parts.reports(user)
    return {
        "is_department": True,
        "counters": [
            (counts["held"], _("held this year"), f"{events}?year={year}&state=held"),
            (counts["ahead"], _("ahead"), f"{events}?year={year}&state=ahead"),
            (counts["unclosed"], _("without minutes"), without_minutes),
            (
                counts["overdue"],
                ngettext("assignment overdue", "assignments overdue", counts["overdue"]),
                reverse("communities:task-list") + "?state=overdue",
            ),
        ],
        "late": parts.late_events(user) if counts["unclosed"] else [],
        "overdue": [overdue_row(row) for row in parts.overdue(user)],
        "report": report,
        "awaiting": [*map(plan_row, counts["plans"] or []), *map(report_row, awaiting)],
    }


def chip(label, grade):
    """A chip is a ready search: its words become facets on the catalogue page."""
    words = label
    if grade.isdecimal():
        words = _("%(subject)s, grade %(grade)s") % {"subject": label, "grade": grade}
    elif grade:
        words = f"{label}, {grade}"
    query = urlencode({"q": words.replace(",", "")})
    return f"{reverse('materials:material-list')}?{query}", words, False


# -- the card of today


def today_card(event, user):
    """The card changes its main button with time: sign up, then check in."""
    now = timezone.now()
    card = {
        "when": when(event, now),
        "title": event.title,
        "url": event.get_absolute_url(),
        "kind": event.association.kind if event.association_id else None,
        "label": _about(event),
        "place": event.place,
        "hours": formats.hours_between(event.starts_at, event.ends_at),
        "seats": _signed_up(event),
        "program_url": event.get_absolute_url(),
    }
    return card | _next_step(event, user, now)


def when(event, now):
    """«Сегодня в 14:30, через 10 минут», «идёт сейчас», «закончилось в 16:00»."""
    if now > event.ends_at:
        return _("Ended at %(time)s") % {"time": formats.hours_between(event.ends_at, None)}
    if now >= event.starts_at:
        return _("Going on now, until %(time)s") % {
            "time": formats.hours_between(event.ends_at, None)
        }
    text = _("Today at %(time)s") % {"time": formats.hours_between(event.starts_at, None)}
    minutes = -(-(event.starts_at - now).seconds // 60)
    if (event.starts_at - now).days or minutes > 60:
        return text
    soon = ngettext("in %(n)s minute", "in %(n)s minutes", minutes) % {"n": minutes}
    return f"{text}, {soon}"


def _about(event):
    kind = event.kind.label.lower()
    return f"{event.association.name}, {kind}" if event.association_id else kind


def _signed_up(event):
    words = seats_words(event, event.taken)
    return _("signed up: %(seats)s") % {"seats": words} if words else ""


def _next_step(event, user, now):
    """The one main button of the card, or the state that needs none."""
    own = _own_words(event.my_state) if parts.is_own(event) else ""
    doors = check_in.is_open(event, now)
    if event.was_marked:
        own = _("You are marked as present")
    if can(user, "events.run_event", event) and (doors or not user.is_methodist):
        url = reverse("events:event-attendance", args=[event.pk])
        return _link(url, _("Mark the participants"), own)
    if event.was_marked:
        return {"state": own}
    if doors:
        return _link(reverse("events:check-in-enter"), _("I am here"), own) | _leave(event, own)
    if own:
        return {"state": own} | _leave(event, own)
    if takes_people(event, now):
        label = _("Join the waiting list") if is_full(event, event.taken) else _("Sign up")
        url = reverse("events:event-register", args=[event.pk])
        return {"action_url": url, "action": label, "next_url": reverse("attestation:home")}
    return {}


def _own_words(state):
    if state == Registration.State.WAITING:
        return _("You are on the waiting list")
    return registration_words(state).label


def _link(url, label, state):
    return {"action_url": url, "action": label, "action_link": True, "state": state}


def _leave(event, own):
    if not own:
        return {}
    url = reverse("events:event-leave", args=[event.pk])
    return {"leave_url": url, "next_url": reverse("attestation:home")}


# -- rows


def my_year(user):
    """Figures of the own year, each a link to the rows behind it, and bars by month."""
    year = parts.my_year(user)
    labels = {
        "events": ngettext("event", "events", year["events"]),
        "talks": ngettext("talk", "talks", year["talks"]),
        "materials": ngettext("material", "materials", year["materials"]),
    }
    if user.is_department and not any(year[kind] for kind in labels):
        return {}
    own = f"{reverse('attestation:me')}?year={slug_of(year['start'])}&kind="
    return {
        "year": year["start"],
        "facts": [(year[kind], label, own + kind) for kind, label in labels.items()],
        "bars": month_bars(year["months"]),
    }


def month_bars(months):
    """Caption, value and height in pixels, as the chart component takes them."""
    step = min(BAR, TALLEST / max(1, *(count for _month, count in months)))
    return [
        (formats.MONTHS_BRIEF[month - 1], count or "", round(count * step) or 1)
        for month, count in months
    ]


def task_row(task, user):
    asked = [] if task.person_id == user.pk else [task.asked]
    return {
        "text": task.text,
        "url": reverse("communities:task-list"),
        "due_on": task.due_on,
        "note": ", ".join([*asked, task.source_title]),
    }


def overdue_row(row):
    owed = ngettext("%(n)s assignment is not done", "%(n)s assignments are not done", row["n"]) % {
        "n": row["n"]
    }
    return {
        "text": row["text"],
        "url": reverse("communities:task-list") + "?state=overdue",
        "due_on": row["due_on"],
        "note": ", ".join([owed if row["n"] > 1 else row["asked"].strip(), row["source"]]),
    }


def report_row(report):
    returned = parts.is_returned(report)
    return {
        "title": report.short_title,
        "url": report.get_absolute_url(),
        "due_on": report.due_on,
        "note": _("The head has returned it for revision") if returned else "",
        "action": _("Revise") if returned else _("Check and sign"),
    }


def plan_row(plan):
    year = formats.school_year(plan["start"])
    return {
        "title": _("Plan for %(year)s: %(name)s") % {"year": year, "name": plan["name"]},
        "url": reverse("events:plan-detail", args=[plan["slug"], slug_of(plan["start"])]),
        "action": _("Check and agree"),
    }


def association_row(association, user, today):
    """An association with its groups; who leads it goes on to its plan of the year."""
    start = start_year(today)
    groups = [row | {"openness": OPENNESS[row["openness"]]} for row in association.groups]
    plan = reverse("events:plan-detail", args=[association.slug, slug_of(start)])
    return {
        "association": association,
        "groups": groups,
        "year": start,
        "plan_url": plan if association.pk in user.led_association_ids else "",
    }
