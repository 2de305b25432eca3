"""Pages of the app events: see `tests.access`."""

from events import check_in
from tests import factories
from tests.access import Page

LEADERS = "leader methodist"


def _year(world):
    return world.plan.school_year.slug


def _plan(world, *more):
    return [world.association.slug, _year(world), *more]


def _item(world):
    return [factories.PlanItemFactory(plan=world.plan).pk]


def _event(world):
    return [world.event.pk]


def _talk(world):
    return [factories.TalkFactory(event=world.event).pk]


def _draft(world):
    world.event.state = "draft"
    world.event.save()
    return [world.event.pk]


def _cancelled(world):
    world.event.state, world.event.reason = "cancelled", "болезнь"
    world.event.save()
    return [world.event.pk]


def _last_year_item(world):
    from events.models import AnnualPlan

    year = factories.a_school_year(world.municipality, world.plan.school_year.start - 1)
    plan = AnnualPlan.objects.create(
        municipality=world.municipality, association=world.association, school_year=year
    )
    return _plan(world, factories.PlanItemFactory(plan=plan).pk)


def _token(world):
    world.people.teacher.feed_token = "secret-of-the-teacher"
    world.people.teacher.save()
    return ["secret-of-the-teacher"]


PAGES: dict[str, Page] = {
    "events:event-list": Page("all", "Events and the month", neighbour=200),
    "events:event-list month": Page("all", "The month", query="?view=month", neighbour=200),
    "events:event-list upcoming": Page(
        "all", "Next events of an association", query="?association=nowhere", neighbour=200
    ),
    "events:next-events": Page("all", "Next events of all associations", status=302, neighbour=302),
    "events:event-new": Page(LEADERS, "New event", neighbour=200),
    "events:event-clashes": Page(LEADERS, "Clashes of a date", neighbour=200),
    "events:event-detail": Page("all", "Event", lambda world: [world.event.pk, world.event.slug]),
    "events:event-edit": Page(LEADERS, "Change an event", _event),
    "events:event-publish": Page(LEADERS, "Publish a draft", _draft, "post", status=302, deny=404),
    "events:event-cancel": Page(LEADERS, "Cancel an event", _event),
    "events:event-restore": Page(LEADERS, "Restore an event", _cancelled, "post", status=302),
    "events:event-delete": Page(LEADERS, "Delete a draft", _draft, deny=404),
    "events:event-interaction": Page(LEADERS, "Form of interaction by hand", _event),
    "events:event-recall": Page(LEADERS, "Take letters back", _event, "post", status=302),
    "events:event-register": Page("signed-in", "Sign up", _event, "post", status=302),
    "events:event-leave": Page("signed-in", "Leave", _event, "post", status=302),
    "events:event-people": Page("coordinator", "Sign up colleagues", _event),
    "events:event-calendar": Page("all", "Event as a calendar file", _event),
    "events:talk-new": Page(LEADERS, "New item of the programme", _event),
    "events:talk-edit": Page(LEADERS, "Item of the programme and its speakers", _talk),
    "events:talk-delete": Page(LEADERS, "Delete an item of the programme", _talk),
    "events:talk-move": Page(
        LEADERS, "Order of the programme", lambda w: [*_talk(w), "up"], "post", status=302
    ),
    "events:speaker-add": Page(
        LEADERS,
        "Add a speaker",
        lambda w: [*_talk(w), w.people.teacher.pk],
        "post",
        status=302,
    ),
    "events:speaker-guest": Page(
        LEADERS,
        "Add a guest",
        _talk,
        "post",
        lambda w: {"name": "Гостев Иван"},
        status=302,
    ),
    "events:speaker-delete": Page(
        LEADERS,
        "Remove a speaker",
        lambda w: [factories.TalkFactory(event=w.event).speakers.create(name="Гость").pk],
        "post",
        status=302,
    ),
    "events:calendar-settings": Page("signed-in", "Address of the own calendar", neighbour=200),
    "events:calendar-renew": Page(
        "signed-in", "New address of the calendar", method="post", status=302, neighbour=302
    ),
    "events:calendar-revoke": Page(
        "signed-in", "Close the address", method="post", status=302, neighbour=302
    ),
    "events:my-calendar": Page(
        "all", "Own calendar behind a secret address", _token, neighbour=200
    ),
    "events:plan-list": Page(
        "signed-in", "Plan of the municipality", lambda w: [_year(w)], neighbour=200
    ),
    "events:plan-detail": Page("signed-in", "Plan of an association", _plan),
    "events:plan-edit": Page(LEADERS, "Theme and goal of a plan", _plan),
    "events:plan-step": Page(
        "leader",
        "Send a plan to the methodist",
        lambda w: _plan(w, "submit"),
        "post",
        status=302,
        deny=404,
        but={"methodist": 403, "head": 403},
    ),
    "events:plan-step approve": Page(
        "methodist",
        "Agree to a plan",
        lambda w: _plan(w, "approve"),
        "post",
        status=302,
        deny=404,
        but={"leader": 403, "head": 403},
    ),
    "events:plan-copy": Page(LEADERS, "Take last year's plan", _plan, "post", status=302),
    "events:plan-copy-undo": Page(
        LEADERS, "Undo the copy", lambda w: _plan(w, 1, 2), "post", status=302
    ),
    "events:plan-item-new": Page(LEADERS, "New line of a plan", _plan),
    "events:plan-item-carry": Page(
        LEADERS, "Carry a line of last year over", _last_year_item, "post", status=302
    ),
    "events:plan-item-edit": Page(
        LEADERS, "Change a line of a plan", _item, deny=404, but={"head": 403}
    ),
    "events:plan-item-delete": Page(
        LEADERS, "Delete a line of a plan", _item, deny=404, but={"head": 403}
    ),
    "events:plan-item-outcome": Page(
        LEADERS, "Moved or cancelled line", _item, deny=404, but={"head": 403}
    ),
}
RUN = "leader methodist"


