"""Assignments, the journal, sealed papers, long jobs, letters and imports."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from communities.models.associations import Association
from communities.models.base import MunicipalModel
from communities.models.organizations import Organization


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The department sees all; others what is asked of them, their groups, their school."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        if user.is_department:
            return own
        return own.filter(
            models.Q(person=user)
            | models.Q(created_by=user)
            | models.Q(association_id__in=user.led_association_ids)
            | models.Q(organization_id__in=user.coordinated_organization_ids)
        )

    def open(self):
        return self.exclude(state=Assignment.State.DONE)

    def for_list(self):
        return self.select_related("person", "association__kind", "organization").order_by(
            models.F("due_on").asc(nulls_last=True), "id"
        )


class Assignment(MunicipalModel):
    """A task (поручение) that a decision or a proposal gave to somebody by a date."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("assignment", "new")
        IN_PROGRESS = "in_progress", pgettext_lazy("assignment", "in progress")
        DONE = "done", pgettext_lazy("assignment", "done")

    text = models.TextField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    addressee = models.CharField(max_length=200, help_text="As printed in the source paper")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    source_key = models.CharField(max_length=80, help_text="What made it; made once")
    source_title = models.CharField(max_length=300)
    source_url = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "source_key"], name="communities_assignment_once"
            ),
            models.CheckConstraint(
                condition=(models.Q(state="done") & models.Q(done_at__isnull=False))
                | (~models.Q(state="done") & models.Q(done_at=None)),
                name="communities_assignment_done_at",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "due_on"])]

    def __str__(self):
        return self.text[:80]

    @property
    def asked(self):
        """Whoever has to do it, by name; without one, whom the source paper names."""
        if self.person_id:
            return self.person.full_name
        if self.association_id:
            return self.association.name
        return self.organization.short_name if self.organization_id else self.addressee

    def is_overdue(self, today):
        return self.state != self.State.DONE and self.due_on is not None and self.due_on < today


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated or not (user.is_methodist or user.is_operator):
            return self.none()
        return self.filter(municipality_id=user.municipality_id)


class AuditEntry(models.Model):
    """One line of the journal. A trigger refuses to change or delete it.

    `data` carries ids and codes, never names or free text: people may be anonymised later.
    """

    municipality = models.ForeignKey(
        "communities.Municipality", on_delete=models.PROTECT, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["municipality", "-id"]),
            models.Index(fields=["object_type", "object_id"]),
        ]

    def __str__(self):
        return f"{self.action} {self.object_type} {self.object_id}"


class Seal(models.Model):
    """A sealed paper: its canonical text, its place in the municipality's chain, its signature."""

    municipality = models.ForeignKey(
        "communities.Municipality", on_delete=models.PROTECT, related_name="seals"
    )
    number = models.PositiveIntegerField(help_text="Place in the chain, from 1, without gaps")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=20, unique=True, help_text="Public check code")
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    payload = models.TextField(help_text="Canonical JSON of the paper")
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    chain_hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["municipality_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"], name="communities_seal_number"
            )
        ]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self):
        return self.code


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A job is its owner's business."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner=user)


class Job(MunicipalModel):
    """A long task: Celery carries only its id, so a lost message loses nothing."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "running")
        DONE = "done", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=100, blank=True, help_text="One live job per kind and key")
    title = models.CharField(max_length=200)
    args = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=200, blank=True)
    done_units = models.PositiveIntegerField(default=0)
    total_units = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(key=""),
                name="communities_job_one_live",
            )
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("communities:job-detail", args=[self.pk])


class Letter(MunicipalModel):
    """An e-mail to be sent once; kept so that a mail server's absence loses none."""

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(sent_at=None),
                name="communities_letter_due",
            )
        ]

    def __str__(self):
        return self.subject


class SentForm(MunicipalModel):
    """What a sent form has made, so that the same form sent again makes nothing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    address = models.TextField(default="")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.address


NOTHING_READ = {
    **dict.fromkeys(("new", "changed", "same", "wrong"), 0),
    **dict.fromkeys(("errors", "notes", "sample"), ()),
}


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Methodists, who alone import people, see all; whoever was one once, the own ones."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        return own if user.is_methodist else own.filter(created_by=user)


class ImportBatch(MunicipalModel):
    """A file of people read into rows, then applied as a whole, then undone as a whole."""

    class State(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("import", "preview")
        APPLIED = "applied", pgettext_lazy("import", "applied")
        UNDONE = "undone", pgettext_lazy("import", "undone")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    mapping = models.JSONField(default=dict)
    table = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("communities:import-detail", args=[self.pk])

    @property
    def sheets(self):
        """Sheets with their titles and what the columns mean; none before a file is read."""
        return self.mapping.get("sheets", [])

    @property
    def preview(self):
        """What the file would change: every count and list is there, read or not."""
        return NOTHING_READ | self.mapping.get("preview", {})
