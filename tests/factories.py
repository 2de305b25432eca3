"""The smallest valid objects of every app, in the order of the apps."""

import copy
import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from attestation import municipalities, report_documents, reports, workflow
from attestation.models import AnnualReport
from communities import jobs
from communities import models as communities
from events import models as events
from materials import models as materials
from tests import kept

_KEPT: dict[str, tuple[communities.Municipality, str]] = {}


def a_municipality(slug="nikolsky", **fields):
    """A municipality with all its dictionaries."""
    if communities.Municipality.objects.filter(slug=slug).exists() or fields:
        return _opened(slug, fields)
    if slug not in _KEPT:
        opened = _opened(slug, fields)
        _KEPT[slug] = opened, kept.rows_of(kept.labels(), opened)
    else:
        kept.write(_KEPT[slug][1])
    return copy.deepcopy(_KEPT[slug][0])


def _opened(slug, fields):
    return municipalities.open_municipality(
        slug=slug,
        **{
            "code": slug[:8],
            "name": f"Район {slug}",
            "name_genitive": f"района {slug}",
            "department_name": "Управление образования",
            "department_genitive": "Управления образования",
            "head_post": "Начальник Управления образования",
            "head_name": "Н.С. Орлова",
            "phone": "8 (81754) 2-00-00",
            **fields,
        },
    )


def dictionary(model, municipality, code):
    return model.objects.get(municipality=municipality, code=code)


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = communities.Organization

    class Params:
        kind_code = "school"
        agency_code = "education"

    municipality = factory.LazyFunction(a_municipality)
    kind = factory.LazyAttribute(
        lambda o: dictionary(communities.OrganizationKind, o.municipality, o.kind_code)
    )
    agency = factory.LazyAttribute(
        lambda o: dictionary(communities.Agency, o.municipality, o.agency_code)
    )
    short_name = factory.Sequence(lambda n: f"СОШ № {n}")
    full_name = factory.LazyAttribute(lambda o: f"МБОУ «{o.short_name}»")
    slug = factory.Sequence(lambda n: f"school-{n}")


class PersonFactory(DjangoModelFactory):
    """A person without an account."""

    class Meta:
        model = communities.User

    municipality = factory.LazyFunction(a_municipality)
    last_name = factory.Sequence(lambda n: f"Фамилия{n}")
    first_name = "Анна"
    patronymic = "Петровна"
    password = "!"


class AccountFactory(PersonFactory):
    """A person who signs in."""

    email = factory.Sequence(lambda n: f"person{n}@test.example")
    is_active = True


class EmploymentFactory(DjangoModelFactory):
    class Meta:
        model = communities.Employment

    person = factory.SubFactory(PersonFactory)
    municipality = factory.SelfAttribute("person.municipality")
    organization = factory.SubFactory(
        OrganizationFactory, municipality=factory.SelfAttribute("..municipality")
    )
    post = "учитель"
    starts_on = datetime.date(2015, 9, 1)


class AssociationFactory(DjangoModelFactory):
    class Meta:
        model = communities.Association

    class Params:
        kind_code = "district"

    municipality = factory.LazyFunction(a_municipality)
    kind = factory.LazyAttribute(
        lambda o: dictionary(communities.AssociationKind, o.municipality, o.kind_code)
    )
    name = factory.Sequence(lambda n: f"Учителя предмета {n}")
    slug = factory.Sequence(lambda n: f"association-{n}")
    opened_on = datetime.date(2015, 9, 1)


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = communities.Order

    municipality = factory.LazyFunction(a_municipality)
    number = factory.Sequence(lambda n: f"{n}/01-03")
    date = datetime.date(2016, 9, 16)
    title = factory.Sequence(lambda n: f"О руководителях объединений, {n}-й приказ")
    state = communities.Order.State.IN_FORCE


def appoint(person, association, role="leader", starts_on=datetime.date(2016, 9, 16)):
    """Make a person lead an association the only way there is: by an order."""
    order = OrderFactory(municipality=association.municipality)
    item = order.items.create(
        association=association,
        action=f"appoint_{role}",
        person=person,
        effective_on=starts_on,
    )
    return communities.Membership.objects.create(
        municipality=association.municipality,
        association=association,
        person=person,
        role=role,
        source="order",
        item=item,
        starts_on=starts_on,
    )


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = communities.Membership

    association = factory.SubFactory(AssociationFactory)
    municipality = factory.SelfAttribute("association.municipality")
    person = factory.SubFactory(PersonFactory, municipality=factory.SelfAttribute("..municipality"))
    starts_on = datetime.date(2016, 9, 16)


