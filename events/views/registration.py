"""Signing up and leaving: in place for htmx, by redirect otherwise; colleagues by a list."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import require
from communities.models import User
from events import registration
from events.event_forms import ColleaguesForm
from events.models import Registration
from events.states import seats_words
from events.views.events import own_registration, signup_context, visible_event
from network_portal.addresses import way_back
from network_portal.htmx import render_page, wants_fragment
from network_portal.undo import give_back

State = Registration.State


@require_POST
def event_register(request, pk):
    """Take a place or a turn."""
    event = visible_event(request.user, pk)
    require(request.user, "events.register", event)
    try:
        row = registration.register(event, request.user, actor=request.user)
    except registration.RegistrationError as error:
        return _answer(request, event, error=str(error))
    undo = reverse("events:event-leave", args=[event.pk])
    return _answer(request, event, undo=undo, text=_words(row))


@require_POST
def event_leave(request, pk):
    """Give the place or the turn back."""
    event = visible_event(request.user, pk)
    require(request.user, "events.register", event)
    try:
        registration.leave(event, request.user, actor=request.user)
    except registration.RegistrationError as error:
        return _answer(request, event, error=str(error))
    text = _("Your registration is cancelled.")
    undo = give_back(reverse("events:event-register", args=[event.pk]))
    return _answer(request, event, undo=undo, text=text)


def _words(row):
    if row.state == State.CONFIRMED:
        return _("You are signed up.")
    place = registration.place_in_queue(row)
    return _("No places left: you are number %(place)s in the waiting list.") % {"place": place}


def _answer(request, event, *, text="", undo="", error=""):
    if wants_fragment(request):
        return _cell(request, event, text, error)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, text, extra_tags=undo)
    return HttpResponseRedirect(way_back(request, event.get_absolute_url()))


def _cell(request, event, text, error):
    taken = registration.taken_places(event)
    mine = own_registration(event, request.user)
    context = {
        "event": event,
        "swapped": True,
        "left": mine is None and not error,
        "error": error,
        "text": error or text,
        "seats": seats_words(event, taken),
        "on_event_page": event.get_absolute_url() in (request.htmx.current_url or ""),
        **signup_context(event, mine, taken, timezone.now()),
    }
    return render_page(request, "events/signup.html", context, fragment="cell")


def event_people(request, pk):
    """A coordinator signs up people of the own school, as many as needed at once."""
    event = visible_event(request.user, pk)
    require(request.user, "events.register_colleagues", event)
    people = _colleagues(request.user, event)
    form = ColleaguesForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        _register_all(request, event, form.cleaned_data["people"])
        return redirect(event)
    rows = _registrations(request.user, event).filter(person__in=_staff(request.user, event))
    context = {
        "event": event,
        "form": form,
        "has_people": people.exists(),
        "registered": rows.select_related("person"),
    }
    return render_page(request, "events/event_people.html", context)


def _registrations(user, event):
    """Places and turns that are in force."""
    rows = Registration.objects.visible_to(user).filter(event=event)
    return rows.exclude(state=State.CANCELLED)


def _staff(user, event):
    people = User.objects.visible_to(user)
    return people.working_in(user.coordinated_organization_ids, event.local_date)


def _colleagues(user, event):
    signed_up = _registrations(user, event).values("person_id")
    return _staff(user, event).exclude(pk__in=signed_up).in_order()


def _register_all(request, event, people):
    states = []
    try:
        for person in people:
            states.append(registration.register(event, person, actor=request.user).state)
    except registration.RegistrationError as error:
        messages.error(request, str(error))
    confirmed, waiting = states.count(State.CONFIRMED), states.count(State.WAITING)
    texts = []
    if confirmed:
        text = ngettext("%(n)s person has a place.", "%(n)s people have a place.", confirmed)
        texts.append(text % {"n": confirmed})
    if waiting:
        text = ngettext(
            "%(n)s person is in the waiting list.", "%(n)s people are in the waiting list.", waiting
        )
        texts.append(text % {"n": waiting})
    if texts:
        messages.success(request, " ".join(texts))
