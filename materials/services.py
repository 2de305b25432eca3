"""Everything that changes a material: drafts, versions, publication, hiding."""

from pathlib import PurePath

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from communities.forms import profile
from communities.models import Subject
from communities.slugs import latin_slug
from events import years
from materials import extraction, search, stored
from materials.files import CheckedFile
from materials.models import Licence, Material, MaterialKind, MaterialVersion

PRESENTATIONS = ("pptx", "odp")


class MaterialError(Exception):
    """Why it cannot be done, in words the person may read."""


@transaction.atomic
def start_draft(checked: CheckedFile, *, actor, event=None, association=None) -> Material:
    """Keep the chosen file as a draft; the same file sent twice is one draft."""
    stored.lock(f"draft:{actor.pk}:{checked.sha256}")
    same = Material.objects.filter(
        owner=actor, state=Material.State.DRAFT, current__sha256=checked.sha256
    ).first()
    if same:
        return same
    employment = actor.main_employment
    material = Material(
        municipality=actor.municipality,
        owner=actor,
        organization=employment.organization if employment else None,
        event=event,
        association=association or (event.association if event else None),
        **guesses(checked, actor, employment),
    )
    material.slug = latin_slug(material.title) or "material"
    material.save()
    set_authors(material, [actor])
    _add_version(material, checked, actor=actor)
    audit.record("material.create", material, actor=actor)
    return material


def guesses(checked, actor, employment):
    """What the file name and the profile say about a new material."""
    stem = PurePath(checked.name).stem
    title = " ".join(stem.replace("_", " ").split())
    named = Subject.objects.visible_to(actor).filter(search.names_label(title))
    subject = named.order_by(Length("label").desc(), "pk").first()
    if subject is None and employment:
        subject = employment.subjects.first()
    return {
        "title": (title[:1].upper() + title[1:])[:200] or _("Material"),
        "subject": subject,
        "grades": search.grades_in(title) or _grades_of(actor),
        "kind": _kind(checked, title, actor),
        "licence": Licence.objects.visible_to(actor).first(),
    }


def _grades_of(actor):
    """«ДОО, 7» of the own page as a material keeps it: numbers, a kindergarten before the first."""
    told = {part.strip() for part in actor.grades.split(",")}
    return [number for number, name in enumerate(profile.GRADES) if name in told]


def _kind(checked, title, actor):
    kinds = MaterialKind.objects.visible_to(actor)
    if checked.extension in PRESENTATIONS:
        return kinds.filter(code="presentation").first()
    return kinds.filter(search.names_label(title)).first()


def set_authors(material, people):
    """Make these people the authors, in this order, and what the search finds them by."""
    material.authors.exclude(person__in=people).delete()
    for position, person in enumerate(people):
        material.authors.update_or_create(person=person, defaults={"position": position})
    place = [material.organization.short_name] if material.organization else []
    material.credit = ", ".join([*(person.full_name for person in people), *place])[:500]
    material.save(update_fields=["credit"])


@transaction.atomic
def edit_material(material, *, actor, values, authors, publish=False) -> Material:
    """Change what is written about a material; `publish` also opens it to its readers."""
    material = Material.objects.select_for_update().get(pk=material.pk)
    changed = [name for name, value in values.items() if getattr(material, name) != value]
    for name in changed:
        setattr(material, name, values[name])
    material.slug = latin_slug(material.title) or "material"
    publish = publish and material.state == Material.State.DRAFT
    if publish:
        _check_whole(material)
        material.state, material.published_at = Material.State.PUBLISHED, timezone.now()
        years.open_current(material.municipality)  # the authors' record is filed by years
    material.save()
    set_authors(material, authors)
    audit.record("material.change", material, actor=actor, fields=sorted(changed))
    if publish:
        audit.record("material.publish", material, actor=actor)
    return material


def _check_whole(material):
    if not (material.kind_id and material.licence_id and material.rights_confirmed):
        raise MaterialError(_("Choose the kind and the terms of use, and confirm the rights."))


@transaction.atomic
def add_version(material, checked: CheckedFile, *, actor, note="") -> MaterialVersion:
    """Put a new file in the place of the current one, which stays citable by its number."""
    material = Material.objects.select_for_update().get(pk=material.pk)
    if material.current and material.current.sha256 == checked.sha256:
        raise MaterialError(_("This is the same file that is there now. Choose the changed one."))
    version = _add_version(material, checked, actor=actor, note=note)
    audit.record("material.version", material, actor=actor, number=version.number)
    return version


def _add_version(material, checked, *, actor, note=""):
    last = material.versions.aggregate(last=Max("number"))["last"] or 0
    name = stored.keep(
        checked.content, folder=stored.FOLDER, sha256=checked.sha256, size=checked.size
    )
    version = material.versions.create(
        number=last + 1,
        file=name,
        file_name=checked.name,
        extension=checked.extension,
        size=checked.size,
        sha256=checked.sha256,
        note=note,
        uploaded_by=actor,
    )
    material.current = version
    material.save(update_fields=["current"])
    extraction.order(version, actor=actor)
    return version


@transaction.atomic
def hide(material, *, actor, reason) -> Material:
    """Take a published material away from its readers; the reason stays with it."""
    return _move(
        material,
        Material.State.PUBLISHED,
        Material.State.HIDDEN,
        reason,
        actor=actor,
        action="material.hide",
    )


@transaction.atomic
def unhide(material, *, actor) -> Material:
    """Give a hidden material back to its readers."""
    return _move(
        material,
        Material.State.HIDDEN,
        Material.State.PUBLISHED,
        "",
        actor=actor,
        action="material.unhide",
    )


def _move(material, source, target, reason, *, actor, action):
    material = Material.objects.select_for_update().get(pk=material.pk)
    if material.state != source:
        raise MaterialError(_("Someone has already done this."))
    material.state, material.hidden_reason = target, reason
    material.save(update_fields=["state", "hidden_reason"])
    audit.record(action, material, actor=actor)
    return material


@transaction.atomic
def delete_draft(material, *, actor):
    """Remove a draft with its files; what was published once is only hidden."""
    material = Material.objects.select_for_update().get(pk=material.pk)
    if material.state != Material.State.DRAFT:
        raise MaterialError(_("The material is published already: it can only be hidden."))
    names = [version.file.name for version in material.versions.all()]
    previews = [version.preview.name for version in material.versions.exclude(preview="")]
    audit.record("material.delete", material, actor=actor)
    material.current = None
    material.save(update_fields=["current"])
    material.versions.all().delete()
    material.delete()
    transaction.on_commit(lambda: _drop_files(names, previews))


def _drop_files(names, previews):
    versions = MaterialVersion.objects
    for name in names:
        stored.drop_unused(name, is_used=lambda n: versions.filter(file=n).exists())
    for name in previews:
        stored.drop_unused(name, is_used=lambda n: versions.filter(preview=n).exists())
