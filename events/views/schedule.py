"""Pages of those who run events: new, change, publish, cancel, form of interaction."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import require
from communities.models import Association, Organization
from communities.sent_forms import already, keyed, once
from events import notifications, schedule, services
from events.event_forms import CancelForm, ClashQuery, EventForm, InteractionForm, initial_of
from events.models import Event, Level, Registration
from events.states import takes_people
from events.views.events import visible_event
from network_portal.formats import day
from network_portal.htmx import render_page
from network_portal.numbers import row_id
from network_portal.undo import give_back


def _event(user, pk, permission):
    event = visible_event(user, pk)
    require(user, permission, event)
    return event


def event_new(request):
    """A new event, filled from a line of a plan and from last year's event."""
    require(request.user, "events.add_event")
    pk = _plan_item_pk(request)
    if pk and (made := Event.objects.visible_to(request.user).filter(plan_item=pk).first()):
        return redirect(made)
    item = get_object_or_404(schedule.plannable_items(request.user), pk=pk) if pk else None
    repeats = schedule.last_year_event(item) if item else None
    initial = _initial(request.user, item, repeats)
    form = EventForm(request.POST or None, user=request.user, repeats=repeats, initial=initial)
    form = keyed(form)
    if request.method != "POST":
        return _form_page(request, form, item=item, clashes=_clashes_of(request.user, initial))
    if form.is_valid() and not (unseen := _unseen_clashes(request, form)):
        return _create(request, form, item, repeats)
    if made := already(request, form):
        return _published_too(request, made)
    return _form_page(request, form, item=item, clashes=unseen if form.is_valid() else [])


def _plan_item_pk(request):
    if "plan" not in request.GET:
        return None
    if not (pk := row_id(request.GET["plan"])):
        raise Http404
    return pk


def _initial(user, item, repeats):
    levels = Level.objects.visible_to(user)
    level = levels.filter(code="municipal").first() or levels.first()
    base = {"level": level and level.pk, "is_open": True, "hours": 2}
    base |= {"starts": schedule.USUAL_START, "ends": schedule.USUAL_END, "copy_programme": True}
    led = sorted(user.led_association_ids)
    base |= {"association": led[0]} if len(led) == 1 and not user.is_methodist else {}
    if item is None:
        return base
    return base | schedule.initial_from(item, repeats, user.municipality.tz)


def _create(request, form, item, repeats):
    try:
        answer = once(request, form, lambda: _made(request, form, item, repeats))
    except services.EventError as error:
        messages.error(request, str(error))
        return redirect("events:event-list")
    return _published_too(request, answer)


def _published_too(request, answer):
    """Pressed after «save the draft» while the page was slow, the second button counts too."""
    if "publish" not in request.POST:
        return answer
    drafts = Event.objects.visible_to(request.user).filter(state=Event.State.DRAFT)
    event = drafts.filter(pk=resolve(answer.url).kwargs.get("pk")).first()
    if event is not None:
        event = services.publish_event(event, actor=request.user)
        messages.success(request, _published_words(event))
    return answer


def _made(request, form, item, repeats):
    source = repeats if form.cleaned_data.get("copy_programme") else None
    event = services.create_event(
        form.values(), actor=request.user, plan_item=item, programme_from=source
    )
    if "publish" in request.POST:
        event = services.publish_event(event, actor=request.user)
        messages.success(request, _published_words(event))
    else:
        messages.success(request, _("The draft is saved: only you and the leaders see it."))
    return redirect(event)


def _form_page(request, form, *, event=None, item=None, clashes=(), status=200):
    context = {
        "form": form,
        "event": event,
        "item": item,
        "clashes": clashes,
        "seen": ",".join(str(clash.pk) for clash in clashes),
        "back": event.get_absolute_url() if event else _back_of(item),
    }
    return render_page(request, "events/event_form.html", context, status=status)


def _back_of(item):
    return item.plan.get_absolute_url() if item else reverse("events:event-list")


def event_edit(request, pk):
    """Change an event; moving a published one asks why and tells those who signed up."""
    event = _event(request.user, pk, "events.change_event")
    zone = request.user.municipality.tz
    form = EventForm(
        request.POST or None, user=request.user, event=event, initial=initial_of(event, zone)
    )
    if request.method != "POST":
        return _form_page(request, form, event=event)
    if form.is_valid() and not (unseen := _unseen_clashes(request, form, event)):
        try:
            return _change(request, event, form)
        except services.EventChanged:
            return _changed_meanwhile(request, visible_event(request.user, pk))
        except services.EventError as error:
            form.add_error(None, str(error))
            unseen = []
    return _form_page(request, form, event=event, clashes=unseen if form.is_valid() else [])


def _change(request, event, form):
    was_at = event.starts_at
    reason = form.cleaned_data.get("reason", "")
    event = services.change_event(
        event,
        form.values(),
        reason=reason,
        actor=request.user,
        stamp=form.cleaned_data["stamp"],
    )
    if event.state == Event.State.DRAFT and "publish" in request.POST:
        event = services.publish_event(event, actor=request.user)
        messages.success(request, _published_words(event))
    elif event.state == Event.State.PUBLISHED and event.starts_at != was_at:
        messages.success(request, _("The event is moved.") + " " + _letters_words(event))
    else:
        messages.success(request, _("The event is saved."))
    return redirect(event)


def _changed_meanwhile(request, event):
    """What was typed stays; what it differs in from the event of today is named."""
    data = request.POST.copy()
    data["stamp"] = event.stamp
    initial = initial_of(event, request.user.municipality.tz)
    form = EventForm(data, user=request.user, event=event, initial=initial)
    text = _(
        "Somebody has changed this event meanwhile. Yours differs in: %(fields)s. "
        "Save again to keep yours."
    )
    form.add_error(None, text % {"fields": form.differences() or "—"})
    return _form_page(request, form, event=event, status=409)


