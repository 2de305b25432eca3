import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
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
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="MaterialKind",
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
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code"), name="materials_materialkind_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Licence",
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
                ("about", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "code"), name="materials_licence_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Material",
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
                ("title", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=80)),
                ("annotation", models.TextField(blank=True)),
                (
                    "kind",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="materials.materialkind",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.subject",
                    ),
                ),
                (
                    "grades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="materials.licence",
                    ),
                ),
                ("rights_confirmed", models.BooleanField(default=False)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "everyone"),
                            ("network", "teachers of the network"),
                            ("association", "the association"),
                        ],
                        default="network",
                        max_length=12,
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="communities.association",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="events.event",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="communities.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("hidden", "hidden"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "credit",
                    models.CharField(blank=True, help_text="Authors, as searched", max_length=500),
                ),
                ("downloads", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_reason", models.CharField(blank=True, max_length=300)),
                (
                    "head",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.SearchVector(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        models.F("title"),
                                        models.Value("ё"),
                                        models.Value("е"),
                                        output_field=models.TextField(),
                                    ),
                                    models.Value("Ё"),
                                    models.Value("Е"),
                                    output_field=models.TextField(),
                                ),
                                config="russian",
                                weight="A",
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        models.F("annotation"),
                                        models.Value("ё"),
                                        models.Value("е"),
                                        output_field=models.TextField(),
                                    ),
                                    models.Value("Ё"),
                                    models.Value("Е"),
                                    output_field=models.TextField(),
                                ),
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        models.F("credit"),
                                        models.Value("ё"),
                                        models.Value("е"),
                                        output_field=models.TextField(),
                                    ),
                                    models.Value("Ё"),
                                    models.Value("Е"),
                                    output_field=models.TextField(),
                                ),
                                config="russian",
                                weight="B",
                            ),
                            django.contrib.postgres.search.SearchConfig("russian"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["head"], name="materials_head"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["grades"], name="materials_grades"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["title"], name="materials_title", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        fields=["municipality", "state", "-published_at"],
                        name="materials_m_municip_4093b1_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visibility", "association"), _negated=True),
                            ("association__isnull", False),
                            _connector="OR",
                        ),
                        name="materials_association_named",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authors",
                        to="materials.material",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("material", "person"), name="materials_author_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="materials.material",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("file", models.FileField(max_length=200, upload_to="materials/")),
                ("file_name", models.CharField(max_length=200)),
                ("extension", models.CharField(max_length=10)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "extraction",
                    models.CharField(
                        choices=[
                            ("waiting", "being prepared"),
                            ("done", "ready"),
                            ("failed", "no preview"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("preview", models.FileField(blank=True, max_length=200, upload_to="previews/")),
                ("text", models.TextField(blank=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "body",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            django.db.models.functions.text.Replace(
                                django.db.models.functions.text.Replace(
                                    models.F("text"),
                                    models.Value("ё"),
                                    models.Value("е"),
                                    output_field=models.TextField(),
                                ),
                                models.Value("Ё"),
                                models.Value("Е"),
                                output_field=models.TextField(),
                            ),
                            config="russian",
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["body"], name="materials_body")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("material", "number"), name="materials_version_number"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="material",
            name="current",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="materials.materialversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(("current__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="materials_published_whole",
            ),
        ),
    ]