IMPORT_ERROR = {
    "sheet": "Лист1",
    "row": 12,
    "column": "Место работы",
    "value": "Школа-призрак с очень длинным названием имени Героя",
    "problem": "Такой организации нет.",
    "remedy": "Напишите как в списке организаций.",
}


class ImportBatchFactory(DjangoModelFactory):
    """A preview of a list with one new person."""

    class Meta:
        model = communities.ImportBatch

    created_by = factory.SubFactory(AccountFactory)
    municipality = factory.SelfAttribute("created_by.municipality")
    file_name = "Педагоги.xlsx"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    table = factory.LazyFunction(lambda: {"rows": [[[2, ["Новая Анна Петровна", ""]]]]})
    mapping = factory.LazyFunction(
        lambda: {
            "sheets": [
                {
                    "name": "Лист1",
                    "titles": ["ФИО", "Организация"],
                    "columns": {"full_name": 0, "organization": 1},
                }
            ],
            "skipped": [],
            "organization": None,
            "preview": {
                "new": 0,
                "changed": 0,
                "same": 0,
                "wrong": 0,
                "errors": [],
                "notes": [],
                "sample": [],
            },
        }
    )


class OnlineCommunityFactory(DjangoModelFactory):
    class Meta:
        model = communities.OnlineCommunity

    association = factory.SubFactory(AssociationFactory)
    municipality = factory.SelfAttribute("association.municipality")
    name = factory.Sequence(lambda n: f"Сообщество {n}")
    platform = "ВКонтакте"
    openness = "closed"


class JobFactory(DjangoModelFactory):
    """A job that failed: nobody runs it."""

    class Meta:
        model = communities.Job

    owner = factory.SubFactory(AccountFactory)
    municipality = factory.SelfAttribute("owner.municipality")
    kind = "test"
    title = "Выгрузка участий"
    state = communities.Job.State.FAILED
    error = "Нет связи."


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = communities.Assignment

    municipality = factory.LazyFunction(a_municipality)
    text = "Разместить план работы"
    addressee = "Руководителям РМО"
    source_key = factory.Sequence(lambda n: f"test:{n}")
    source_title = "Протокол № 1"


def a_school_year(municipality, start=None):
    from communities.school_year import start_year

    start = start_year(timezone.localdate()) if start is None else start
    year, _created = events.SchoolYear.objects.get_or_create(municipality=municipality, start=start)
    return year


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = events.AnnualPlan

    association = factory.SubFactory(AssociationFactory)
    municipality = factory.SelfAttribute("association.municipality")
    school_year = factory.LazyAttribute(lambda o: a_school_year(o.municipality))


class PlanItemFactory(DjangoModelFactory):
    class Meta:
        model = events.PlanItem

    plan = factory.SubFactory(PlanFactory)
    month = factory.LazyAttribute(lambda o: datetime.date(o.plan.school_year.start, 10, 1))
    title = "Семинар по плану"
    kind = factory.LazyAttribute(
        lambda o: dictionary(events.EventKind, o.plan.municipality, "seminar")
    )


class EventFactory(DjangoModelFactory):
    """A published open seminar in a week."""

    class Meta:
        model = events.Event

    class Params:
        kind_code = "seminar"

    municipality = factory.LazyFunction(a_municipality)
    school_year = factory.LazyAttribute(lambda o: a_school_year(o.municipality))
    kind = factory.LazyAttribute(
        lambda o: dictionary(events.EventKind, o.municipality, o.kind_code)
    )
    level = factory.LazyAttribute(lambda o: dictionary(events.Level, o.municipality, "municipal"))
    title = factory.Sequence(lambda n: f"Семинар {n}")
    slug = factory.Sequence(lambda n: f"seminar-{n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + datetime.timedelta(hours=2))
    place = "СОШ № 4, кабинет 21"
    state = events.Event.State.PUBLISHED


class TalkFactory(DjangoModelFactory):
    class Meta:
        model = events.Talk

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Выступление {n}")
    position = factory.Sequence(lambda n: n)


class RegistrationFactory(DjangoModelFactory):
    """A confirmed place."""

    class Meta:
        model = events.Registration

    event = factory.SubFactory(EventFactory)
    person = factory.SubFactory(
        PersonFactory, municipality=factory.SelfAttribute("..event.municipality")
    )
    state = events.Registration.State.CONFIRMED


def a_draft_of_minutes(people, **fields):
    """Draft minutes of an event that has just begun: one item, the teacher present."""
    from events import attendance, minutes

    event = EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=timezone.now() - datetime.timedelta(minutes=5),
        created_by=people.leader,
        **fields,
    )
    event.talks.create(title="О результатах диагностики")
    attendance.mark(event, people.teacher, actor=people.leader)
    return minutes.start(event, actor=people.leader)


