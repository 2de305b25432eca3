"""Plans, events, sign-up, attendance and minutes of the demo district, year by year."""

import datetime
import random
from decimal import Decimal

from django.utils import timezone

from attestation.demo import agenda, themes
from communities.school_year import slug_of, start_year
from events.models import (
    AnnualPlan,
    Attendance,
    Event,
    EventKind,
    Format,
    Holiday,
    Level,
    PlanItem,
    Registration,
    SchoolYear,
    Talk,
    TalkSpeaker,
)

BREAKS = (
    ("Осенние каникулы", (10, 25), (11, 2)),
    ("Зимние каникулы", (12, 31), (1, 11)),
    ("Весенние каникулы", (3, 28), (4, 5)),
)
HOLIDAYS = (*BREAKS, ("ОГЭ и ЕГЭ", (5, 21), (6, 25)))


class Year:
    """One school year of the district: `shape` says how full it is.

    full: plans of all, all kinds of events; core: two meetings of each association (2020-21);
    thin: meetings of the teacher's association only, so that five years stand in the record.
    """

    def __init__(self, district, start, shape):
        self.district = district
        self.start = start
        self.shape = shape
        self.rng = random.Random(start)
        self.today = district.today
        self.municipality = district.municipality
        self.zone = self.municipality.tz

    def build(self):
        self.school_year, _created = SchoolYear.objects.get_or_create(
            municipality=self.municipality, start=self.start
        )
        self._dictionaries()
        self._holidays()
        self.events = []
        if self.shape == "full":
            self._plans()
        self._meetings()
        if self.shape == "full":
            self._department_events()
        if self.start == start_year(self.today):
            self._today()
        self.events = Event.objects.bulk_create(self.events)
        self._programmes()
        self._sign_up_and_attend()
        return self

    def _dictionaries(self):
        def rows(model):
            return {row.code: row for row in model.objects.filter(municipality=self.municipality)}

        self.kinds, self.levels = rows(EventKind), rows(Level)

    def _holidays(self):
        Holiday.objects.bulk_create(
            Holiday(
                school_year=self.school_year,
                name=name,
                starts_on=self._date(*first),
                ends_on=self._date(*last),
            )
            for name, first, last in HOLIDAYS
        )

    def _date(self, month, day):
        return datetime.date(self.start + (month < 9), month, day)

    def _workday(self, month):
        """The first day of school from the day that was drawn on."""
        day = self._date(month, self.rng.randint(5, 24))
        breaks = [(self._date(*first), self._date(*last)) for _name, first, last in BREAKS]
        while day.weekday() > 4 or any(first <= day <= last for first, last in breaks):
            day += datetime.timedelta(days=1)
        return day

    def _moment(self, day, hour, minute=0):
        return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)

    # -- plans

    def _plans(self):
        self.items = {}
        is_current = self.start == start_year(self.today)
        for association in self.district.associations:
            waiting = is_current and association.slug in ("physics", "labour")
            plan = AnnualPlan.objects.create(
                municipality=self.municipality,
                association=association,
                school_year=self.school_year,
                theme="Совершенствование мастерства педагога в условиях обновлённых стандартов",
                goal="Повысить качество преподавания через обмен опытом и общие события.",
                state=AnnualPlan.State.SUBMITTED if waiting else AnnualPlan.State.APPROVED,
            )
            self.items[association] = PlanItem.objects.bulk_create(
                self._plan_items(plan, association)
            )

    def _plan_items(self, plan, association):
        for title, month in self._planned_meetings(association):
            yield PlanItem(
                plan=plan,
                month=self._date(month, 1),
                planned_on=self._workday(month),
                title=title,
                kind=self.kinds["meeting"],
                place=self._place(association)[1],
                responsible=self.district.leaders[association].short_name,
            )
        titles = self._seminar_titles(association)
        for title, month in agenda.planned_seminars(association.pk, self.district.scale, titles):
            yield PlanItem(
                plan=plan,
                month=self._date(month, 1),
                title=title,
                kind=self.kinds["seminar"],
                responsible=self.district.leaders[association].short_name,
            )

    def _seminar_titles(self, association):
        where = self.district.theme_of[association].where
        return themes.SEMINARS if where == "school" else themes.SEMINARS_WITHOUT_MARKS

    def _planned_meetings(self, association):
        kind = self.district.theme_of[association].kind
        return agenda.meetings(kind, self.shape, self.district.scale, association.pk)

    def _place(self, association):
        """Host organization and room: with the leader, or at a neighbour's."""
        schools = self.district.by_kind["school"]
        if self.district.theme_of[association].where == "preschool":
            schools = self.district.by_kind["preschool"]
        host = schools[(association.pk * 7 + self.start) % len(schools)]
        return host, f"{host.short_name}, кабинет {10 + association.pk % 20}"

    # -- events

    def _meetings(self):
        for association in self.district.associations:
            if self.shape == "thin" and association.slug != "mathematics":
                continue
            for place, (title, month) in enumerate(self._planned_meetings(association)):
                item = self.items[association][place] if self.shape == "full" else None
                day = item.planned_on if item else self._workday(month)
                self._event(
                    association,
                    "meeting",
                    title,
                    day,
                    plan_item=item,
                    format=Format.ONLINE if self.rng.random() < 0.25 else Format.IN_PERSON,
                )

    def _today(self):
        """There is a seminar today, so that the first page shows what a day looks like."""
        math = next(row for row in self.district.associations if row.slug == "mathematics")
        event = self._event(
            math, "seminar", "Функциональная грамотность на уроках алгебры", self.today, capacity=40
        )
        event.state, event.moved_from, event.reason = Event.State.PUBLISHED, None, ""
        event.is_open = True

    def _department_events(self):
        scale = self.district.scale
        for place, title, month in agenda.department_seminars(scale):
            association = agenda.in_turn(self.district.associations, place)
            titles = self._seminar_titles(association)
            fits = title if title in titles else agenda.in_turn(titles, place)
            self._seminar(association, fits, month)
        for title, month in agenda.contests(scale):
            self._event(None, "contest", title, self._workday(month))
        for _turn in range(scale):
            self._conferences()

    def _seminar(self, association, title, month):
        kind = self.rng.choice(("seminar", "seminar", "master_class", "round_table", "webinar"))
        online = kind == "webinar"
        self._event(
            association,
            kind,
            title,
            self._workday(month),
            format=Format.ONLINE if online else self.rng.choice((Format.IN_PERSON, Format.MIXED)),
            capacity=self.rng.choice((None, 25, 30, 40)),
        )

    def _conferences(self):
        self._event(
            None,
            "conference",
            "Августовская конференция педагогов района",
            datetime.date(self.start, 8, 28),
        )
        self._event(
            None, "conference", "Педагогические чтения", self._workday(3), level="inter_municipal"
        )

    def _event(self, association, kind, title, day, *, level="municipal", **fields):
        hours = (10,) if kind == "conference" else (13, 14, 15)  # after the lessons
        starts_at = self._moment(day, self.rng.choice(hours), self.rng.choice((0, 30)))
        host, place = (
            self._place(association)
            if association
            else (self.district.by_kind["additional"][0], "Никольский ЦДО, актовый зал")
        )
        past = day < self.today
        event = Event(
            municipality=self.municipality,
            school_year=self.school_year,
            association=association,
            kind=self.kinds[kind],
            level=self.levels[level],
            title=title,
            slug=f"{kind}-{slug_of(self.start)}-{len(self.events) + 1}".replace("_", "-"),
            summary="Приглашаем всех, кому близка тема. Возьмите с собой вопросы и примеры.",
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=90 if kind == "meeting" else 150),
            host=host,
            place="" if fields.get("format") == Format.ONLINE else place,
            online_url="https://sferum.example/join"
            if fields.get("format") in ("online", "mixed")
            else "",
            hours=Decimal(2 if kind == "meeting" else 3),
            state=Event.State.CLOSED if past else Event.State.PUBLISHED,
            is_open=kind != "meeting",
            created_by=self.district.leaders[association]
            if association
            else self.district.methodist,
            **{"format": Format.IN_PERSON, **fields},
        )
        self._mishap(event, past)
        self.events.append(event)
        return event

    def _mishap(self, event, past):
        """Life: some events are moved, some cancelled, some still wait for their minutes."""
        chance = self.rng.random()
        if self.shape != "full":
            return
        if chance < 0.03:
            event.state = Event.State.CANCELLED
            event.reason = "Карантин в школе"
        elif chance < 0.09:
            event.moved_from = event.starts_at - datetime.timedelta(days=7)
            event.reason = "Совпало с олимпиадой"
        elif past and event.starts_at > timezone.now() - datetime.timedelta(days=14):
            event.state = Event.State.PUBLISHED

    # -- programme, people

    def _audience(self, event):
        if event.association_id:
            return self.district.members[event.association]
        return [row[0] for row in self.district.staff[:: max(1, len(self.district.staff) // 90)]]

    def _programmes(self):
        talks, speakers = [], []
        self.speakers = {}
        for event in self.events:
            audience = self._audience(event)
            chosen = self.rng.sample(audience, min(len(audience), self.rng.randint(2, 4)))
            if event.association and event.association.slug == "mathematics":
                chosen[0] = self.district.teacher
            begins = timezone.localtime(event.starts_at, self.zone)
            self.speakers[event] = list(dict.fromkeys(chosen))
            for place, person in enumerate(self.speakers[event]):
                talk = Talk(
                    event=event,
                    position=place,
                    starts_at=(begins + place * datetime.timedelta(minutes=30)).time(),
                    title=themes.TALKS[(place + event.pk) % len(themes.TALKS)],
                    role="master_class_host" if place == 2 else "speaker",
                )
                talks.append(talk)
                speakers.append(
                    TalkSpeaker(
                        talk=talk, person=person, organization=self.district.place_of(person)
                    )
                )
        Talk.objects.bulk_create(talks)
        TalkSpeaker.objects.bulk_create(speakers)

    def _sign_up_and_attend(self):
        registrations, attendances = [], []
        for event in self.events:
            if event.state == Event.State.CANCELLED:
                continue
            people = self._who_comes(event)
            registrations += self._registrations(event, people)
            if event.starts_at < timezone.now():
                attendances += self._attendances(event, people)
        Registration.objects.bulk_create(registrations)
        Attendance.objects.bulk_create(attendances)

    def _who_comes(self, event):
        audience = self._audience(event)
        share = self.rng.uniform(0.55, 0.85) if len(audience) < 80 else 0.65
        count = max(min(8, len(audience)), min(42, int(len(audience) * share)))
        people = self.rng.sample(audience, min(count, len(audience)))
        if event.starts_at < timezone.now():  # whoever spoke was there
            people = list(dict.fromkeys(self.speakers[event] + people))[: len(people)]
        if event.association and event.association.slug == "mathematics":
            is_next = event.starts_at > timezone.now() and event.kind.code != "meeting"
            people = [row for row in people if row != self.district.teacher]
            people[:0] = [] if is_next else [self.district.teacher]
        if self.rng.random() < 0.12:  # partners come too: the form of interaction is mixed
            people += self.district.partners()
        return list(dict.fromkeys(people))  # a partner may have been drawn before

    def _registrations(self, event, people):
        for place, person in enumerate(people):
            full = event.capacity is not None and place >= event.capacity
            yield Registration(
                event=event,
                person=person,
                state=Registration.State.WAITING if full else Registration.State.CONFIRMED,
                queued_at=min(timezone.now(), event.starts_at)
                - datetime.timedelta(days=9, minutes=-place),
                registered_by=person,
            )

    def _attendances(self, event, people):
        online = event.format == Format.ONLINE
        for place, person in enumerate(people):
            if place % 11 == 10:
                continue  # one in eleven signed up and did not come
            yield Attendance(
                event=event,
                person=person,
                organization=self.district.place_of(person),
                mode=Attendance.Mode.ONLINE if online else Attendance.Mode.IN_PERSON,
                method=Attendance.Method.CODE if place % 3 == 0 else Attendance.Method.TAP,
                marked_by=event.created_by,
                marked_at=event.starts_at + datetime.timedelta(minutes=place % 20),
            )


def all_years(district):
    """The core year 2020-21, thin years after it, the full past year and the current one."""
    current = start_year(district.today)
    yield Year(district, 2020, "core").build()
    for start in range(2021, current - 1):
        yield Year(district, start, "thin").build()
    yield Year(district, current - 1, "full").build()
    yield Year(district, current, "full").build()
