"""School years, plans, events, visitors and minutes of a neighbour, in every state."""

import datetime
import itertools

from attestation.demo import agenda, themes
from communities.school_year import start_year
from events import minutes as minutes_service
from events import models

TITLES = (  # of events, one for each state
    "Планируем методическую неделю",
    "Читательская грамотность на каждом уроке",
    "Опыт работы с одарёнными детьми",
    "Выездной семинар в соседнем округе",
)


def build(place):
    """The year and the one before it, with what happened in them."""
    place.year, _created = models.SchoolYear.objects.get_or_create(
        municipality=place.municipality, start=start_year(place.today)
    )
    place.past_year, _created = models.SchoolYear.objects.get_or_create(
        municipality=place.municipality, start=place.year.start - 1
    )
    place.year.holidays.create(
        name="Осенние каникулы",
        starts_on=datetime.date(place.year.start, 10, 25),
        ends_on=datetime.date(place.year.start, 11, 2),
    )
    _plans(place)
    place.events = [_event(place, n, state) for n, state in enumerate(models.Event.State)]
    _visitors(place, place.events[1])
    _minutes(place)


def _plans(place):
    years = (place.year, place.past_year)
    places = itertools.product(place.associations[:2], years)
    for (association, year), state in zip(places, models.AnnualPlan.State, strict=True):
        plan = models.AnnualPlan.objects.create(
            municipality=place.municipality,
            association=association,
            school_year=year,
            state=state,
        )
        _plan_items(place, plan)
        if state == models.AnnualPlan.State.RETURNED:
            plan.decisions.create(
                action="return",
                source="submitted",
                target="returned",
                actor=place.methodist,
                actor_name=place.methodist.full_name,
                comment="Добавьте встречу для 5 классов",
            )


def _plan_items(place, plan):
    formats = itertools.cycle(models.Format)
    for _ in range(len(plan.state)):  # plans begin with different formats
        next(formats)
    for month, outcome in zip((9, 10, 11), models.PlanItem.Outcome, strict=True):
        plan.items.create(
            format=next(formats),
            month=datetime.date(plan.school_year.start, month, 1),
            title="Заседание",
            kind=place.label(models.EventKind, "meeting"),
            outcome=outcome,
            reason="" if outcome == "planned" else "Карантин",
        )


def _event(place, n, state):
    formats, forms = list(models.Format), list(models.Event.InteractionForm)
    past = state == models.Event.State.CLOSED
    day = place.today + datetime.timedelta(days=-20 if past else 5 + n)
    starts_at = datetime.datetime.combine(day, datetime.time(14), place.municipality.tz)
    event = models.Event.objects.create(
        municipality=place.municipality,
        school_year=place.year,
        association=place.association,
        kind=place.labels(models.EventKind)[n],
        level=place.labels(models.Level)[n],
        format=formats[n],
        title=TITLES[n],
        slug=f"{place.slug}-{n + 1}",
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=2),
        place="" if formats[n] == models.Format.ONLINE else "Актовый зал",
        state=state,
        reason="Карантин" if state == models.Event.State.CANCELLED else "",
        form_override=forms[n] if n < len(forms) else "",
        form_reason="По решению методиста" if n < len(forms) else "",
        created_by=place.leader,
    )
    _programme(place, event)
    return event


def _programme(place, event):
    for position, role in enumerate(models.ParticipationRole):
        title = agenda.in_turn(themes.TALKS, position)
        talk = event.talks.create(position=position, title=title, role=role)
        talk.speakers.create(person=place.people[position], organization=place.organizations[0])
        talk.speakers.create(name="Гость из области", position=1)


def _visitors(place, upcoming):
    closed = place.events[2]
    for event in (upcoming, closed):
        for state, person in zip(models.Registration.State, place.people[5:], strict=False):
            event.registrations.create(person=person, state=state, registered_by=person)
    spoke = place.people[: len(models.ParticipationRole)]
    others = [person for person in place.people[5:11] if person not in spoke]
    pairs = itertools.product(models.Attendance.Mode, models.Attendance.Method)
    for (mode, method), person in zip(itertools.cycle(pairs), [*spoke, *others], strict=False):
        closed.attendances.create(
            person=person,
            organization=place.organizations[0],
            mode=mode,
            method=method,
            marked_by=place.leader,
            marked_at=closed.starts_at,
        )


def _minutes(place):
    _minutes_of(place, place.events[1])
    held = place.events[2]
    minutes_service.sign(_minutes_of(place, held), actor=place.leader, at=held.ends_at)


def _minutes_of(place, event):
    minutes = models.Minutes.objects.create(
        municipality=place.municipality,
        event=event,
        association=event.association,
        school_year=event.school_year,
        chair=place.leader,
        secretary=place.people[12],
    )
    minutes.items.create(heard="Итоги года", decided="Принять к сведению")
    minutes.decisions.create(text="Разместить материалы", person=place.leader)
    return minutes
