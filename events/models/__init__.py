"""Models of WHEN, one module per subject, imported from here."""

from events.models.calendar import (
    AnnualPlan,
    EventKind,
    Format,
    Holiday,
    Level,
    PlanDecision,
    PlanItem,
    SchoolYear,
)
from events.models.event import (
    Attendance,
    Event,
    ParticipationRole,
    Registration,
    Talk,
    TalkSpeaker,
)
from events.models.minutes import AgendaItem, Minutes, MinutesDecision

__all__ = [
    "AgendaItem",
    "AnnualPlan",
    "Attendance",
    "Event",
    "EventKind",
    "Format",
    "Holiday",
    "Level",
    "Minutes",
    "MinutesDecision",
    "ParticipationRole",
    "PlanDecision",
    "PlanItem",
    "Registration",
    "SchoolYear",
    "Talk",
    "TalkSpeaker",
]
