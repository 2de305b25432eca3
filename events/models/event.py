"""Events, their programme, who signed up and who came."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from communities.models import Association, MunicipalModel, Organization
from events.models.calendar import EventKind, Format, Level, PlanItem, SchoolYear


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Open events to guests, all published ones to colleagues, drafts to who runs them."""
        own = self.filter(municipality_id=user.municipality_id)
        if not user.is_authenticated:
            return own.filter(is_open=True).exclude(state=Event.State.DRAFT)
        if user.is_methodist:
            return own
        return own.filter(
            ~models.Q(state=Event.State.DRAFT)
            | models.Q(created_by=user)
            | models.Q(association_id__in=user.led_association_ids)
        )

    def upcoming(self, now=None):
        return self.filter(ends_at__gte=now or timezone.now()).order_by("starts_at", "id")

    def past(self, now=None):
        return self.filter(ends_at__lt=now or timezone.now()).order_by("-starts_at", "-id")

    def held(self):
        """Events that took place, as far as the portal knows."""
        return self.filter(state__in=[Event.State.PUBLISHED, Event.State.CLOSED]).filter(
            ends_at__lt=timezone.now()
        )

    def ahead(self):
        """Events that are to take place or still go on."""
        return self.filter(state=Event.State.PUBLISHED, ends_at__gte=timezone.now())

    def without_minutes(self):
        """Held events of associations whose minutes nobody has signed."""
        return self.held().filter(association__isnull=False).exclude(minutes__state="signed")

    def for_list(self):
        return self.select_related("kind", "association__kind", "host")


class Event(MunicipalModel):
    """A meeting, seminar, contest … of an association or of the department."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("event", "draft")
        PUBLISHED = "published", pgettext_lazy("event", "published")
        CLOSED = "closed", pgettext_lazy("event", "closed")
        CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")

    class InteractionForm(models.TextChoices):
        HORIZONTAL = "horizontal", pgettext_lazy("form of interaction", "horizontal")
        VERTICAL = "vertical", pgettext_lazy("form of interaction", "vertical")
        MIXED = "mixed", pgettext_lazy("form of interaction", "mixed")

    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="events")
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    plan_item = models.OneToOneField(
        PlanItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="event"
    )
    kind = models.ForeignKey(EventKind, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=Format, default=Format.IN_PERSON)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    summary = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    host = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=200, blank=True)
    online_url = models.URLField(blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    registration_until = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    hours = models.DecimalField(max_digits=5, decimal_places=1, default=2)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    moved_from = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    form_override = models.CharField(max_length=12, choices=InteractionForm, blank=True)
    form_reason = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="events_event_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | ~models.Q(reason=""),
                name="events_event_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "starts_at"]),
            models.Index(fields=["municipality", "school_year", "state"]),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("events:event-detail", args=[self.pk, self.slug])

    @property
    def stamp(self):
        """The moment of the last change: shows that a form was opened over an older event."""
        return self.changed_at.isoformat()

    @property
    def is_over(self):
        return self.ends_at < timezone.now()

    @property
    def local_date(self):
        """The day it begins on by the clocks of its municipality."""
        return timezone.localdate(self.starts_at, self.municipality.tz)

    @property
    def step(self):
        """First step of network interaction is face to face, the second through the internet."""
        return 2 if self.format in (Format.ONLINE, Format.CORRESPONDENCE) else 1


class ParticipationRole(models.TextChoices):
    """How a person took part."""

    LISTENER = "listener", pgettext_lazy("participation role", "participant")
    SPEAKER = "speaker", pgettext_lazy("participation role", "speaker")
    MASTER_CLASS_HOST = "master_class_host", pgettext_lazy("participation role", "host")
    ORGANIZER = "organizer", pgettext_lazy("participation role", "organizer")
    MODERATOR = "moderator", pgettext_lazy("participation role", "chair")
    SECRETARY = "secretary", pgettext_lazy("participation role", "secretary")
    JURY = "jury", pgettext_lazy("participation role", "jury member")
    EXPERT = "expert", pgettext_lazy("participation role", "expert")
    CONTESTANT = "contestant", pgettext_lazy("participation role", "contestant")
    AUTHOR = "author", pgettext_lazy("participation role", "author")
    LEADER = "leader", pgettext_lazy("participation role", "leader of an association")


class TalkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programme is seen by whoever sees the event."""
        return self.filter(event__in=Event.objects.visible_to(user))


class Talk(models.Model):
    """An item of the programme: what is said or shown, by whom, when."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="talks")
    position = models.PositiveSmallIntegerField(default=0)
    starts_at = models.TimeField(null=True, blank=True)
    title = models.CharField(max_length=300)
    role = models.CharField(
        max_length=20, choices=ParticipationRole, default=ParticipationRole.SPEAKER
    )

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.title


class TalkSpeakerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(talk__event__in=Event.objects.visible_to(user))


class TalkSpeaker(models.Model):
    """A speaker of a talk: a person of the network, or a guest by name."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TalkSpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["talk", "person"], name="events_speaker_once"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(name=""),
                name="events_speaker_somebody",
            ),
        ]

    def __str__(self):
        return self.name or str(self.person)


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who signed up is told to colleagues; a guest sees only the number."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(event__in=Event.objects.visible_to(user))


class Registration(models.Model):
    """A person's place or turn. The waiting list is ordered by `queued_at`, then by id."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("registration", "confirmed")
        WAITING = "waiting", pgettext_lazy("registration", "waiting list")
        CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations"
    )
    state = models.CharField(max_length=10, choices=State)
    queued_at = models.DateTimeField(default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["queued_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="events_registration_once")
        ]
        indexes = [models.Index(fields=["event", "state", "queued_at"])]

    def __str__(self):
        return f"{self.person_id} → {self.event_id}"


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who came is told to colleagues; a guest sees only the number."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(event__in=Event.objects.visible_to(user))


class Attendance(models.Model):
    """A person was there. The organization is kept as it stood that day."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", pgettext_lazy("attendance", "was there in person")
        ONLINE = "online", pgettext_lazy("attendance", "was there online")

    class Method(models.TextChoices):
        TAP = "tap", pgettext_lazy("attendance", "marked by the leader")
        CODE = "code", pgettext_lazy("attendance", "checked in by code")
        ADDED = "added", pgettext_lazy("attendance", "added on the spot")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.IN_PERSON)
    method = models.CharField(max_length=10, choices=Method, default=Method.TAP)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    marked_at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="events_attendance_once")
        ]
        indexes = [
            models.Index(fields=["person", "event"]),
            models.Index(fields=["organization", "event"]),
        ]

    def __str__(self):
        return f"{self.person_id} @ {self.event_id}"
