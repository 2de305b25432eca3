"""What differs between two texts or two versions of a report."""

import difflib
import re

from attestation import texts


def words_changed(old, new):
    """Parts ("=", "-" or "+", text) of a comparison by words, not by lines."""
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    parts = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            parts.append(("=", "".join(before[a:b])))
        if what in ("delete", "replace"):
            parts.append(("-", "".join(before[a:b])))
        if what in ("insert", "replace"):
            parts.append(("+", "".join(after[c:d])))
    return parts


def figure_changes(before, after):
    """Rows (label, old, new) of figures that differ; None where a version has none."""
    codes = list(dict.fromkeys([*before["figures"], *after["figures"]]))
    rows = ((code, before["figures"].get(code), after["figures"].get(code)) for code in codes)
    return [
        ((new or old)["label"], old and old["value"], new and new["value"])
        for _code, old, new in rows
        if (old and old["value"]) != (new and new["value"])
    ]


def text_changes(before, after):
    """Pairs (heading, changed parts) of the sections whose printed text differs."""
    old, new = _printed(before), _printed(after)
    return [
        (heading, words_changed(old.get(heading, ""), new.get(heading, "")))
        for heading in dict.fromkeys([*old, *new])
        if old.get(heading, "") != new.get(heading, "")
    ]


def _printed(paper):
    printed = {
        section["heading"]: texts.plain_text(section["paragraphs"])
        for section in paper["sections"]
        if section["kind"] == "text"
    }
    for section in paper["sections"]:
        if section["kind"] == "proposals":
            lines = (
                f"{one['heading']}: {one['text']} {one['due_on'] or ''}".strip()
                for one in paper["proposals"]
            )
            printed[section["heading"]] = "\n".join(lines)
    return printed
