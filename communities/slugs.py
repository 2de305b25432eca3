"""Addresses made of Russian names."""

from django.utils.text import slugify

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o"),
            *("p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e"),
            *("yu", "ya"),
        ),
        strict=True,
    )
)
_TABLE = str.maketrans(_LETTERS)
RESERVED = {"new", "next-year"}  # addresses of pages beside the objects
LONGEST = 60


def latin_slug(text):
    """«Учителя математики» → `uchitelya-matematiki`."""
    return slugify(str(text).lower().translate(_TABLE))[:LONGEST].strip("-")


def free_slug(queryset, text):
    """A slug of `text` that no row of `queryset` has; the caller holds the lock."""
    stem = latin_slug(text) or "n"
    taken = set(queryset.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
