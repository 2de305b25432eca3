"""WHEN: school years, plans, events, registration, attendance and minutes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self):
        from events import rules  # noqa: F401  (registers the permissions)
