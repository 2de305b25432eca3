"""Proof: the participation record, certificates, annual reports and their indicators."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from communities.models import Association, DecisionModel, DictionaryRow, MunicipalModel, Seal
from events.models import Event, ParticipationRole, SchoolYear

# Facts kind by kind as their rows were made: as a mere text t10 would come before t9.
AS_MADE = (Left("key", 1), Length("key"), "key")


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own facts to the person, the school's to its coordinator, all to the department."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        if user.is_department:
            return own
        return own.filter(
            models.Q(person=user) | models.Q(organization_id__in=user.coordinated_organization_ids)
        )


class Participation(models.Model):
    """One fact of a person: a database view over attendance, talks, minutes, materials, orders.

    Nothing is stored twice: a fact is there exactly as long as the row that proves it.
    """

    class Proof(models.TextChoices):
        ATTENDANCE = "attendance", pgettext_lazy("proof", "confirmed by attendance")
        OFFICIAL = "official", pgettext_lazy("proof", "confirmed by an official")
        OWN = "own", pgettext_lazy("proof", "stated by the teacher")

    key = models.CharField(primary_key=True, max_length=40)
    municipality = models.ForeignKey(
        "communities.Municipality", on_delete=models.DO_NOTHING, related_name="+"
    )
    school_year = models.ForeignKey(SchoolYear, on_delete=models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="participations"
    )
    organization = models.ForeignKey(
        "communities.Organization", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    association = models.ForeignKey(
        Association, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, null=True, related_name="+")
    material = models.ForeignKey(
        "materials.Material", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=ParticipationRole)
    topic = models.CharField(max_length=300)
    happened_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    proof = models.CharField(max_length=12, choices=Proof)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "attestation_participation"
        ordering = ["-happened_on", "key"]

    def __str__(self):
        return self.key

    @property
    def proven_by(self):
        """The kind of record, and what was done where no paper of an event tells it."""
        kind = self.get_proof_display()
        if self.material_id:
            return _("%(kind)s: published in the bank of materials") % {"kind": kind}
        if self.role == ParticipationRole.LEADER:
            return _("%(kind)s: appointed by an order") % {"kind": kind}
        return kind


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        if user.is_department:
            return own
        return own.filter(
            models.Q(person=user) | models.Q(event__association_id__in=user.led_association_ids)
        )


class Certificate(MunicipalModel):
    """A paper about one person at one event; its fields live in the seal and never change."""

    class State(models.TextChoices):
        VALID = "valid", pgettext_lazy("certificate", "valid")
        ANNULLED = "annulled", pgettext_lazy("certificate", "annulled")
        REPLACED = "replaced", pgettext_lazy("certificate", "replaced")

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="In the register of the year, no gaps")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="certificates")
    role = models.CharField(max_length=20, choices=ParticipationRole)
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    state_reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "number"], name="attestation_certificate_number"
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=models.Q(state="valid"),
                name="attestation_certificate_once",
            ),
        ]

    def __str__(self):
        return self.register_number

    @property
    def register_number(self):
        """«35-2026-00017»: municipality code, year, place in the register."""
        return f"{self.municipality.code}-{self.year}-{self.number:05d}"


class Indicator(DictionaryRow):
    """A figure of reports: a label and a unit over a registered source with parameters."""

    code = models.CharField(max_length=60)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    scope = models.CharField(
        max_length=12,
        choices=[
            ("municipality", "municipality"),
            ("association", "association"),
            ("both", "both"),
        ],
        default="both",
    )


class ReportSection(DictionaryRow):
    """A section of annual reports: a heading, and a first text with places for figures."""

    scope = models.CharField(
        max_length=12,
        choices=[("municipality", "municipality"), ("association", "association")],
    )
    kind = models.CharField(
        max_length=12,
        choices=[("text", "text"), ("table", "table"), ("proposals", "proposals")],
        default="text",
    )
    template = models.TextField(blank=True, help_text="«{organizations.school}» places a figure")
    is_heading_shown = models.BooleanField(default=True)

    class Meta(DictionaryRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "scope", "code"], name="attestation_section_code"
            )
        ]


class ApprovalMark(DictionaryRow):
    """The mark at the head of a paper: «СОГЛАСОВАНО» on the left, «УТВЕРЖДАЮ» on the right."""

    class Side(models.TextChoices):
        LEFT = "left", pgettext_lazy("side of the sheet", "on the left")
        RIGHT = "right", pgettext_lazy("side of the sheet", "on the right")

    side = models.CharField(max_length=5, choices=Side, default=Side.LEFT)


class AnnualReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approved reports are public in their municipality; the rest follows the route."""
        own = self.filter(municipality_id=user.municipality_id)
        signed = models.Q(state__in=[AnnualReport.State.APPROVED, AnnualReport.State.REPLACED])
        if not user.is_authenticated:
            return own.filter(signed, association=None)
        if user.is_methodist:
            return own
        led = models.Q(association_id__in=user.led_association_ids) | models.Q(author=user)
        if user.is_head:
            return own.filter(led | ~models.Q(state=AnnualReport.State.DRAFT))
        return own.filter(led | signed)

    def for_list(self):
        return self.select_related("association__kind", "school_year", "author").order_by(
            "-school_year__start", models.F("association_id").asc(nulls_first=True), "-version"
        )


