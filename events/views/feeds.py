"""Calendars: of one event for everybody who sees it, of one's own behind a secret address."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.models import User
from events import feeds
from events.models import Event
from events.views.events import visible_event
from network_portal.formats import file_stem
from network_portal.htmx import render_page


@login_not_required
def event_calendar(request, pk):
    """One event as a calendar file; nothing in it about people."""
    event = visible_event(request.user, pk)
    if event.state == Event.State.DRAFT:
        raise Http404
    return _calendar(feeds.calendar_of([event], event.title), event.title)


@login_not_required
def my_calendar(request, token):
    """The feed a calendar programme reads by itself: the address is the key."""
    people = User.objects.select_related("municipality")
    person = people.filter(feed_token=token, is_active=True).first()
    if person is None:
        raise Http404
    events, title = feeds.my_events(person), _("My events")
    return _calendar(feeds.calendar_of(events, title, links=True), title)


def _calendar(content, title):
    response = HttpResponse(content, content_type=feeds.CONTENT_TYPE)
    name = f"{file_stem(title)}.ics"
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["Cache-Control"] = "private, no-cache"
    return response


def calendar_settings(request):
    """The secret address of one's own calendar: make, renew, close."""
    token = request.user.feed_token
    path = reverse("events:my-calendar", args=[token]) if token else ""
    context = {"address": settings.SITE_URL + path if token else ""}
    return render_page(request, "events/calendar_settings.html", context)


@require_POST
def calendar_renew(request):
    """A new address; the old one, if there was one, stops working."""
    feeds.renew_token(request.user, actor=request.user)
    messages.success(request, _("The address is ready: add it to your calendar."))
    return redirect("events:calendar-settings")


@require_POST
def calendar_revoke(request):
    """Close the address."""
    feeds.revoke_token(request.user, actor=request.user)
    messages.success(request, _("The address is closed: calendars get nothing by it any more."))
    return redirect("events:calendar-settings")
