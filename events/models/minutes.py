"""Minutes of an event: what was heard, what was decided, who answers for it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from communities.models import Association, MunicipalModel, Seal
from events.models.calendar import SchoolYear
from events.models.event import Event


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Signed minutes are read by colleagues, drafts by those who write them."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        if user.is_methodist:
            return own
        return own.filter(
            models.Q(state=Minutes.State.SIGNED)
            | models.Q(event__created_by=user)
            | models.Q(association_id__in=user.led_association_ids)
        )


class Minutes(MunicipalModel):
    """Minutes of one event; the number is given at signing, per association and year, no gaps."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        SIGNED = "signed", pgettext_lazy("minutes", "signed")

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="minutes")
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="minutes"
    )
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    seal = models.ForeignKey(
        Seal, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "association", "school_year", "number"],
                nulls_distinct=False,
                condition=models.Q(number__isnull=False),
                name="events_minutes_number",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", number=None, seal=None)
                | models.Q(
                    state="signed",
                    number__isnull=False,
                    seal__isnull=False,
                    signed_at__isnull=False,
                ),
                name="events_minutes_signed_whole",
            ),
        ]

    def __str__(self):
        return f"{self.event_id}: {self.number or '—'}"

    def get_absolute_url(self):
        return reverse("events:event-minutes", args=[self.event_id])


class AgendaItem(models.Model):
    """«СЛУШАЛИ – ВЫСТУПИЛИ – РЕШИЛИ» of one question."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    question = models.CharField(max_length=300, blank=True, help_text="As the agenda names it")
    heard = models.TextField(blank=True)
    spoke = models.TextField(blank=True)
    decided = models.TextField(blank=True)
    votes_for = models.PositiveIntegerField(null=True, blank=True)
    votes_against = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return (self.question or self.heard)[:80]


class MinutesDecision(models.Model):
    """A decision with a person and a date; becomes an assignment when the minutes are signed."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.text[:80]
