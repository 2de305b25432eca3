"""Materials of a neighbour: every state beside every audience."""

import hashlib
import itertools

from django.core.files.base import ContentFile

from attestation.demo import office_files
from communities.models import Subject
from materials import models


def build(place):
    """One material, its author and its file for every pair."""
    places = itertools.product(models.Material.State, models.Material.Visibility)
    for n, (state, visibility) in enumerate(places):
        _material(place, n, state, visibility)


def _material(place, n, state, visibility):
    published = place.now if state != models.Material.State.DRAFT else None
    owner = place.people[5 + n % 5]
    material = models.Material.objects.create(
        municipality=place.municipality,
        title=f"Материал {place.genitive} {n + 1}",
        slug=f"{place.slug}-{n + 1}",
        kind=place.labels(models.MaterialKind)[n],
        subject=place.label(Subject, "mathematics"),
        grades=[n % 12],
        licence=place.labels(models.Licence)[n % 3],
        rights_confirmed=True,
        visibility=visibility,
        association=place.association,
        organization=place.organizations[0],
        owner=owner,
        credit=owner.full_name,
    )
    material.authors.create(person=owner)
    extractions = list(models.MaterialVersion.Extraction)
    material.current = _version(place, material, extractions[n % len(extractions)])
    material.state = state
    material.published_at = published
    material.save()


def _version(place, material, extraction):
    content = office_files.docx(material.title, ["Первый абзац", "Второй абзац"])
    digest = hashlib.sha256(content).hexdigest()
    version = models.MaterialVersion(
        material=material,
        file_name=f"{material.title}.docx",
        extension="docx",
        size=len(content),
        sha256=digest,
        extraction=extraction,
        text=material.title if extraction == "done" else "",
        uploaded_by=material.owner,
    )
    version.file.save(f"{digest[:2]}/{digest}", ContentFile(content), save=True)
    return version
