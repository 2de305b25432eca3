"""Organizations: entered once, renamed without losing a name they were known by."""

from django.db import transaction
from django.utils.translation import gettext as _

from communities import audit
from communities.access import require
from communities.models import Municipality, Organization, OrganizationAlias
from communities.slugs import free_slug
from communities.text import normalize_name

NAMES = ("short_name", "full_name")


class NameTaken(Exception):
    """Another organization has this name; the text is for the reader."""


@transaction.atomic
def save_organization(organization, *, actor, aliases):
    """Store a new or changed organization; `aliases` are its other spellings.

    A name that is no longer the official one becomes an alias, so old files still fit.
    """
    require(actor, "communities.change_organization", organization)
    Municipality.objects.select_for_update(no_key=True).get(pk=organization.municipality_id)
    own = Organization.objects.filter(municipality_id=organization.municipality_id)
    before = own.filter(pk=organization.pk).first()
    names = [getattr(organization, field) for field in NAMES]
    kept = [*aliases, *_former_names(before, organization)]
    _refuse_taken(own.exclude(pk=organization.pk), [*names, *kept])
    if before is None:
        organization.slug = free_slug(own, organization.short_name)
    organization.save()
    _keep_aliases(organization, kept, names)
    action = "organization.change" if before else "organization.create"
    audit.record(action, organization, actor=actor)
    return organization


def _former_names(before, organization):
    if before is None:
        return []
    return [
        getattr(before, field)
        for field in NAMES
        if getattr(before, field) != getattr(organization, field)
    ]


def _refuse_taken(others, names):
    wanted = {normalize_name(name): name for name in names}
    taken = {
        normalize_name(name): short
        for short, full in others.values_list(*NAMES)
        for name in (short, full)
    }
    aliases = OrganizationAlias.objects.filter(organization__in=others)
    taken |= dict(aliases.values_list("normalized", "organization__short_name"))
    for key in wanted.keys() & taken.keys():
        text = _("«%(name)s» is a name of another organization: %(other)s.")
        raise NameTaken(text % {"name": wanted[key], "other": taken[key]})


def _keep_aliases(organization, texts, names):
    """The given spellings and no others; the official names need no alias."""
    official = {normalize_name(name) for name in names}
    wanted = {normalize_name(text): text for text in texts}
    wanted = {key: text for key, text in wanted.items() if key and key not in official}
    organization.aliases.exclude(normalized__in=wanted).delete()
    known = set(organization.aliases.values_list("normalized", flat=True))
    for key, text in wanted.items():
        if key not in known:
            organization.aliases.create(text=text)
