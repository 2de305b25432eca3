"""Pages of the programme: talks, their order, who speaks."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.access import require
from communities.models import User
from communities.sent_forms import keyed, once
from events import programme
from events.event_forms import GuestForm, NewTalkForm, TalkForm
from events.models import Talk, TalkSpeaker
from events.views.events import visible_event
from network_portal.htmx import render_page

CHANGE = "events.change_event"


def _talk(user, pk):
    talks = Talk.objects.visible_to(user).select_related("event__municipality", "event__minutes")
    talk = get_object_or_404(talks, pk=pk)
    require(user, CHANGE, talk.event)
    return talk


def _programme_url(event):
    return f"{event.get_absolute_url()}#programme"


def talk_new(request, pk):
    """A new talk; the speaker named is looked for at once."""
    event = visible_event(request.user, pk)
    require(request.user, CHANGE, event)
    form = keyed(NewTalkForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        return once(request, form, lambda: _added(request, event, **form.cleaned_data))
    context = {
        "heading": _("New item of the programme"),
        "form": form,
        "action": _("Add to the programme"),
        "back": _programme_url(event),
    }
    return render_page(request, "form_page.html", context)


def _added(request, event, speaker, **values):
    talk = programme.add_talk(event, actor=request.user, **values)
    return _after_new(request, talk, speaker)


def _after_new(request, talk, words):
    if not words:
        return redirect(_programme_url(talk.event))
    found = programme.find_people(request.user, words, talk.event.local_date)
    if len(found) == 1:
        programme.add_speaker(talk, found[0], actor=request.user)
        return redirect(_programme_url(talk.event))
    query = QueryDict(mutable=True)
    query["q"] = words
    return redirect(f"{reverse('events:talk-edit', args=[talk.pk])}?{query.urlencode()}#speakers")


def talk_edit(request, pk):
    """What is said and when; below, who says it."""
    talk = _talk(request.user, pk)
    initial = {name: getattr(talk, name) for name in ("title", "starts_at", "role")}
    form = TalkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        programme.change_talk(talk, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The programme is saved."))
        return redirect(_programme_url(talk.event))
    return _talk_page(request, talk, form)


def _talk_page(request, talk, form, guest=None):
    words = request.GET.get("q", "")[:100]
    speakers = list(talk.speakers.select_related("person", "organization"))
    known = {speaker.person_id for speaker in speakers}
    found = programme.find_people(request.user, words, talk.event.local_date)
    context = {
        "talk": talk,
        "event": talk.event,
        "form": form,
        "guest": guest or GuestForm(user=request.user, initial={"name": words}),
        "q": words,
        "found": [person for person in found if person.pk not in known],
        "known_found": any(person.pk in known for person in found),
        "speakers": speakers,
        "back": _programme_url(talk.event),
    }
    return render_page(request, "events/talk_edit.html", context)


@require_POST
def talk_move(request, pk, direction):
    """One place up or down."""
    talk = _talk(request.user, pk)
    programme.move_talk(talk, -1 if direction == "up" else 1, actor=request.user)
    return redirect(_programme_url(talk.event))


def talk_delete(request, pk):
    """Take a talk out after a page that names it."""
    talk = _talk(request.user, pk)
    if request.method == "POST":
        programme.delete_talk(talk, actor=request.user)
        messages.success(request, _("The item is out of the programme."))
        return redirect(_programme_url(talk.event))
    context = {
        "heading": _("Delete «%(title)s» from the programme?") % {"title": talk.title},
        "consequences": [_("Its speakers lose this record of participation.")],
        "action": _("Delete from the programme"),
        "back": _programme_url(talk.event),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


@require_POST
def speaker_add(request, pk, person):
    """Add a person found by name."""
    talk = _talk(request.user, pk)
    person = get_object_or_404(User.objects.visible_to(request.user), pk=person)
    try:
        programme.add_speaker(talk, person, actor=request.user)
    except programme.ProgrammeError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('events:talk-edit', args=[talk.pk])}#speakers")


@require_POST
def speaker_guest(request, pk):
    """Add a guest by name."""
    talk = _talk(request.user, pk)
    guest = GuestForm(request.POST, user=request.user)
    if not guest.is_valid():
        initial = {name: getattr(talk, name) for name in ("title", "starts_at", "role")}
        return _talk_page(request, talk, TalkForm(initial=initial), guest)
    programme.add_guest(talk, actor=request.user, **guest.cleaned_data)
    return redirect(f"{reverse('events:talk-edit', args=[talk.pk])}#speakers")


@require_POST
def speaker_delete(request, pk):
    """Take a speaker off."""
    speakers = TalkSpeaker.objects.visible_to(request.user).select_related("talk__event")
    speaker = get_object_or_404(speakers, pk=pk)
    talk = _talk(request.user, speaker.talk_id)
    programme.remove_speaker(speaker, actor=request.user)
    return redirect(f"{reverse('events:talk-edit', args=[talk.pk])}#speakers")
