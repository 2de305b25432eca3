"""Addresses of WHEN."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from events.views import (
    attendance,
    check_in,
    events,
    feeds,
    minutes,
    plans,
    programme,
    registration,
    schedule,
)

app_name = "events"


class Direction(StringConverter):
    """The two ways an item of a programme moves."""

    regex = "up|down"


register_converter(Direction, "direction")

urlpatterns = [
    path("events/", events.event_list, name="event-list"),
    path("events/next/", events.next_events, name="next-events"),
    path("events/new/", schedule.event_new, name="event-new"),
    path("events/clashes/", schedule.event_clashes, name="event-clashes"),
    path("events/<int:pk>-<slug:slug>/", events.event_detail, name="event-detail"),
    path("events/<int:pk>/edit/", schedule.event_edit, name="event-edit"),
    path("events/<int:pk>/publish/", schedule.event_publish, name="event-publish"),
    path("events/<int:pk>/cancel/", schedule.event_cancel, name="event-cancel"),
    path("events/<int:pk>/restore/", schedule.event_restore, name="event-restore"),
    path("events/<int:pk>/delete/", schedule.event_delete, name="event-delete"),
    path("events/<int:pk>/interaction/", schedule.event_interaction, name="event-interaction"),
    path("events/<int:pk>/recall/", schedule.event_recall, name="event-recall"),
    path("events/<int:pk>/register/", registration.event_register, name="event-register"),
    path("events/<int:pk>/leave/", registration.event_leave, name="event-leave"),
    path("events/<int:pk>/people/", registration.event_people, name="event-people"),
    path("events/<int:pk>/calendar.ics", feeds.event_calendar, name="event-calendar"),
    path("events/<int:pk>/talks/new/", programme.talk_new, name="talk-new"),
    path("events/talks/<int:pk>/edit/", programme.talk_edit, name="talk-edit"),
    path("events/talks/<int:pk>/delete/", programme.talk_delete, name="talk-delete"),
    path("events/talks/<int:pk>/<direction:direction>/", programme.talk_move, name="talk-move"),
    path(
        "events/talks/<int:pk>/speakers/<int:person>/add/",
        programme.speaker_add,
        name="speaker-add",
    ),
    path("events/talks/<int:pk>/guests/add/", programme.speaker_guest, name="speaker-guest"),
    path("events/speakers/<int:pk>/delete/", programme.speaker_delete, name="speaker-delete"),
    path("calendar/", feeds.calendar_settings, name="calendar-settings"),
    path("calendar/renew/", feeds.calendar_renew, name="calendar-renew"),
    path("calendar/revoke/", feeds.calendar_revoke, name="calendar-revoke"),
    path("calendar/<slug:token>/my-events.ics", feeds.my_calendar, name="my-calendar"),
    path("plans/<slug:year>/", plans.plan_list, name="plan-list"),
    path("plans/items/<int:pk>/edit/", plans.plan_item_edit, name="plan-item-edit"),
    path("plans/items/<int:pk>/delete/", plans.plan_item_delete, name="plan-item-delete"),
    path("plans/items/<int:pk>/outcome/", plans.plan_item_outcome, name="plan-item-outcome"),
    path("associations/<slug:slug>/plan/<slug:year>/", plans.plan_detail, name="plan-detail"),
    path("associations/<slug:slug>/plan/<slug:year>/edit/", plans.plan_edit, name="plan-edit"),
    path("associations/<slug:slug>/plan/<slug:year>/copy/", plans.plan_copy, name="plan-copy"),
    path(
        "associations/<slug:slug>/plan/<slug:year>/copy/<int:first>/<int:last>/undo/",
        plans.plan_copy_undo,
        name="plan-copy-undo",
    ),
    path(
        "associations/<slug:slug>/plan/<slug:year>/items/new/",
        plans.plan_item_new,
        name="plan-item-new",
    ),
    path(
        "associations/<slug:slug>/plan/<slug:year>/items/<int:pk>/carry/",
        plans.plan_item_carry,
        name="plan-item-carry",
    ),
    path(
        "associations/<slug:slug>/plan/<slug:year>/<slug:action>/",
        plans.plan_step,
        name="plan-step",
    ),
]

urlpatterns += [
    path("events/<int:pk>/attendance/", attendance.attendance_list, name="event-attendance"),
    path(
        "events/<int:pk>/attendance/mark/",
        attendance.attendance_mark,
        name="event-attendance-mark",
    ),
    path("events/<int:pk>/attendance/add/", attendance.attendance_add, name="event-attendance-add"),
    path(
        "events/<int:pk>/attendance/close/",
        attendance.attendance_close,
        name="event-attendance-close",
    ),
    path(
        "events/<int:pk>/attendance/reopen/",
        attendance.attendance_reopen,
        name="event-attendance-reopen",
    ),
    path(
        "events/<int:pk>/attendance/sheet/",
        attendance.attendance_sheet,
        name="event-attendance-sheet",
    ),
    path("events/<int:pk>/qr/", check_in.event_qr, name="event-qr"),
    path("c/", check_in.check_in_enter, name="check-in-enter"),
    path("c/<str:code>/", check_in.check_in_page, name="check-in"),
    path("events/<int:pk>/minutes/", minutes.minutes_page, name="event-minutes"),
    path("events/<int:pk>/minutes/start/", minutes.minutes_start, name="event-minutes-start"),
    path("events/<int:pk>/minutes/sign/", minutes.minutes_sign, name="event-minutes-sign"),
    path(
        "events/<int:pk>/minutes/<str:extension>/",
        minutes.minutes_file,
        name="event-minutes-file",
    ),
]
