"""Two small neighbours that hold every kind of row in every state, to prove isolation."""

import datetime
import hashlib
import itertools
import random

from django.core.files.base import ContentFile
from django.utils import timezone

from attestation import certificates, report_documents, reports
from attestation.demo import names, office_files
from attestation.models import AnnualReport, ExportColumnSet
from attestation.municipalities import open_municipality
from attestation.workflow import perform
from communities import audit
from communities import models as who
from communities.school_year import start_year
from events import minutes as minutes_service
from events import models as when
from materials import models as what

TITLES = {
    "zarechny": ("Заречный округ", "Заречного округа"),
    "lesnoy": ("Лесной округ", "Лесного округа"),
}
CODES = {"zarechny": "36", "lesnoy": "37"}


class Neighbour:
    """Builds one neighbour; every list of states is walked from the model's own choices."""

    def __init__(self, slug, password):
        self.slug = slug
        self.password = password
        self.rng = random.Random(slug)
        self.stream = names.people(self.rng)
        self.now = timezone.now()

    def build(self):
        name, genitive = TITLES[self.slug]
        self.municipality = open_municipality(
            slug=self.slug,
            code=CODES[self.slug],
            name=name,
            name_genitive=genitive,
            department_name=f"Управление образования {genitive}",
            department_genitive=f"Управления образования {genitive}",
            head_post="Начальник Управления образования",
            head_name="В.П. Рощина",
            phone="8 (81750) 3-00-00",
        )
        self.today = self.municipality.today()
        self._organizations()
        self._people()
        self._associations()
        self._events()
        self._materials()
        self._papers()
        self._reports()
        return self

    def _label(self, model, code):
        return model.objects.get(municipality=self.municipality, code=code)

    def _labels(self, model):
        return list(model.objects.filter(municipality=self.municipality))

    # -- who

    def _organizations(self):
        education = self._label(who.Agency, "education")
        culture = self._label(who.Agency, "culture")
        self.organizations = [
            who.Organization.objects.create(
                municipality=self.municipality,
                kind=kind,
                agency=education if kind.is_educational else culture,
                short_name=f"{kind.label} {TITLES[self.slug][1]}",
                full_name=f"{kind.label} {TITLES[self.slug][1]}",
                slug=f"{self.slug}-{kind.code}".replace("_", "-"),
                closed_on=self.today if kind.code == "public" else None,
            )
            for kind in self._labels(who.OrganizationKind)
        ]
        for row in self.organizations:
            row.aliases.create(text=f"{row.short_name} ({self.slug})")

    def _people(self):
        kinds = list(who.Employment.Kind)
        categories = self._labels(who.QualificationCategory)
        self.people = [self._person(categories[n % len(categories)]) for n in range(14)]
        for n, person in enumerate(self.people):
            self._work(person, self.organizations[n % 3], who.Employment.Kind.MAIN)
        for kind in kinds[1:]:
            self._work(self.people[3], self.organizations[3], kind, ends_on=self.today)
        self._accounts()
        for n, person in enumerate(self.people[7:10]):
            self._invitation(person, n)

    def _person(self, category):
        last, first, patronymic = next(self.stream)
        return who.User.objects.create(
            municipality=self.municipality,
            last_name=last,
            first_name=first,
            patronymic=patronymic,
            category=category,
            password="!",  # noqa: S106  (an unusable one)
        )

    def _work(self, person, organization, kind, **dates):
        work = who.Employment.objects.create(
            municipality=self.municipality,
            person=person,
            organization=organization,
            post="учитель",
            kind=kind,
            starts_on=datetime.date(2018, 9, 1),
            **dates,
        )
        work.subjects.add(self._label(who.Subject, "mathematics"))

    def _accounts(self):
        """Every role; the methodist of `zarechny` is the demo's neighbour."""
        for role, person in zip(who.Role, self.people, strict=False):
            person.email = f"{role}@{self.slug}.example"
            person.password = self.password
            person.is_active = True
            who.RoleGrant.objects.create(
                municipality=self.municipality,
                person=person,
                role=role,
                organization=self.organizations[0] if role == who.Role.COORDINATOR else None,
                starts_on=datetime.date(2018, 9, 1),
            )
        self.methodist, self.head = self.people[:2]
        if self.slug == "zarechny":
            self.methodist.email = "neighbour@demo.example"
        for person in self.people[: len(who.Role)]:
            person.save()

    def _invitation(self, person, n):
        days = (30, 30, -1)[n]
        who.Invitation.objects.create(
            municipality=self.municipality,
            person=person,
            token_hash=hashlib.sha256(f"{self.slug}{n}".encode()).hexdigest(),
            invited_by=self.methodist,
            expires_at=self.now + datetime.timedelta(days=days),
            used_at=self.now if n == 1 else None,
        )

    def _associations(self):
        self.leader = self.people[5]
        self.associations = [
            who.Association.objects.create(
                municipality=self.municipality,
                kind=kind,
                name=f"{kind.abbreviation} {TITLES[self.slug][1]}",
                slug=f"{self.slug}-{kind.code}".replace("_", "-"),
                opened_on=datetime.date(2019, 9, 1),
            )
            for kind in self._labels(who.AssociationKind)
        ]
        self.association = self.associations[0]
        for state in who.Order.State:
            self._order(state)
        for source, person in zip(who.Membership.Source, self.people[6:], strict=False):
            who.Membership.objects.create(
                municipality=self.municipality,
                association=self.association,
                person=person,
                source=source,
                starts_on=datetime.date(2019, 9, 1),
                ends_on=self.today if source == "wish" else None,
                left_because="Переезд" if source == "wish" else "",
            )
        for openness, level in itertools.product(
            who.OnlineCommunity.Openness, who.OnlineCommunity.Level
        ):
            who.OnlineCommunity.objects.create(
                municipality=self.municipality,
                association=self.association,
                name=f"{openness.label}, {level.label}",
                platform="ВКонтакте",
                openness=openness,
                level=level,
            )

    def _order(self, state):
        order = who.Order.objects.create(
            municipality=self.municipality,
            number=f"{len(state)}/01-03",
            date=datetime.date(2019, 9, 1),
            title="О методических объединениях",
            state=state,
            created_by=self.methodist,
        )
        for action in who.OrderItem.Action:
            self._order_item(order, action)

    def _order_item(self, order, action):
        needs_person = action.startswith("appoint") or action == "dismiss"
        person = self.people[4] if action == "appoint_secretary" else self.leader
        association = self.associations[2 if action == "close" else 0]
        if action == "dismiss":
            association = self.associations[1]
        item = order.items.create(
            association=association,
            action=action,
            person=person if needs_person else None,
            name=association.name if action in ("create", "rename") else "",
            effective_on=order.date,
        )
        if order.state == who.Order.State.IN_FORCE and action.startswith("appoint"):
            who.Membership.objects.create(
                municipality=self.municipality,
                association=association,
                person=person,
                role=action.removeprefix("appoint_"),
                source=who.Membership.Source.ORDER,
                item=item,
                starts_on=order.date,
            )

    # -- when

    def _events(self):
        self.year, _created = when.SchoolYear.objects.get_or_create(
            municipality=self.municipality, start=start_year(self.today)
        )
        self.past_year, _created = when.SchoolYear.objects.get_or_create(
            municipality=self.municipality, start=self.year.start - 1
        )
        self.year.holidays.create(
            name="Осенние каникулы",
            starts_on=datetime.date(self.year.start, 10, 25),
            ends_on=datetime.date(self.year.start, 11, 2),
        )
        self._plans()
        self.events = [self._event(n, state) for n, state in enumerate(when.Event.State)]
        self._visitors(self.events[1])
        self._minutes()

    def _plans(self):
        years = (self.year, self.past_year)
        places = itertools.product(self.associations[:2], years)
        for (association, year), state in zip(places, when.AnnualPlan.State, strict=True):
            plan = when.AnnualPlan.objects.create(
                municipality=self.municipality,
                association=association,
                school_year=year,
                state=state,
            )
            self._plan_items(plan)
            if state == when.AnnualPlan.State.RETURNED:
                plan.decisions.create(
                    action="return",
                    source="submitted",
                    target="returned",
                    actor=self.methodist,
                    actor_name=self.methodist.full_name,
                    comment="Добавьте встречу для 5 классов",
                )

    def _plan_items(self, plan):
        formats = itertools.cycle(when.Format)
        for _ in range(len(plan.state)):  # plans begin with different formats
            next(formats)
        for month, outcome in zip((9, 10, 11), when.PlanItem.Outcome, strict=True):
            plan.items.create(
                format=next(formats),
                month=datetime.date(plan.school_year.start, month, 1),
                title="Заседание",
                kind=self._label(when.EventKind, "meeting"),
                outcome=outcome,
                reason="" if outcome == "planned" else "Карантин",
            )

    def _event(self, n, state):
        formats, forms = list(when.Format), list(when.Event.InteractionForm)
        past = state == when.Event.State.CLOSED
        starts_at = self.now + datetime.timedelta(days=-20 if past else 5 + n)
        event = when.Event.objects.create(
            municipality=self.municipality,
            school_year=self.year,
            association=self.association,
            kind=self._labels(when.EventKind)[n],
            level=self._labels(when.Level)[n],
            format=formats[n],
            title=f"Встреча педагогов {TITLES[self.slug][1]} {n + 1}",
            slug=f"{self.slug}-{n + 1}",
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=2),
            place="Актовый зал",
            state=state,
            reason="Карантин" if state == when.Event.State.CANCELLED else "",
            form_override=forms[n] if n < len(forms) else "",
            form_reason="По решению методиста" if n < len(forms) else "",
            created_by=self.leader,
        )
        self._programme(event)
        return event

    def _programme(self, event):
        for place, role in enumerate(when.ParticipationRole):
            talk = event.talks.create(position=place, title=f"Тема {place + 1}", role=role)
            talk.speakers.create(person=self.people[place], organization=self.organizations[0])
            talk.speakers.create(name="Гость из области", position=1)

    def _visitors(self, upcoming):
        closed = self.events[2]
        for event in (upcoming, closed):
            for state, person in zip(when.Registration.State, self.people[5:], strict=False):
                event.registrations.create(person=person, state=state, registered_by=person)
        pairs = itertools.product(when.Attendance.Mode, when.Attendance.Method)
        for (mode, method), person in zip(pairs, self.people[5:], strict=False):
            closed.attendances.create(
                person=person,
                organization=self.organizations[0],
                mode=mode,
                method=method,
                marked_by=self.leader,
                marked_at=closed.starts_at,
            )

    def _minutes(self):
        self._minutes_of(self.events[1])
        held = self.events[2]
        minutes_service.sign(self._minutes_of(held), actor=self.leader, at=held.ends_at)

    def _minutes_of(self, event):
        minutes = when.Minutes.objects.create(
            municipality=self.municipality,
            event=event,
            association=event.association,
            school_year=event.school_year,
            chair=self.leader,
            secretary=self.people[12],
        )
        minutes.items.create(heard="Итоги года", decided="Принять к сведению")
        minutes.decisions.create(text="Разместить материалы", person=self.leader)
        return minutes

    # -- what

    def _materials(self):
        places = itertools.product(what.Material.State, what.Material.Visibility)
        for n, (state, visibility) in enumerate(places):
            self._material(n, state, visibility)

    def _material(self, n, state, visibility):
        published = self.now if state != what.Material.State.DRAFT else None
        owner = self.people[5 + n % 5]
        material = what.Material.objects.create(
            municipality=self.municipality,
            title=f"Материал {TITLES[self.slug][1]} {n + 1}",
            slug=f"{self.slug}-{n + 1}",
            kind=self._labels(what.MaterialKind)[n],
            subject=self._label(who.Subject, "mathematics"),
            grades=[n % 12],
            licence=self._labels(what.Licence)[n % 3],
            rights_confirmed=True,
            visibility=visibility,
            association=self.association,
            organization=self.organizations[0],
            owner=owner,
            credit=owner.full_name,
        )
        material.authors.create(person=owner)
        extractions = list(what.MaterialVersion.Extraction)
        material.current = self._version(material, extractions[n % len(extractions)])
        material.state = state
        material.published_at = published
        material.save()

    def _version(self, material, extraction):
        content = office_files.docx(material.title, ["Первый абзац", "Второй абзац"])
        digest = hashlib.sha256(content).hexdigest()
        version = what.MaterialVersion(
            material=material,
            file_name=f"{material.title}.docx",
            extension="docx",
            size=len(content),
            sha256=digest,
            extraction=extraction,
            text=material.title if extraction == "done" else "",
            uploaded_by=material.owner,
        )
        version.file.save(f"{digest[:2]}/{digest}", ContentFile(content), save=True)
        return version

    # -- papers and jobs

    def _papers(self):
        targets = (
            {"person": self.leader},
            {"association": self.association},
            {"organization": self.organizations[0]},
        )
        for n, (state, target) in enumerate(zip(who.Assignment.State, targets, strict=True)):
            done = state == who.Assignment.State.DONE
            who.Assignment.objects.create(
                municipality=self.municipality,
                text="Разместить план работы",
                addressee="Руководителям РМО",
                due_on=self.today + datetime.timedelta(days=n * 7 - 7),
                state=state,
                source_key=f"{self.slug}:{n}",
                source_title="Протокол № 1",
                created_by=self.methodist,
                done_at=self.now if done else None,
                done_by=self.leader if done else None,
                **target,
            )
        for state in who.Job.State:
            who.Job.objects.create(
                municipality=self.municipality,
                owner=self.methodist,
                kind="attestation.build_dossier",
                args={"person_id": self.methodist.pk},
                title="Досье за 5 лет",
                state=state,
                attempt=5,
                heartbeat_at=self.now,
                error="Нет места на диске" if state == who.Job.State.FAILED else "",
            )
        self._batches()
        self._letters()
        audit.record("municipality.open", self.municipality, actor=self.methodist)

    def _batches(self):
        for state in who.ImportBatch.State:
            who.ImportBatch.objects.create(
                municipality=self.municipality,
                file_name="Список педагогов.xlsx",
                sha256="0" * 64,
                state=state,
                created_by=self.methodist,
                applied_at=self.now if state != who.ImportBatch.State.PREVIEW else None,
                undone_at=self.now if state == who.ImportBatch.State.UNDONE else None,
            )

    def _letters(self):
        for n in range(2):
            who.Letter.objects.create(
                municipality=self.municipality,
                key=f"{self.slug}:{n}",
                person=self.methodist,
                address="neighbour@demo.example",
                subject="План возвращён, 1 замечание",
                body="Добавьте встречу для 5 классов.",
                sent_at=self.now,
            )

    def _reports(self):
        self._certificates()
        self._draft(None, self.year)
        perform(self._draft(self.association, self.year), "submit", actor=self.leader)
        returned = self._draft(self.association, self.past_year)
        perform(returned, "submit", actor=self.leader)
        perform(returned, "return", actor=self.methodist, comment="Добавьте выводы")
        first = self._signed(self._draft(None, self.past_year))
        self._signed(reports.start_version(first, "Ошибка в тексте", actor=self.methodist))
        ExportColumnSet.objects.get_or_create(
            municipality=self.municipality,
            code="short",
            defaults={"label": "Короткая", "columns": ["person", "event"]},
        )

    def _certificates(self):
        """One for everybody the closed event has proof about; one annulled, one replaced."""
        issued = certificates.issue_for_event(self.events[2], actor=self.leader)
        certificates.annul(issued[-1], actor=self.methodist, reason="Ошибка в имени")
        certificates.reissue(issued[-2], actor=self.methodist, reason="Новая фамилия")

    def _draft(self, association, year):
        author = self.leader if association else self.methodist
        report = reports.open_draft(self.municipality, year, association, actor=author)
        report = reports.build(report, actor=author)
        values = {
            "heading": "Руководителям РМО",
            "addressees": ["leaders"],
            "text": "Продолжить работу",
            "due_on": datetime.date(year.start + 1, 9, 1),
        }
        report = reports.save_proposal(report, None, values, actor=author, edition=report.edition)
        code = "members.people" if association else "organizations.school"
        return reports.set_figure(
            report,
            code,
            report.figures[code] + 1,
            "В портал ещё не внесено",
            actor=author,
            edition=report.edition,
        )

    def _signed(self, report):
        """Signed on the day the year's papers are due; both papers are there at once."""
        at = datetime.datetime(report.school_year.start + 1, 6, 25, 9, tzinfo=datetime.UTC)
        at = min(at, self.now)
        perform(report, "submit", actor=self.methodist, at=at)
        report = perform(report, "approve", actor=self.head, at=at)
        AnnualReport.objects.filter(pk=report.pk).update(**report_documents.keep(report))
        return report
