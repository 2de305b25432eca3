"""Minutes: begin, write on one page, sign, read, take away as a file."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from communities.access import can, require
from communities.documents import check_url
from communities.forms.people import label_of
from communities.models import User
from events import minutes_paper
from events.minutes import (
    MinutesError,
    fingerprint,
    missing,
    obstacle,
    save_draft,
    sign,
    start,
)
from events.minutes_forms import MinutesForms
from events.models import Event, Minutes
from events.roster import members_on
from network_portal.htmx import render_page

BUILDERS = {
    "pdf": (minutes_paper.pdf, "application/pdf"),
    "docx": (
        minutes_paper.docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def _event(request, pk):
    rows = Event.objects.visible_to(request.user).select_related(
        "municipality", "kind", "association", "minutes"
    )
    return get_object_or_404(rows, pk=pk)


def _minutes(request, pk):
    rows = Minutes.objects.visible_to(request.user).select_related(
        "event__municipality", "event__kind", "association__kind", "school_year", "seal"
    )
    return rows.filter(event__in=Event.objects.visible_to(request.user), event=pk).first()


def minutes_page(request, pk):
    """The paper when it is signed, the form while it is a draft, the offer to begin before."""
    event, minutes = _event(request, pk), _minutes(request, pk)
    may_write = can(request.user, "events.write_minutes", event)
    if minutes is None:
        if not may_write:
            raise Http404
        return render_page(request, "events/minutes_start.html", _before(event))
    if minutes.state == Minutes.State.SIGNED:
        context = {
            "event": event,
            "paper": minutes_paper.read(minutes),
            "check_url": check_url(minutes.seal.code),
        }
        return render_page(request, "events/minutes_signed.html", context)
    require(request.user, "events.write_minutes", event)
    return _edit(request, minutes)


def _before(event):
    return {
        "event": event,
        "obstacle": obstacle(event),
        "present": event.attendances.count(),
        "talks": event.talks.count(),
    }


def _edit(request, minutes):
    seen = fingerprint(minutes)
    if request.method != "POST":
        forms = MinutesForms(minutes, seen, add=request.GET.get("add", ""))
        return _show_form(request, minutes, forms)
    data = request.POST.copy()
    if removed := data.get("remove"):
        data[f"{removed[:20]}-DELETE"] = "on"
    forms = MinutesForms(minutes, seen, data)
    if forms.is_valid():
        try:
            minutes = save_draft(
                minutes,
                actor=request.user,
                seen=forms.header.cleaned_data["seen"],
                **forms.values(),
            )
        except MinutesError as error:
            data["seen"] = seen
            forms = MinutesForms(minutes, seen, data)
            forms.is_valid()
            forms.header.add_error(None, str(error))
        else:
            return redirect(_next(request, minutes))
    return _show_form(request, minutes, _with_row(minutes, seen, data, forms), status=422)


def _with_row(minutes, seen, data, forms):
    """The same form with one more row when that was asked and the rest has a mistake."""
    count = f"{data.get('add')}-TOTAL_FORMS"
    if not re.fullmatch(r"[0-9]{1,4}", data.get(count, "")):
        return forms
    data[count] = str(int(data[count]) + 1)
    wider = MinutesForms(minutes, seen, data)
    wider.is_valid()
    return wider


def _next(request, minutes):
    page = reverse("events:event-minutes", args=[minutes.event_id])
    if request.POST.get("next") == "sign":
        address = reverse("events:event-minutes-sign", args=[minutes.event_id])
        return f"{address}?seen={fingerprint(minutes)}"
    if (part := request.POST.get("add")) in ("items", "decisions"):
        return f"{page}?add={part}#{part}-new"
    if not request.POST.get("remove"):
        messages.success(request, _("The draft is saved."))
    return page


def _show_form(request, minutes, forms, status=200):
    event = minutes.event
    context = {
        "event": event,
        "minutes": minutes,
        "form": forms.header,
        "items": forms.items,
        "decisions": forms.decisions,
        "people": [label_of(person) for person in _suggested(event)],
        "present": event.attendances.count(),
    }
    return render_page(request, "events/minutes_form.html", context, status=status)


def _suggested(event):
    """Those who were there and the members: the names a field offers."""
    people = User.objects.filter(pk__in=event.attendances.values("person")) | User.objects.filter(
        pk__in=members_on(event).values("person")
    )
    return people.with_workplace(event.local_date).in_order()[:200]


@require_POST
def minutes_start(request, pk):
    """Begin a draft filled from the event."""
    event = _event(request, pk)
    require(request.user, "events.write_minutes", event)
    try:
        start(event, actor=request.user)
    except MinutesError as error:
        messages.error(request, str(error))
        return redirect(event)
    return redirect("events:event-minutes", event.pk)


def minutes_sign(request, pk):
    """Say what signing does, then do it once."""
    minutes = _minutes(request, pk)
    if minutes is None:
        raise Http404
    if minutes.state == Minutes.State.SIGNED:
        messages.info(request, _("The minutes are signed already."))
        return redirect(minutes)
    require(request.user, "events.write_minutes", minutes.event)
    if request.method == "POST":
        return _sign(request, minutes)
    if lacks := obstacle(minutes.event) or " ".join(missing(minutes)):
        messages.error(request, lacks)
        return redirect(minutes)
    context = {
        "heading": _("Sign the minutes of “%(title)s”?") % {"title": minutes.event.title},
        "consequences": list(_consequences(minutes)),
        "action": _("Sign and send out"),
        "back": reverse("events:event-minutes", args=[pk]),
        "keep": _("Go on editing"),
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def _sign(request, minutes):
    try:
        sign(minutes, actor=request.user, seen=request.GET.get("seen"))
    except MinutesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The minutes are signed and sent out."))
    return redirect("events:event-minutes", minutes.event_id)


def _consequences(minutes):
    """What will happen, counted."""
    present, tasks = minutes.event.attendances.count(), minutes.decisions.count()
    if not present:
        yield _("Nobody is marked as present: the paper will say so.")
    else:
        yield ngettext(
            "%(n)s participant gets a letter.", "%(n)s participants get a letter.", present
        ) % {"n": present}
    if tasks:
        yield ngettext(
            "%(n)s decision becomes an assignment.",
            "%(n)s decisions become assignments.",
            tasks,
        ) % {"n": tasks}
    yield _("The attendance list is closed. Signed minutes are not changed any more.")


@require_GET
def minutes_file(request, pk, extension):
    """The signed paper as a file, made from its snapshot."""
    minutes = _minutes(request, pk)
    if minutes is None or minutes.state != Minutes.State.SIGNED or extension not in BUILDERS:
        raise Http404
    build, content_type = BUILDERS[extension]
    name = minutes_paper.file_name(minutes, extension)
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(build(minutes), content_type=content_type, headers=headers)
