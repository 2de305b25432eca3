"""What a row of a list says about a material."""

from django.urls import reverse
from django.utils.translation import ngettext

from materials.forms import grades_text
from materials.models import Material
from network_portal.formats import day_near, short_name, small


def as_row(material, user):
    """Arguments of `components/material_row.html`."""
    version = material.current
    return {
        "title": material.title,
        "url": material.get_absolute_url(),
        "extension": version.extension if version else "",
        "facets": facets(material),
        "credit": credit(material, user),
        "state": "" if is_open(material) else material.get_state_display().capitalize(),
        "snippet": getattr(material, "snippet", ""),
        "download_url": reverse("materials:material-download", args=[material.pk]),
        "size": version.size if version else None,
    }


def is_open(material):
    return material.state == Material.State.PUBLISHED


def facets(material):
    """«алгебра, 7 класс» and «разработка урока»."""
    subject = small(material.subject.label) if material.subject else ""
    first = ", ".join(filter(None, [subject, grades_text(material.grades)]))
    kind = small(material.kind.label) if material.kind else ""
    return [text for text in (first, kind) if text]


def credit(material, user):
    """Authors for colleagues only; for everyone the organization, the day, how often taken."""
    names = [short_name(name) for name in material.author_names] if user.is_authenticated else []
    place = [material.organization.short_name] if material.organization else []
    parts = [", ".join([*names, *place])]
    if material.published_at:
        parts.append(day_near(material.published_at))
    if material.downloads:
        parts.append(downloaded(material.downloads))
    return [part for part in parts if part]


def downloaded(times):
    return ngettext("downloaded %(n)s time", "downloaded %(n)s times", times) % {"n": times}
