"""One object of every kind in the cast's municipality, made when a test first asks for it."""

from functools import cached_property

from django.core.files.base import ContentFile

from attestation import certificates, column_sets, record_jobs, reports, workflow
from communities import invitations
from tests import factories


class World:
    """Objects of the access matrix; `people` is the cast (see `tests.conftest.People`)."""

    def __init__(self, people):
        self.people = people
        self.municipality = people.municipality
        self.organization = people.organization
        self.association = people.association

    def everything(self):
        """Make all that is named below, for pages that list what there is."""
        for name, made in vars(type(self)).items():
            if isinstance(made, cached_property):
                getattr(self, name)
        return self

    def marks(self):
        """Words that give an object of this world away on a page."""
        self.everything()
        named = ("title", "name", "short_name", "last_name")
        objects = [*vars(self).values(), *vars(self.people).values()]
        ours = [made for made in objects if made not in (self.people.other, self.people.neighbour)]
        words = {getattr(made, field, "") for made in ours for field in named}
        years = {str(self.early_year), self.early_year.slug}
        return sorted(word for word in words | years if word)

    @cached_property
    def early_year(self):
        """A school year that nobody else has."""
        return factories.a_school_year(self.municipality, 1991)

    @cached_property
    def person_without_account(self):
        person = factories.PersonFactory(municipality=self.municipality)
        factories.EmploymentFactory(person=person, organization=self.organization)
        return person

    @cached_property
    def invited_person(self):
        """Invited and not here yet; `token` ends the address of the link."""
        person = factories.PersonFactory(municipality=self.municipality, last_name="Приглашёнова")
        factories.EmploymentFactory(person=person, organization=self.organization)
        link = invitations.invite(person, actor=self.people.methodist, email="in@test.example")
        person.token = link.rstrip("/").rpartition("/")[2]
        return person

    @cached_property
    def import_batch(self):
        return factories.ImportBatchFactory(created_by=self.people.methodist)

    @cached_property
    def order(self):
        order = factories.OrderFactory(municipality=self.municipality)
        order.file.save("order.pdf", ContentFile(b"%PDF-1.4 test"))
        return order

    @cached_property
    def draft_order(self):
        """A draft that appoints the teacher secretary."""
        order = factories.OrderFactory(municipality=self.municipality, state="draft")
        order.items.create(
            association=self.association,
            action="appoint_secretary",
            person=self.people.teacher,
            effective_on=order.date,
        )
        return order

    @cached_property
    def membership(self):
        return self.association.memberships.get(person=self.people.teacher)

    @cached_property
    def online_community(self):
        return factories.OnlineCommunityFactory(association=self.association)

    @cached_property
    def job(self):
        return factories.JobFactory(owner=self.people.teacher)

    @cached_property
    def plan(self):
        return factories.PlanFactory(association=self.association)

    @cached_property
    def plan_item(self):
        return factories.PlanItemFactory(plan=self.plan, title="Неделя открытых уроков")

    @cached_property
    def event(self):
        return factories.EventFactory(
            municipality=self.municipality,
            association=self.association,
            created_by=self.people.leader,
        )

    @cached_property
    def registration(self):
        return factories.RegistrationFactory(event=self.event, person=self.people.coordinator)

    @cached_property
    def speaker(self):
        return factories.speak(self.event, self.people.leader)

    @cached_property
    def holiday(self):
        today = self.municipality.today()
        return factories.a_school_year(self.municipality).holidays.create(
            name="Неделя районных диктантов", starts_on=today, ends_on=today
        )

    @cached_property
    def minutes(self):
        return factories.a_draft_of_minutes(self.people)

    @cached_property
    def signed_minutes(self):
        return factories.a_signed_draft(self.people)

    @cached_property
    def material(self):
        return factories.published_material(owner=self.people.teacher)

    @cached_property
    def public_material(self):
        return factories.published_material(owner=self.people.teacher, visibility="public")

    @cached_property
    def pictured_material(self):
        return factories.published_material(
            owner=self.people.teacher, content=b"RIFF picture", preview=b"RIFF preview"
        )

    @cached_property
    def draft_material(self):
        return factories.MaterialFactory(owner=self.people.leader)

    @cached_property
    def assignment(self):
        return factories.AssignmentFactory(
            municipality=self.municipality, person=self.people.teacher
        )

    @cached_property
    def label(self):
        return self.organization.kind

    @cached_property
    def held_event(self):
        """Over, with the teacher present: there is something to prove."""
        return factories.held_event(
            self.people.teacher,
            municipality=self.municipality,
            association=self.association,
            created_by=self.people.leader,
        )

    @cached_property
    def certificate(self):
        return certificates.issue_own(
            self.held_event, self.people.teacher, actor=self.people.teacher
        )

    @cached_property
    def dossier_job(self):
        """The teacher's dossier, built."""
        return factories.a_finished(
            record_jobs.order_dossier(self.people.teacher, actor=self.people.teacher)
        )

    @cached_property
    def export_job(self):
        """A long table the methodist has ordered."""
        chosen = {
            "year": self.held_event.school_year_id,
            "organizations": [],
            "associations": [],
            "columns": ["full_name"],
        }
        words = {"title": "Таблица", "key": "test"}
        return factories.a_finished(
            record_jobs.order_export("Таблица.xlsx", actor=self.people.methodist, **words, **chosen)
        )

    @cached_property
    def column_set(self):
        return column_sets.save_column_set(
            "Для аттестации", ["full_name", "event"], actor=self.people.methodist
        )

    @cached_property
    def signed_report(self):
        """The municipal report of the year, signed; its papers are not made yet."""
        return factories.a_signed_report(self.people)

    @cached_property
    def printed_report(self):
        return factories.with_papers(self.signed_report)

    @cached_property
    def report(self):
        """The draft of its second version."""
        return reports.start_version(
            self.signed_report, "Ошибка в тексте", actor=self.people.methodist
        )

    @cached_property
    def proposal(self):
        return self.report.proposals.create(heading="Всем", addressees=["office"], text="Работать")

    @cached_property
    def submitted_report(self):
        year = factories.a_school_year(self.municipality, 2024)
        report = factories.a_built_report(self.people, year=year)
        return workflow.perform(report, "submit", actor=self.people.methodist)

    @cached_property
    def association_report(self):
        return factories.a_built_report(self.people, self.association)
