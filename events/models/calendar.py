"""School years, holidays and the plans that fill them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from communities.models import Association, DecisionModel, DictionaryRow, MunicipalModel
from communities.school_year import bounds, slug_of


class SchoolYearQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(municipality_id=user.municipality_id)


class SchoolYear(MunicipalModel):
    """A school year of a municipality; written 2026-27 in addresses, 2026/27 in text."""

    start = models.PositiveSmallIntegerField()
    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "start"], name="events_year_once"),
            models.CheckConstraint(
                condition=models.Q(start__gte=1990, start__lte=2100), name="events_year_range"
            ),
        ]

    def __str__(self):
        return self.slug.replace("-", "/")

    @property
    def slug(self):
        return slug_of(self.start)

    @property
    def long_name(self):
        """«2020-2021», as in titles of papers."""
        return f"{self.start}-{self.start + 1}"

    @property
    def starts_on(self):
        return bounds(self.start)[0]

    @property
    def ends_on(self):
        return bounds(self.start)[1]


class HolidayQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(school_year__municipality_id=user.municipality_id)


class Holiday(models.Model):
    """A stretch without lessons or with exams, shown in plans and skipped when copying."""

    school_year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]

    def __str__(self):
        return self.name


class EventKind(DictionaryRow):
    """Meeting, seminar, round table, conference …"""


class Level(DictionaryRow):
    """Level of an event: organization, municipal, regional …"""


class Format(models.TextChoices):
    """How people take part; decides the step of network interaction."""

    IN_PERSON = "in_person", pgettext_lazy("event format", "in person")
    ONLINE = "online", pgettext_lazy("event format", "online")
    MIXED = "mixed", pgettext_lazy("event format", "in person and online")
    CORRESPONDENCE = "by_correspondence", pgettext_lazy("event format", "by correspondence")


class AnnualPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans are read by the signed-in; a draft by those who write it and the department."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        if user.is_department:
            return own
        return own.filter(
            models.Q(association_id__in=user.led_association_ids)
            | models.Q(state=AnnualPlan.State.APPROVED)
        )


class AnnualPlan(MunicipalModel):
    """Plan of an association for a school year."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("plan", "draft")
        SUBMITTED = "submitted", pgettext_lazy("plan", "with the methodist")
        RETURNED = "returned", pgettext_lazy("plan", "returned")
        APPROVED = "approved", pgettext_lazy("plan", "agreed")

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="plans")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="plans")
    theme = models.CharField(max_length=300, blank=True)
    goal = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-school_year__start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["association", "school_year"], name="events_plan_once")
        ]

    def __str__(self):
        return f"{self.association} {self.school_year}"

    def get_absolute_url(self):
        return reverse("events:plan-detail", args=[self.association.slug, self.school_year.slug])


class PlanDecision(DecisionModel):
    """A step of a plan between its leader and the methodist."""

    plan = models.ForeignKey(AnnualPlan, on_delete=models.PROTECT, related_name="decisions")


class PlanItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A line is read by whoever reads its plan."""
        return self.filter(plan__in=AnnualPlan.objects.visible_to(user))


class PlanItem(models.Model):
    """A line of a plan: a month, perhaps a date, and what will be held."""

    class Outcome(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("plan item", "planned")
        MOVED = "moved", pgettext_lazy("plan item", "moved")
        CANCELLED = "cancelled", pgettext_lazy("plan item", "cancelled")

    plan = models.ForeignKey(AnnualPlan, on_delete=models.CASCADE, related_name="items")
    month = models.DateField(help_text="First day of the month")
    planned_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=200)
    kind = models.ForeignKey(EventKind, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=Format, default=Format.IN_PERSON)
    place = models.CharField(max_length=200, blank=True)
    responsible = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["month", models.F("planned_on").asc(nulls_last=True), "id"]

    def __str__(self):
        return self.title
