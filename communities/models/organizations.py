"""Organizations of every kind, equal participants whether or not they are schools."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models.base import DictionaryRow, MunicipalModel
from communities.text import RussianOrder, normalize_name


class Agency(DictionaryRow):
    """The body an organization answers to; decides the form of network interaction."""

    is_education = models.BooleanField(default=False)


class OrganizationKind(DictionaryRow):
    """School, preschool, museum: what the figures of a report count organizations by."""

    label_plural = models.CharField(max_length=120, blank=True)
    usual_post = models.CharField(
        max_length=120, blank=True, help_text=_("Taken for rows of an import that name no post")
    )
    is_educational = models.BooleanField(default=True)


class OrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Organizations are public within their municipality; they hold no persons' data."""
        return self.filter(municipality_id=user.municipality_id)

    def active_on(self, day):
        return self.filter(
            models.Q(opened_on=None) | models.Q(opened_on__lte=day),
            models.Q(closed_on=None) | models.Q(closed_on__gt=day),
        )

    def for_list(self):
        return self.select_related("kind", "agency").order_by(
            "kind__position", RussianOrder("short_name"), "id"
        )


class Organization(MunicipalModel):
    """A school, preschool, museum, enterprise: any body whose people take part."""

    kind = models.ForeignKey(OrganizationKind, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    short_name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=300)
    slug = models.SlugField(max_length=80)
    address = models.CharField(max_length=300, blank=True)
    has_internet = models.BooleanField(default=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "slug"], name="communities_organization_slug"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None)
                | models.Q(opened_on=None)
                | models.Q(closed_on__gt=models.F("opened_on")),
                name="communities_organization_closed_after_opened",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "kind"])]

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return reverse("communities:organization-detail", args=[self.slug])


class OrganizationAlias(models.Model):
    """Another spelling under which an organization arrives in files."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300)
    normalized = models.CharField(max_length=300, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "normalized"], name="communities_alias_once"
            )
        ]
        indexes = [models.Index(fields=["normalized"])]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.normalized = normalize_name(self.text)
        super().save(*args, **kwargs)


class OnlineCommunityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(municipality_id=user.municipality_id)

    def active_on(self, day):
        return self.filter(
            models.Q(opened_on=None) | models.Q(opened_on__lte=day),
            models.Q(closed_on=None) | models.Q(closed_on__gt=day),
        )


class OnlineCommunity(MunicipalModel):
    """A group or chat outside the portal; the department counts them by openness."""

    class Openness(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("online community", "closed group")
        OPEN = "open", pgettext_lazy("online community", "open group")
        CHAT = "chat", pgettext_lazy("online community", "chat")

    class Level(models.TextChoices):
        MUNICIPAL = "municipal", pgettext_lazy("online community", "municipal")
        REGIONAL = "regional", pgettext_lazy("online community", "regional")

    association = models.ForeignKey(
        "communities.Association",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="online_communities",
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="online_communities",
    )
    name = models.CharField(max_length=200)
    platform = models.CharField(max_length=60)
    openness = models.CharField(max_length=10, choices=Openness)
    level = models.CharField(max_length=10, choices=Level, default=Level.MUNICIPAL)
    url = models.URLField(_("address"), blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = OnlineCommunityQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name", "platform"], name="communities_online_once"
            )
        ]

    def __str__(self):
        return self.name