class AnnualReport(MunicipalModel):
    """The annual report of an association, or of the municipality when it names none.

    Figures are computed and locked, texts are people's. An approved report never changes:
    a mistake is mended by a new version that names its reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("report", "draft")
        SUBMITTED = "submitted", pgettext_lazy("report", "on approval")
        RETURNED = "returned", pgettext_lazy("report", "returned")
        APPROVED = "approved", pgettext_lazy("report", "approved")
        REPLACED = "replaced", pgettext_lazy("report", "replaced by a new version")

    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="reports")
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )
    version_reason = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    figures = models.JSONField(default=dict, help_text="code → value, as computed")
    tables = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    evidence = models.JSONField(default=dict, help_text="Frozen rows behind figures, at submission")
    counted_on = models.DateField(null=True, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    edition = models.PositiveIntegerField(default=0, help_text="Grows with every saved change")
    seal = models.ForeignKey(
        Seal, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.FileField(upload_to="reports/", max_length=200, blank=True)
    docx = models.FileField(upload_to="reports/", max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "school_year", "association", "version"],
                nulls_distinct=False,
                name="attestation_report_version",
            ),
            models.UniqueConstraint(
                fields=["municipality", "school_year", "association"],
                condition=models.Q(state__in=["draft", "submitted", "returned"]),
                nulls_distinct=False,
                name="attestation_report_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "replaced"])
                | models.Q(seal__isnull=False),
                name="attestation_report_approved_sealed",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def short_title(self):
        """What pages call it: whose and of which year; `title` is for the paper itself."""
        if self.association_id:
            words = {"name": self.association.name, "year": self.school_year}
            return _("%(name)s, %(year)s") % words
        return _("Network interaction, %(year)s") % {"year": self.school_year}

    def get_absolute_url(self):
        path = [self.school_year.slug]
        if self.association_id:
            path.append(self.association.slug)
        address = reverse("attestation:report-review", args=path)
        is_only = self.version == 1 and self.state != self.State.REPLACED
        return address if is_only else f"{address}?version={self.version}"


class ReportText(models.Model):
    """What people wrote in one section of a report."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=40)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "section"], name="attestation_text_once")
        ]

    def __str__(self):
        return self.section


class FigureOverride(models.Model):
    """A figure mended by hand, with its reason; both values are printed."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="overrides")
    code = models.CharField(max_length=60)
    value = models.IntegerField()
    reason = models.CharField(max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="attestation_override_once")
        ]

    def __str__(self):
        return self.code


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__in=AnnualReport.objects.visible_to(user))


class Proposal(models.Model):
    """A proposal of a report: who should do what by when; an assignment after approval."""

    class Addressee(models.TextChoices):
        OFFICE = "office", pgettext_lazy("addressee", "the methodical office")
        LEADERS = "leaders", pgettext_lazy("addressee", "leaders of associations")
        ORGANIZATIONS = "organizations", pgettext_lazy("addressee", "heads of organizations")

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="proposals")
    position = models.PositiveSmallIntegerField(default=0)
    heading = models.CharField(max_length=200, help_text="Addressees, as printed")
    addressees = models.JSONField(default=list, help_text="Codes of `Addressee`")
    text = models.TextField()
    due_on = models.DateField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.text[:80]


class Decision(DecisionModel):
    """A step of a report on its way to the signature."""

    report = models.ForeignKey(AnnualReport, on_delete=models.PROTECT, related_name="decisions")

    class Meta(DecisionModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=models.Q(action="approve"),
                name="attestation_approved_once",
            )
        ]


class ExportColumnSet(DictionaryRow):
    """A saved set of columns of participation exports."""

    columns = models.JSONField(default=list)
