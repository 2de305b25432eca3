"""The list of an event: who signed up, who was marked, who of the association is missing."""

import dataclasses

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Membership, User
from communities.text import fold_yo
from events.models import Attendance, Registration
from network_portal.formats import moment


@dataclasses.dataclass(frozen=True)
class Row:
    """One person of the list; `note` says when and how, or that a turn is awaited."""

    pk: int
    name: str
    place: str
    note: str
    is_marked: bool


@dataclasses.dataclass(frozen=True)
class Roster:
    """The list in its three parts, each in the order of names."""

    unmarked: list[Row]
    marked: list[Row]
    others: list[Row]

    @property
    def total(self):
        return len(self.unmarked) + len(self.marked)

    @property
    def expected(self):
        """Everybody the list names, in one order: for a sheet of paper."""
        return sorted(self.unmarked + self.marked, key=lambda row: fold_yo(row.name))


def members_on(event):
    """People of the event's association on its day."""
    if event.association_id is None:
        return Membership.objects.none()
    return Membership.objects.in_force(event.local_date).filter(association_id=event.association_id)


def note_of(mark):
    """«14:27 по QR», «14:31 онлайн»: when and how a person was marked."""
    at = timezone.localtime(mark.marked_at)
    same_day = at.date() == timezone.localdate(mark.event.starts_at)
    words = [f"{at:%H:%M}" if same_day else moment(at)]
    if mark.mode == Attendance.Mode.ONLINE:
        words.append(pgettext("mark", "online"))
    elif mark.method == Attendance.Method.CODE:
        words.append(pgettext("mark", "by QR"))
    elif mark.method == Attendance.Method.ADDED:
        words.append(pgettext("mark", "added on the spot"))
    return " ".join(words)


def marks_of(event):
    """`{person: note}` of everybody who is marked."""
    marks = event.attendances.all()
    for mark in marks:
        mark.event = event
    return {mark.person_id: note_of(mark) for mark in marks}


def signed_up(event):
    """`{person: state}` of those who have a place or a turn."""
    rows = event.registrations.exclude(state=Registration.State.CANCELLED)
    return dict(rows.values_list("person_id", "state"))


def roster(event):
    """The whole list of an event in four queries, however long it is."""
    marks, turns = marks_of(event), signed_up(event)
    members = set(members_on(event).values_list("person_id", flat=True))
    people = User.objects.filter(pk__in={*marks, *turns, *members})
    people = people.with_workplace(event.local_date).in_order()
    rows = [
        _row(person, marks, turns)
        for person in people.only("last_name", "first_name", "patronymic")
    ]
    waiting = Registration.State.WAITING
    unmarked = [row for row in rows if not row.is_marked and row.pk in turns]
    return Roster(
        unmarked=sorted(unmarked, key=lambda row: turns[row.pk] == waiting),
        marked=[row for row in rows if row.is_marked],
        others=[row for row in rows if not row.is_marked and row.pk not in turns],
    )


def _row(person, marks, turns):
    note = marks.get(person.pk, "")
    if not note and turns.get(person.pk) == Registration.State.WAITING:
        note = _("waiting list")
    return Row(person.pk, person.full_name, person.workplace or "", note, person.pk in marks)


def counts(event, marks):
    """How many are marked and how many the list names."""
    absent = event.registrations.exclude(state=Registration.State.CANCELLED)
    missing = absent.exclude(person_id__in=marks).count()
    return len(marks), len(marks) + missing
