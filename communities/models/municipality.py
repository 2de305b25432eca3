"""The municipality: the border of everything that is seen, counted and signed."""

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value):
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, for example Europe/Moscow."))


class Municipality(models.Model):
    """One municipality with its education department and the head who signs for it."""

    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(max_length=10, unique=True, help_text=_("Printed in numbers of papers"))
    name = models.CharField(max_length=120)
    name_genitive = models.CharField(max_length=120)
    department_name = models.CharField(max_length=200)
    department_genitive = models.CharField(max_length=200)
    head_post = models.CharField(max_length=200)
    head_name = models.CharField(max_length=200, help_text=_("Initials and surname, as signed"))
    phone = models.CharField(max_length=40, blank=True)
    domain = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(
        max_length=40, default="Europe/Moscow", validators=[validate_time_zone]
    )

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name

    @property
    def tz(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def site_url(self):
        """Where its guests are at home: its own domain, else the address all others share."""
        scheme = settings.SITE_URL.partition("://")[0]
        return f"{scheme}://{self.domain}" if self.domain else settings.SITE_URL

    def today(self):
        """The date here and now: deadlines end at the municipality's midnight."""
        return timezone.localdate(timezone=self.tz)