def a_signed_draft(people, **fields):
    """The same, signed by the leader."""
    from events import minutes

    return minutes.sign(a_draft_of_minutes(people, **fields), actor=people.leader)


def held_event(*people, days_ago=2, **fields):
    """A closed event of two hours; `people` are marked with their main place of work."""
    starts_at = timezone.now() - datetime.timedelta(days=days_ago)
    fields = {"state": events.Event.State.CLOSED, "starts_at": starts_at} | fields
    event = EventFactory(**fields)
    for person in people:
        attend(event, person)
    return event


def attend(event, person, **fields):
    """Mark a person as present, as the leader does by a tap."""
    work = person.main_employment
    organization = work.organization if work else None
    return events.Attendance.objects.create(
        event=event, person=person, **{"organization": organization} | fields
    )


def speak(event, person, title="Задачи с данными района", role="speaker"):
    """Put a talk of a person into the programme."""
    work = person.main_employment
    talk = event.talks.create(title=title, role=role)
    return talk.speakers.create(person=person, organization=work.organization if work else None)


class MaterialFactory(DjangoModelFactory):
    """A draft; `published_material` makes the one that readers see."""

    class Meta:
        model = materials.Material

    owner = factory.SubFactory(AccountFactory)
    municipality = factory.SelfAttribute("owner.municipality")
    title = factory.Sequence(lambda n: f"Линейная функция {n}")
    slug = factory.Sequence(lambda n: f"material-{n}")
    kind = factory.LazyAttribute(
        lambda o: dictionary(materials.MaterialKind, o.municipality, "lesson")
    )
    licence = factory.LazyAttribute(
        lambda o: dictionary(materials.Licence, o.municipality, "network")
    )
    rights_confirmed = True


def published_material(
    content=b"%PDF-1.4 test", file_name="lesson.pdf", text="", preview=b"", **fields
):
    """A published material with a stored file and its owner as the author."""
    import hashlib

    from django.core.files.base import ContentFile

    material = MaterialFactory(**fields)
    version = materials.MaterialVersion(
        material=material,
        file_name=file_name,
        extension=file_name.rpartition(".")[2],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=material.owner,
        extraction=materials.MaterialVersion.Extraction.DONE,
        text=text,
    )
    if preview:
        version.preview.save("preview.webp", ContentFile(preview), save=False)
    version.file.save(file_name, ContentFile(content), save=True)
    material.authors.create(person=material.owner)
    material.current = version
    material.state = materials.Material.State.PUBLISHED
    material.published_at = timezone.now()
    material.save()
    return material


class ReportFactory(DjangoModelFactory):
    """A draft of the municipal report, not computed yet."""

    class Meta:
        model = AnnualReport

    municipality = factory.LazyFunction(a_municipality)
    school_year = factory.LazyAttribute(lambda o: a_school_year(o.municipality))
    title = "Информация о реализации сетевого взаимодействия"


def a_built_report(people, association=None, year=None):
    """A draft with its figures; the leader writes the association's, a methodist the other."""
    actor = people.leader if association else people.methodist
    year = year or a_school_year(people.municipality)
    report = reports.open_draft(people.municipality, year, association, actor=actor)
    return reports.build(report, actor=actor)


def a_signed_report(people, association=None, year=None):
    """The same handed in, and signed by whoever signs such reports."""
    report = a_built_report(people, association, year)
    actor = people.leader if association else people.methodist
    workflow.perform(report, "submit", actor=actor)
    signer = people.methodist if association else people.head
    return workflow.perform(report, "approve", actor=signer)


def with_papers(report):
    """A signed report with its PDF and DOCX kept."""
    AnnualReport.objects.filter(pk=report.pk).update(**report_documents.keep(report))
    report.refresh_from_db()
    return report


def a_finished(job):
    """The job after its work, as a worker leaves it."""
    jobs.run(job.pk)
    job.refresh_from_db()
    return job
