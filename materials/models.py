"""The bank: materials, their versions with files, and the index that finds them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from communities.models import Association, DictionaryRow, MunicipalModel, Organization, Subject
from events.models import Event

PRESCHOOL = 0  # the grade of «ДОО»; school grades are 1 to 11


class MaterialKind(DictionaryRow):
    """Lesson plan, presentation, programme, recommendations …"""


class Licence(DictionaryRow):
    """On which terms a material may be used."""

    about = models.CharField(max_length=300, blank=True)


def plain(field):
    """ё as е, so that both spellings find the same."""
    field = F(field) if isinstance(field, str) else field
    small = Replace(field, Value("ё"), Value("е"), output_field=models.TextField())
    return Replace(small, Value("Ё"), Value("Е"), output_field=models.TextField())


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public to everyone, network to colleagues, association to members, drafts to owners."""
        own = self.filter(municipality_id=user.municipality_id)
        published = models.Q(state=Material.State.PUBLISHED)
        if not user.is_authenticated:
            return own.filter(published, visibility=Material.Visibility.PUBLIC)
        if user.is_methodist:
            return own.filter(~models.Q(state=Material.State.DRAFT) | models.Q(owner=user))
        return own.filter(
            models.Q(owner=user)
            | published
            & (
                ~models.Q(visibility=Material.Visibility.ASSOCIATION)
                | models.Q(association_id__in=user.association_ids)
            )
        )

    def published(self):
        return self.filter(state=Material.State.PUBLISHED)

    def for_list(self):
        return self.select_related("kind", "subject", "association__kind", "current")

    def for_detail(self):
        return self.for_list().select_related("licence", "organization").defer("current__body")


class Material(MunicipalModel):
    """A methodical material; what is downloaded is its current version."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("material", "draft")
        PUBLISHED = "published", pgettext_lazy("material", "published")
        HIDDEN = "hidden", pgettext_lazy("material", "hidden")

    class Visibility(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("material visibility", "everyone")
        NETWORK = "network", pgettext_lazy("material visibility", "teachers of the network")
        ASSOCIATION = "association", pgettext_lazy("material visibility", "the association")

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    annotation = models.TextField(blank=True)
    kind = models.ForeignKey(MaterialKind, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    grades = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, null=True, related_name="+")
    rights_confirmed = models.BooleanField(default=False)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.NETWORK)
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="materials"
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="materials"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="materials"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="materials"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    current = models.ForeignKey(
        "MaterialVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credit = models.CharField(max_length=500, blank=True, help_text="Authors, as searched")
    downloads = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    head = models.GeneratedField(
        expression=SearchVector(plain("title"), weight="A", config="russian")
        + SearchVector(plain("annotation"), plain("credit"), weight="B", config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MaterialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False, current__isnull=False),
                name="materials_published_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(visibility="association") | models.Q(association__isnull=False),
                name="materials_association_named",
            ),
        ]
        indexes = [
            GinIndex(fields=["head"], name="materials_head"),
            GinIndex(fields=["grades"], name="materials_grades"),
            GinIndex(fields=["title"], name="materials_title", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["municipality", "state", "-published_at"]),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("materials:material-detail", args=[self.pk, self.slug])


class MaterialAuthor(models.Model):
    """An author of a material; each co-author has the fact in the own record."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authorships"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["material", "person"], name="materials_author_once")
        ]

    def __str__(self):
        return f"{self.person_id}"


class MaterialVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every version is open to whoever sees the material: old ones stay citable."""
        return self.filter(material__in=Material.objects.visible_to(user))


class MaterialVersion(models.Model):
    """One file of a material, kept under its hash; older versions stay citable."""

    class Extraction(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("extraction", "being prepared")
        DONE = "done", pgettext_lazy("extraction", "ready")
        FAILED = "failed", pgettext_lazy("extraction", "no preview")

    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    file = models.FileField(upload_to="materials/", max_length=200)
    file_name = models.CharField(max_length=200)
    extension = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    extraction = models.CharField(max_length=10, choices=Extraction, default=Extraction.WAITING)
    preview = models.FileField(upload_to="previews/", max_length=200, blank=True)
    text = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    body = models.GeneratedField(
        expression=SearchVector(plain("text"), config="russian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MaterialVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="materials_version_number")
        ]
        indexes = [GinIndex(fields=["body"], name="materials_body")]

    def __str__(self):
        return f"{self.file_name} ({self.number})"