def _published_words(event):
    if event.is_over:
        return _("The event is published. It is over: mark who came and write the minutes.")
    if takes_people(event, timezone.now()):
        return _("The event is published, people may sign up.")
    return _("The event is published.")


def _letters_words(event):
    number = notifications.waiting_letters(event).count()
    text = ngettext(
        "%(n)s letter leaves in ten minutes.", "%(n)s letters leave in ten minutes.", number
    )
    return text % {"n": number}


def _unseen_clashes(request, form, event=None):
    """Clashes the form did not show yet: they are asked about once."""
    data = form.cleaned_data
    found = schedule.clashes(
        request.user,
        day=data["starts_on"],
        association=data["association"],
        host=data["host"],
        starts=data["starts"],
        ends=data["ends"],
        event=event,
    )
    if event is not None and not {"starts_on", "starts", "ends", "host"} & set(form.changed_data):
        return []
    seen = set(request.POST.get("clashes_seen", "").split(","))
    return found if any(str(clash.pk) not in seen for clash in found) else []


def _clashes_of(user, initial):
    if not initial.get("starts_on"):
        return []
    return schedule.clashes(
        user,
        day=initial["starts_on"],
        association=_chosen(Association, user, initial.get("association")),
        host=_chosen(Organization, user, initial.get("host")),
        starts=initial["starts"],
        ends=initial["ends"],
    )


def _chosen(model, user, pk):
    return model.objects.visible_to(user).filter(pk=pk).first() if pk else None


def event_clashes(request):
    """What the date typed in the form clashes with: the margin of the form, for htmx."""
    require(request.user, "events.add_event")
    query = ClashQuery(request.GET)
    query.is_valid()
    data, user = query.cleaned_data, request.user
    on = data.get("starts_on")
    found = schedule.clashes(
        user,
        day=on if on and 1950 <= on.year <= 2100 else None,
        association=_chosen(Association, user, data.get("association")),
        host=_chosen(Organization, user, data.get("host")),
        starts=data.get("starts"),
        ends=data.get("ends"),
        event=_chosen(Event, user, data.get("event")),
    )
    seen = ",".join(str(clash.pk) for clash in found)
    context = {"clashes": found, "seen": seen, "swapped": True}
    return render_page(request, "events/event_clashes.html", context, fragment="clashes")


@require_POST
def event_publish(request, pk):
    """Open a draft to colleagues."""
    event = _event(request.user, pk, "events.change_event")
    event = services.publish_event(event, actor=request.user)
    messages.success(request, _published_words(event))
    return redirect(event)


def event_cancel(request, pk):
    """Cancel a published event: the page counts what follows and asks why."""
    event = _event(request.user, pk, "events.change_event")
    if event.state != Event.State.PUBLISHED:
        raise Http404
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            event = services.cancel_event(event, reason=reason, actor=request.user)
        except services.EventError as error:
            messages.error(request, str(error))
            return redirect(event)
        undo = give_back(reverse("events:event-restore", args=[event.pk]))
        text = _("The event is cancelled.") + " " + _letters_words(event)
        messages.success(request, text, extra_tags=undo)
        return redirect(event)
    context = {
        "heading": _("Cancel «%(title)s» on %(day)s?")
        % {"title": event.title, "day": day(event.starts_at)},
        "consequences": _consequences(event),
        "action": _("Cancel the event"),
        "back": event.get_absolute_url(),
        "form": form,
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def _consequences(event):
    signed = event.registrations.exclude(state=Registration.State.CANCELLED).count()
    text = ngettext(
        "%(n)s person who signed up gets a letter in ten minutes.",
        "%(n)s people who signed up get a letter in ten minutes.",
        signed,
    )
    told = text % {"n": signed} if signed else _("Nobody has signed up yet: no letters leave.")
    return [
        told,
        _("The event stays in the list, crossed out, with the reason."),
        _("In calendars of those who subscribed it becomes cancelled."),
    ]


@require_POST
def event_restore(request, pk):
    """Take the cancellation back."""
    event = _event(request.user, pk, "events.change_event")
    services.restore_event(event, actor=request.user)
    messages.success(request, _("The event takes place after all."))
    return redirect(event)


def event_delete(request, pk):
    """Delete a draft."""
    event = _event(request.user, pk, "events.change_event")
    if event.state != Event.State.DRAFT:
        raise Http404
    if request.method == "POST":
        try:
            services.delete_draft(event, actor=request.user)
        except services.EventError as error:
            messages.error(request, str(error))
            return redirect(event)
        messages.success(request, _("The draft is deleted."))
        return redirect("events:event-list")
    context = {
        "heading": _("Delete the draft «%(title)s»?") % {"title": event.title},
        "consequences": [_("Its programme is deleted with it.")],
        "action": _("Delete the draft"),
        "back": event.get_absolute_url(),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def event_interaction(request, pk):
    """Set the form of interaction by hand, with a reason."""
    event = _event(request.user, pk, "events.change_event")
    initial = {"form": event.form_override, "reason": event.form_reason}
    form = InteractionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.override_form(event, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The form of interaction is saved."))
        return redirect(event)
    context = {
        "heading": _("Form of network interaction"),
        "hint": _("The portal computes it from the organizations that took part."),
        "form": form,
        "action": _("Save"),
        "back": event.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


@require_POST
def event_recall(request, pk):
    """Take back letters that have not left yet."""
    event = _event(request.user, pk, "events.run_event")
    number = services.recall_letters(event, actor=request.user)
    text = ngettext("%(n)s letter is taken back.", "%(n)s letters are taken back.", number)
    messages.success(request, text % {"n": number})
    return redirect(event)
