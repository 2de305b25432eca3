"""Attendance: the list on a phone, people added on the spot, the sheet to sign."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from communities.access import can, require
from communities.models import User
from events import attendance, check_in
from events.attendance_forms import NewPersonForm
from events.models import Attendance, Event, Format
from events.roster import counts, marks_of, roster
from network_portal.htmx import render_page
from network_portal.numbers import row_ids

FOUND_AT_MOST = 20


def _run_by(request, pk, permission="events.run_event"):
    """An event this person may see and runs."""
    rows = Event.objects.visible_to(request.user).select_related("municipality", "kind", "minutes")
    event = get_object_or_404(rows, pk=pk)
    require(request.user, permission, event)
    return event


def _mode(request):
    mode = request.POST.get("mode")
    return mode if mode in Attendance.Mode.values else None


def attendance_list(request, pk):
    """The list; without a script it is one form with ticks."""
    event = _run_by(request, pk)
    if request.method == "POST":
        return _save(request, event)
    may_mark = can(request.user, "events.mark_attendance", event)
    context = {
        "event": event,
        "roster": roster(event),
        "obstacle": attendance.obstacle(event),
        "may_mark": may_mark,
        "shows_code": check_in.may_open(event),
        "is_open": may_mark and not attendance.obstacle(event),
        "is_closed": event.state == Event.State.CLOSED,
        "modes": Attendance.Mode.choices if event.format == Format.MIXED else [],
        "usual_mode": attendance.usual_mode(event),
    }
    return render_page(request, "events/attendance.html", context)


def _save(request, event):
    """Marks as ticked; only who was ticked when the page was drawn may lose a mark."""
    require(request.user, "events.mark_attendance", event)
    ticked, before = row_ids(request.POST.getlist("person")), row_ids(request.POST.getlist("was"))
    added = request.POST.get("method") == Attendance.Method.ADDED
    method = Attendance.Method.ADDED if added else Attendance.Method.TAP
    try:
        new = attendance.mark_many(
            event, ticked - before, actor=request.user, mode=_mode(request), method=method
        )
        gone = attendance.unmark_many(event, before - ticked, actor=request.user)
    except attendance.AttendanceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _said(len(new), len(gone)))
    return redirect("events:event-attendance", event.pk)


def _said(new, gone):
    if not new and not gone:
        return _("Nothing has changed.")
    parts = []
    if new:
        parts.append(
            ngettext("%(n)s person is marked.", "%(n)s people are marked.", new) % {"n": new}
        )
    if gone:
        text = ngettext("%(n)s mark is taken back.", "%(n)s marks are taken back.", gone)
        parts.append(text % {"n": gone})
    return " ".join(parts)


def attendance_mark(request, pk):
    """Taps of the script, several at once: POST changes, and any method tells who is marked."""
    permission = "events.mark_attendance" if request.method == "POST" else "events.run_event"
    event = _run_by(request, pk, permission)
    status, error = 200, ""
    if request.method == "POST":
        try:
            on, off = row_ids(request.POST.getlist("on")), row_ids(request.POST.getlist("off"))
            attendance.mark_many(event, on, actor=request.user, mode=_mode(request))
            attendance.unmark_many(event, off - on, actor=request.user)
        except attendance.AttendanceError as problem:
            status, error = 409, str(problem)
    marks = marks_of(event)
    count, total = counts(event, marks)
    answer = {"people": marks, "counter": _counter(count, total), "count": count, "error": error}
    return JsonResponse(answer, status=status)


def _counter(count, total):
    return _("Marked %(count)s of %(total)s") % {"count": count, "total": total}


def attendance_add(request, pk):
    """Find a colleague by name, or enter a person nobody has entered yet."""
    event = _run_by(request, pk, "events.mark_attendance")
    query = request.GET.get("q", "").strip()[:200]
    form = NewPersonForm(request.POST or None, municipality=event.municipality, query=query)
    if request.method == "POST" and form.is_valid():
        try:
            person = attendance.add_person(event, actor=request.user, **form.cleaned_data)
        except attendance.AttendanceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(name)s is marked.") % {"name": person.full_name})
        return redirect("events:event-attendance", event.pk)
    context = {"event": event, "form": form, "query": query, "hits": _hits(request, event, query)}
    status = 422 if form.errors else 200
    return render_page(request, "events/attendance_add.html", context, status=status)


def _hits(request, event, query):
    people = User.objects.visible_to(request.user).named(query)
    return people.with_workplace(event.local_date).in_order()[:FOUND_AT_MOST]


@require_POST
def attendance_close(request, pk):
    """Close the list and go on to the minutes."""
    event = _run_by(request, pk, "events.mark_attendance")
    try:
        attendance.close(event, actor=request.user)
    except attendance.AttendanceError as error:
        messages.error(request, str(error))
        return redirect("events:event-attendance", event.pk)
    return redirect("events:event-minutes", event.pk)


@require_POST
def attendance_reopen(request, pk):
    """Open a closed list again."""
    event = _run_by(request, pk)
    try:
        attendance.reopen(event, actor=request.user)
    except attendance.AttendanceError as error:
        messages.error(request, str(error))
    return redirect("events:event-attendance", event.pk)


@require_GET
def attendance_sheet(request, pk):
    """The sheet of paper with room for signatures."""
    event = _run_by(request, pk)
    return render_page(
        request,
        "events/attendance_sheet.html",
        {"event": event, "rows": roster(event).expected, "empty_rows": range(5)},
    )
