"""The code on the screen, and the page a person checks in on."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from communities.access import require
from communities.documents import qr_svg
from communities.middleware import host_of
from events import check_in
from events.attendance import AttendanceError
from events.models import Attendance, Event
from network_portal.htmx import render_page


@never_cache
def event_qr(request, pk):
    """Full screen for the projector; renews itself, without a script by reloading."""
    events = Event.objects.visible_to(request.user).select_related("municipality", "kind")
    event = get_object_or_404(events, pk=pk)
    require(request.user, "events.run_event", event)
    context = {"event": event, "opens_at": check_in.opens_at(event)}
    if check_in.is_open(event):
        code = check_in.code(event)
        site = event.municipality.site_url
        context |= {
            "code": code,
            "qr": qr_svg(site + reverse("events:check-in", args=[code])),
            "enter_url": site.partition("//")[2] + reverse("events:check-in-enter"),
        }
    return render_page(request, "events/qr.html", context, fragment="screen")


@login_not_required
@never_cache
def check_in_enter(request):
    """Type the short code when the camera is of no use."""
    typed = check_in.normalize(request.GET.get("code", ""))
    if typed:
        return redirect("events:check-in", typed)
    return render_page(request, "events/check_in_enter.html")


@login_not_required
@never_cache
def check_in_page(request, code):
    """One button for who is signed in; who is not signs in first. No names are shown."""
    who, limit = _who(request)
    event, ticket = _event(request, code)
    if event is None:
        return _refuse(request, who, limit)
    here = reverse("events:check-in", args=[code])
    context = {"event": event, "ticket": ticket}
    if not request.user.is_authenticated:
        back = f"{here}?{urlencode({'t': ticket})}"
        context["login_url"] = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    elif request.method == "POST":
        return _check_in(request, event)
    else:
        marks = Attendance.objects.visible_to(request.user)
        context["mark"] = marks.filter(event=event, person=request.user).first()
    return render_page(request, "events/check_in.html", context)


def _who(request):
    if request.user.is_authenticated:
        return f"person:{request.user.pk}", check_in.MAX_GUESSES
    # Behind a proxy the address is the one the proxy saw: else one guesser would tire all.
    return f"address:{get_adapter().get_client_ip(request)}", check_in.MAX_GUESSES_OF_ADDRESS


def _events(request):
    """What a code may open: a guest is told nothing but that it is right, so also of what is
    not open to guests, and of every municipality whose codes lead to this address.
    """
    if request.user.is_authenticated:
        return Event.objects.visible_to(request.user)
    return Event.objects.filter(municipality__domain__in=["", host_of(request)])


def _event(request, code):
    """By the ticket of an earlier look, else by the code unless there were too many guesses.

    With the event its ticket: an old one stays as old as it is, only a good code makes a new one.
    """
    events = _events(request)
    ticket = request.POST.get("t") or request.GET.get("t") or ""
    if event := check_in.by_ticket(events, ticket):
        return event, ticket
    event = check_in.find(events, code) if check_in.may_guess(*_who(request)) else None
    return event, check_in.ticket(event) if event else ""


def _refuse(request, who, limit):
    tired = not check_in.may_guess(who, limit)
    if not tired:
        check_in.count_wrong_guess(who)
    enter = urlencode({"next": reverse("events:check-in-enter")})
    is_guest = not request.user.is_authenticated
    context = {
        "tired": tired,
        "login_url": f"{reverse(settings.LOGIN_URL)}?{enter}" if is_guest else "",
    }
    status = 429 if tired else 404
    return render_page(request, "events/check_in_expired.html", context, status=status)


def _check_in(request, event):
    try:
        new = check_in.check_in(event, request.user, actor=request.user)
    except AttendanceError as error:
        messages.error(request, str(error))
    else:
        said = _("You are marked. Have a good meeting.") if new else _("You are marked already.")
        messages.success(request, said)
    return redirect(event)
