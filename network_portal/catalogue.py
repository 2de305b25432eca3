"""The Russian catalogue: compiled without gettext, and checked to be complete."""

import os
import re
from pathlib import Path

PO_FILE = Path(__file__).parent / "locale" / "ru" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\([^)]*\)[a-z]|%[sd]|\{[a-z_]*\}")


def compile_catalogue(po_file: Path = PO_FILE) -> bool:
    """Write the .mo beside the .po when it is older; True when it was written."""
    mo_file = po_file.with_suffix(".mo")
    if not po_file.exists():
        return False
    if mo_file.exists() and mo_file.stat().st_mtime_ns >= po_file.stat().st_mtime_ns:
        return False
    import polib  # only where catalogues are made

    draft = mo_file.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(po_file)).save_as_mofile(str(draft))
    draft.replace(mo_file)
    return True


def problems(po_file: Path = PO_FILE) -> list[str]:
    """Entries that would show English, nothing, or a broken placeholder."""
    import polib

    found = []
    for entry in polib.pofile(str(po_file)):
        if entry.obsolete:
            continue
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            found.append(f"fuzzy: {entry.msgid}")
        elif not all(texts) or (entry.msgid_plural and len(texts) != 4):
            found.append(f"untranslated: {entry.msgid}")
        elif any(not _placeholders(text) <= _placeholders(_source(entry)) for text in texts):
            found.append(f"unknown placeholder: {entry.msgid}")
    return found


def sentences(po_file: Path = PO_FILE) -> set[tuple]:
    """What the file translates: context, plural and singular of each entry in use."""
    import polib

    return {
        (entry.msgctxt, entry.msgid_plural, entry.msgid)
        for entry in polib.pofile(str(po_file))
        if not entry.obsolete
    }


def differences(catalogue: set[tuple], sources: set[tuple]) -> list[str]:
    """Sentences of the sources without an entry, and entries that no source says any more."""
    missing = sorted(sources - catalogue, key=str)
    stale = sorted(catalogue - sources, key=str)
    return [f"not in the catalogue: {_shown(sentence)}" for sentence in missing] + [
        f"in no source any more: {_shown(sentence)}" for sentence in stale
    ]


def _shown(sentence: tuple) -> str:
    context, _plural, text = sentence
    return f"{text} [{context}]" if context else text


def _source(entry) -> str:
    return entry.msgid + entry.msgid_plural


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


if __name__ == "__main__":
    compile_catalogue()
