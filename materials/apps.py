"""WHAT: the bank of methodical materials, their versions, files and search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaterialsConfig(AppConfig):
    name = "materials"
    verbose_name = _("Materials")

    def ready(self):
        from materials import extraction, rules  # noqa: F401  (registers the job, the permissions)
