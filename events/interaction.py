"""Step and form of network interaction, computed from the organizations that took part."""

import dataclasses

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Employment
from events.models import Attendance, Event, Registration

Form = Event.InteractionForm


@dataclasses.dataclass(frozen=True)
class Party:
    """An organization with the number of its people."""

    name: str
    kind: str
    kind_plural: str
    agency: str
    is_education: bool
    people: int


@dataclasses.dataclass(frozen=True)
class Interaction:
    """The form shown, the one computed, and the words why."""

    form: str
    computed: str
    reason: str
    by_attendance: bool

    @property
    def label(self):
        return Form(self.form).label if self.form else ""

    @property
    def computed_label(self):
        return Form(self.computed).label if self.computed else ""

    @property
    def is_overridden(self):
        return bool(self.form) and self.form != self.computed


def form_of(kinds, agencies, outside_education):
    """One kind of one agency, several kinds of one agency, or several agencies.

    >>> form_of(1, 1, False), form_of(2, 1, False), form_of(1, 2, False), form_of(1, 1, True)
    ('horizontal', 'vertical', 'mixed', 'mixed')
    """
    if not kinds:
        return ""
    if agencies > 1 or outside_education:
        return Form.MIXED.value
    return (Form.VERTICAL if kinds > 1 else Form.HORIZONTAL).value


def attended_parties(event):
    """Organizations of those who were marked, as they stood that day."""
    rows = (
        Attendance.objects.filter(event=event, organization__isnull=False)
        .values_list(*_party_fields("organization"))
        .annotate(people=Count("id"))
        .order_by("organization__kind__position", "organization__short_name")
    )
    return [Party(*row) for row in rows]


def expected_parties(event):
    """Organizations of those who signed up, by their main place on the day of the event."""
    rows = (
        Employment.objects.in_force(event.local_date)
        .filter(
            is_main=True,
            person__registrations__event=event,
            person__registrations__state=Registration.State.CONFIRMED,
        )
        .values_list(*_party_fields("organization"))
        .annotate(people=Count("person_id", distinct=True))
        .order_by("organization__kind__position", "organization__short_name")
    )
    return [Party(*row) for row in rows]


def _party_fields(path):
    fields = (
        "short_name",
        "kind__label",
        "kind__label_plural",
        "agency__label",
        "agency__is_education",
    )
    return [f"{path}__{field}" for field in fields]


def interaction_of(event, parties, *, by_attendance):
    """What the margin of an event says about its form."""
    computed = form_of(
        len({party.kind for party in parties}),
        len({party.agency for party in parties}),
        any(not party.is_education for party in parties),
    )
    return Interaction(
        form=event.form_override or computed,
        computed=computed,
        reason=event.form_reason if event.form_override else reason_of(parties),
        by_attendance=by_attendance,
    )


def reason_of(parties):
    """«Школы (5), Дополнительное образование (1)», with the agencies when they differ."""
    kinds, agencies = {}, {}
    for party in parties:
        name = party.kind_plural or party.kind
        kinds[name] = kinds.get(name, 0) + 1
        agencies[party.agency] = agencies.get(party.agency, 0) + 1
    words = _counted(kinds)
    if len(agencies) > 1:
        words = _("%(kinds)s; agencies: %(agencies)s") % {
            "kinds": words,
            "agencies": ", ".join(agencies),
        }
    return words


def _counted(numbers):
    return ", ".join(f"{name} ({number})" for name, number in numbers.items())


def step_label(event):
    """«очно» for the first step, «через интернет» for the second."""
    if event.step == 2:
        return pgettext("step of interaction", "second, through the internet")
    return pgettext("step of interaction", "first, face to face")


def annotate_form(events):
    """Give each event its `interaction_form` in one query: an override, or the rule of `form_of`.

    It is computed from who came (domain rule 7); an event without attendance has no form.
    """
    agency = "attendances__organization__agency"
    kinds = Count("attendances__organization__kind", distinct=True)
    outside = Coalesce(
        BoolOr(Q(**{f"{agency}__is_education": False})), Value(False), output_field=BooleanField()
    )
    counted = events.annotate(
        party_kinds=kinds,
        party_agencies=Count(agency, distinct=True),
        party_outside=outside,
    )
    return counted.annotate(
        interaction_form=Case(
            When(~Q(form_override=""), then="form_override"),
            When(party_kinds=0, then=Value("")),
            When(Q(party_agencies__gt=1) | Q(party_outside=True), then=Value(Form.MIXED.value)),
            When(party_kinds__gt=1, then=Value(Form.VERTICAL.value)),
            default=Value(Form.HORIZONTAL.value),
        )
    )
