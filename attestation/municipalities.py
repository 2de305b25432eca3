"""Opening a municipality: the row itself and the labels every app brings to it."""

from django.db import transaction

from communities.defaults import create_defaults
from communities.models import Municipality

APPS = ("communities", "events", "materials", "attestation")


@transaction.atomic
def open_municipality(**fields):
    """Create a municipality, or find the one with this slug, with all its dictionaries."""
    slug = fields.pop("slug")
    municipality, _created = Municipality.objects.get_or_create(slug=slug, defaults=fields)
    for app_label in APPS:
        create_defaults(municipality, app_label)
    return municipality
