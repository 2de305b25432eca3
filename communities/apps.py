"""WHO: municipalities, organizations, people, associations and what binds them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Communities")

    def ready(self):
        from communities import rules  # noqa: F401  (registers the permissions)
