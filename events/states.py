"""What is said of the state of events, registrations and lines of plans."""

import dataclasses

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from events.models import AnnualPlan, Event, Minutes, PlanItem, Registration
from network_portal import formats


@dataclasses.dataclass(frozen=True)
class Said:
    """A state in words with the tone of its mark: ok, wait, bad or none."""

    label: str
    tone: str = ""


def closes_at(event):
    """Until when one may sign up: the deadline, or else the end of the event."""
    return min(event.registration_until or event.ends_at, event.ends_at)


def takes_people(event, now):
    """Whether signing up is possible at this moment, with or without a free place."""
    return event.state == Event.State.PUBLISHED and now < closes_at(event)


def is_full(event, taken):
    return event.capacity is not None and taken >= event.capacity


def state_of(event, taken, now=None):
    """One sentence about an event; `taken` is the number of confirmed places."""
    now = now or timezone.now()
    if event.state == Event.State.DRAFT:
        return Said(pgettext("state of an event", "Draft"), "wait")
    if event.state == Event.State.CANCELLED:
        return Said(pgettext("state of an event", "Cancelled"), "bad")
    if _was_held(event, now):
        if _has_signed_minutes(event):
            return Said(pgettext("state of an event", "Closed"), "ok")
        return Said(pgettext("state of an event", "Held, no minutes"), "wait")
    if event.starts_at <= now:
        return Said(pgettext("state of an event", "Going on now"), "ok")
    if now >= closes_at(event):
        return Said(pgettext("state of an event", "Registration is over"))
    if is_full(event, taken):
        return Said(pgettext("state of an event", "No places, waiting list"), "wait")
    return Said(pgettext("state of an event", "Registration is open"), "ok")


def state_for_guest(event, taken, now=None):
    """The same without the inner affairs: a guest does not need to know about minutes."""
    now = now or timezone.now()
    if _was_held(event, now) and not _has_signed_minutes(event):
        return Said(pgettext("state of an event", "Held"))
    return state_of(event, taken, now)


def _was_held(event, now):
    """It is over, or its organizer closed the list early."""
    is_past = event.state == Event.State.PUBLISHED and event.ends_at < now
    return is_past or event.state == Event.State.CLOSED


def _has_signed_minutes(event):
    minutes = getattr(event, "minutes", None)
    return minutes is not None and minutes.state == Minutes.State.SIGNED


def seats_words(event, taken):
    """«31 из 40», «31 человек» without a limit, nothing while nobody has signed up."""
    if event.capacity is not None:
        return _("%(taken)s of %(total)s") % {
            "taken": formats.number(taken),
            "total": formats.number(event.capacity),
        }
    if not taken:
        return ""
    return ngettext("%(n)s person", "%(n)s people", taken) % {"n": formats.number(taken)}


def too_few_places(taken):
    """Why an event cannot have fewer places than it has taken ones."""
    text = ngettext(
        "%(n)s person has a place already: the number cannot be smaller.",
        "%(n)s people have places already: the number cannot be smaller.",
        taken,
    )
    return text % {"n": formats.number(taken)}


_WERE = {
    Registration.State.CONFIRMED: gettext_lazy("You were signed up"),
    Registration.State.WAITING: gettext_lazy("You were on the waiting list"),
}


def registration_words(state, place=None, *, over=False):
    """«Вы записаны», «Лист ожидания, вы 3-й»; of an event that is over «Вы были записаны»."""
    if over and state in (Registration.State.CONFIRMED, Registration.State.WAITING):
        return Said(str(_WERE[state]))
    if state == Registration.State.CONFIRMED:
        return Said(_("You are signed up"), "ok")
    if state == Registration.State.WAITING:
        return Said(_("Waiting list, you are number %(place)s") % {"place": place}, "wait")
    return Said(_("You are no longer signed up"))


TONES = {
    AnnualPlan.State.DRAFT: "",
    AnnualPlan.State.SUBMITTED: "wait",
    AnnualPlan.State.RETURNED: "bad",
    AnnualPlan.State.APPROVED: "ok",
}


def plan_state(plan):
    """Draft, with the methodist, returned, agreed."""
    state = AnnualPlan.State(plan.state)
    return Said(str(state.label).capitalize(), TONES[state])


def decision_words(decision):
    """A step of a plan in the past tense, for its history."""
    return {
        "submit": pgettext("history of a plan", "Sent to the methodist"),
        "withdraw": pgettext("history of a plan", "Taken back"),
        "approve": pgettext("history of a plan", "Agreed"),
        "return": pgettext("history of a plan", "Returned for revision"),
    }[decision.action]


def item_state(item, event, taken, now=None):
    """What became of a line of a plan."""
    now = now or timezone.now()
    if event is not None:
        return _with_seats(event, taken, now)
    if item.outcome == PlanItem.Outcome.CANCELLED:
        return Said(pgettext("state of a line", "Cancelled"), "bad")
    if item.outcome == PlanItem.Outcome.MOVED:
        return Said(pgettext("state of a line", "Moved"), "wait")
    if is_past(item, now):
        return Said(pgettext("state of a line", "Not held"), "bad")
    return None


def is_past(item, now):
    """Whether the time a line was planned for has passed: its day, or its whole month."""
    today = timezone.localdate(now)
    return item.planned_on < today if item.planned_on else item.month < today.replace(day=1)


def _with_seats(event, taken, now):
    said = state_of(event, taken, now)
    if event.state == Event.State.PUBLISHED and now < event.starts_at and event.capacity:
        return Said(_("Signed up: %(seats)s") % {"seats": seats_words(event, taken)}, said.tone)
    if event.moved_from and event.state == Event.State.PUBLISHED and said.tone == "ok":
        day = formats.day(event.moved_from)
        return Said(_("%(state)s, moved from %(day)s") % {"state": said.label, "day": day}, "ok")
    return said
