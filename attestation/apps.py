"""PROOF: participation records, certificates, annual reports and their sign-off."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttestationConfig(AppConfig):
    name = "attestation"
    verbose_name = _("Attestation")

    def ready(self):
        # Each registers something: permissions, jobs, arrows of the sign-off.
        from attestation import record_jobs, report_jobs, rules, workflow  # noqa: F401
