"""Abstract rows every app builds on: rows of a municipality, dictionaries, decisions."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class MunicipalModel(models.Model):
    """A row that belongs to one municipality and is never seen from another."""

    municipality = models.ForeignKey(
        "communities.Municipality", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class DictionaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(municipality_id=user.municipality_id)


class DictionaryRow(MunicipalModel):
    """A label of the municipality: what one place calls ММО another calls МежМО."""

    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code"], name="%(app_label)s_%(class)s_code"
            )
        ]

    def __str__(self):
        return self.label


class DecisionModel(models.Model):
    """One step of a workflow, with the signer's name and post as they stood then."""

    action = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    actor_post = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return f"{self.action}: {self.source} → {self.target}"
