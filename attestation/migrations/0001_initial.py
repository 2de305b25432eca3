import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("communities", "0001_initial"),
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                (
                    "school_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="events.schoolyear",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="communities.organization",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="communities.association",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="materials.material",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("listener", "participant"),
                            ("speaker", "speaker"),
                            ("master_class_host", "host"),
                            ("organizer", "organizer"),
                            ("moderator", "chair"),
                            ("secretary", "secretary"),
                            ("jury", "jury member"),
                            ("expert", "expert"),
                            ("contestant", "contestant"),
                            ("author", "author"),
                            ("leader", "leader of an association"),
                        ],
                        max_length=20,
                    ),
                ),
                ("topic", models.CharField(max_length=300)),
                ("happened_on", models.DateField()),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("attendance", "confirmed by attendance"),
                            ("official", "confirmed by an official"),
                            ("own", "stated by the teacher"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "db_table": "attestation_participation",
                "ordering": ["-happened_on", "key"],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "number",
                    models.PositiveIntegerField(help_text="In the register of the year, no gaps"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="events.event",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("listener", "participant"),
                            ("speaker", "speaker"),
                            ("master_class_host", "host"),
                            ("organizer", "organizer"),
                            ("moderator", "chair"),
                            ("secretary", "secretary"),
                            ("jury", "jury member"),
                            ("expert", "expert"),
                            ("contestant", "contestant"),
                            ("author", "author"),
                            ("leader", "leader of an association"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("valid", "valid"),
                            ("annulled", "annulled"),
                            ("replaced", "replaced"),
                        ],
                        default="valid",
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=300)),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attestation.certificate",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.seal",
                    ),
                ),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "year", "number"),
                        name="attestation_certificate_number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "valid")),
                        fields=("event", "person"),
                        name="attestation_certificate_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                ("label", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(max_length=60)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(max_length=40)),
                ("params", models.JSONField(blank=True, default=dict)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("municipality", "municipality"),
                            ("association", "association"),
                            ("both", "both"),
                        ],
                        default="both",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code"), name="attestation_indicator_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "scope",
                    models.CharField(
                        choices=[("municipality", "municipality"), ("association", "association")],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("text", "text"), ("table", "table"), ("proposals", "proposals")],
                        default="text",
                        max_length=12,
                    ),
                ),
                (
                    "template",
                    models.TextField(
                        blank=True, help_text="«{organizations.school}» places a figure"
                    ),
                ),
                ("is_heading_shown", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "scope", "code"), name="attestation_section_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "side",
                    models.CharField(
                        choices=[("left", "on the left"), ("right", "on the right")],
                        default="left",
                        max_length=5,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code"), name="attestation_approvalmark_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnualReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                (
                    "school_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="events.schoolyear",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="communities.association",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="attestation.annualreport",
                    ),
                ),
                ("version_reason", models.CharField(blank=True, max_length=300)),
                ("title", models.CharField(max_length=300)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "on approval"),
                            ("returned", "returned"),
                            ("approved", "approved"),
                            ("replaced", "replaced by a new version"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("figures", models.JSONField(default=dict, help_text="code → value, as computed")),
                ("tables", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                (
                    "evidence",
                    models.JSONField(
                        default=dict, help_text="Frozen rows behind figures, at submission"
                    ),
                ),
                ("counted_on", models.DateField(blank=True, null=True)),
                ("built_at", models.DateTimeField(blank=True, null=True)),
                (
                    "edition",
                    models.PositiveIntegerField(
                        default=0, help_text="Grows with every saved change"
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.seal",
                    ),
                ),
                ("pdf", models.FileField(blank=True, max_length=200, upload_to="reports/")),
                ("docx", models.FileField(blank=True, max_length=200, upload_to="reports/")),
                ("due_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "school_year", "association", "version"),
                        name="attestation_report_version",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                        fields=("municipality", "school_year", "association"),
                        name="attestation_report_one_open",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "replaced"]), _negated=True),
                            ("seal__isnull", False),
                            _connector="OR",
                        ),
                        name="attestation_report_approved_sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportColumnSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.municipality",
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("columns", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code"), name="attestation_exportcolumnset_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="attestation.annualreport",
                    ),
                ),
                ("section", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "section"), name="attestation_text_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="attestation.annualreport",
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("value", models.IntegerField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "code"), name="attestation_override_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="attestation.annualreport",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("heading", models.CharField(help_text="Addressees, as printed", max_length=200)),
                ("addressees", models.JSONField(default=list, help_text="Codes of `Addressee`")),
                ("text", models.TextField()),
                ("due_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=20)),
                ("target", models.CharField(max_length=20)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("actor_name", models.CharField(max_length=200)),
                ("actor_post", models.CharField(blank=True, max_length=200)),
                ("comment", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="attestation.annualreport",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("action", "approve")),
                        fields=("report",),
                        name="attestation_approved_once",
                    )
                ],
            },
        ),
    ]