def event(world):
    return [world.event.pk]


def minutes(world):
    return [world.minutes.event_id]


def good_code(world):
    """Of the event that goes on now, as its screen shows it this minute."""
    return [check_in.code(world.minutes.event)]


# Checking in is public as a page: a guest with a good code is only told to sign in, and
# without one that the code is wrong.
MEETING: dict[str, Page] = {
    "events:event-attendance": Page(RUN, "Attendance list", event),
    "events:event-attendance post": Page(
        RUN, "Save the attendance list", event, method="post", status=302
    ),
    "events:event-attendance-mark": Page(RUN, "Who is marked", event),
    "events:event-attendance-mark post": Page(
        RUN, "Mark by a tap", lambda world: [world.minutes.event_id], method="post"
    ),
    "events:event-attendance-add": Page(RUN, "Add a person to the list", event),
    "events:event-attendance-close": Page(RUN, "Close the list", event, method="post", status=302),
    "events:event-attendance-reopen": Page(
        RUN, "Open the list again", event, method="post", status=302
    ),
    "events:event-attendance-sheet": Page(RUN, "Sheet to sign", event),
    "events:event-qr": Page(RUN, "Check-in code on the screen", event),
    "events:check-in-enter": Page("all", "Type a check-in code", neighbour=200),
    "events:check-in": Page("all", "Check in by a code", good_code),
    "events:check-in refused": Page(
        "all", "Check in by a wrong code", lambda world: ["AAAAAA"], status=404
    ),
    "events:event-minutes": Page(RUN, "Draft of minutes", minutes, deny=404),
    "events:event-minutes signed": Page(
        "signed-in", "Signed minutes", lambda world: [world.signed_minutes.event_id]
    ),
    "events:event-minutes-start": Page(
        RUN, "Begin the minutes", minutes, method="post", status=302
    ),
    "events:event-minutes-sign": Page(RUN, "Before signing the minutes", minutes, deny=404),
    "events:event-minutes-sign post": Page(
        RUN, "Sign the minutes", minutes, method="post", status=302, deny=404
    ),
    "events:event-minutes-file": Page(
        "signed-in",
        "Signed minutes as a file",
        lambda world: [world.signed_minutes.event_id, "docx"],
    ),
}

PAGES |= MEETING
