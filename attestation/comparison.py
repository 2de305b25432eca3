"""What differs between two texts or two versions of a report."""

import difflib
import itertools
import re

from attestation import texts

MOST_STEPS = 400_000  # of a comparison: a fifth of a second
END_OF_SENTENCE = re.compile(r"[.!?…]\s*$|\n")


class _Matcher(difflib.SequenceMatcher):
    """Finds what two lists share while it has steps left; the rest has nothing in common.

    The library takes a step for every pair of equal items, and does so again for each part it
    splits the lists into: a few words repeated thousands of times would take it a minute.
    """

    def __init__(self, before, after, steps):
        super().__init__(a=before, b=after, autojunk=False)
        self.steps = steps

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        steps = sum(1 + len(self.b2j.get(item, ())) for item in self.a[alo:ahi])
        if steps > self.steps:
            return difflib.Match(alo, blo, 0)
        self.steps -= steps
        return super().find_longest_match(alo, ahi, blo, bhi)


def words_changed(old, new, steps=MOST_STEPS):
    """Parts ("=", "-" or "+", text) of a comparison by sentences, then by words in those changed.

    What takes more steps than these is marked as a whole.
    """
    before, after = _sentences(old), _sentences(new)
    matcher = _Matcher(before, after, steps)
    operations, steps, parts = matcher.get_opcodes(), matcher.steps, []
    for what, a, b, c, d in operations:
        if what == "replace":
            words = _Matcher(_words(before[a:b]), _words(after[c:d]), steps)
            parts += _marked(words.a, words.b, words.get_opcodes())
            steps = words.steps
        else:
            parts += _marked(before, after, [(what, a, b, c, d)])
    return _joined(parts)


def _sentences(text):
    sentences = [""]
    for word in _words([text]):
        sentences[-1] += word
        if END_OF_SENTENCE.search(word):
            sentences.append("")
    return sentences if sentences[-1] else sentences[:-1]


def _words(texts):
    return re.findall(r"\S+\s*", "".join(texts))


def _marked(before, after, operations):
    for what, a, b, c, d in operations:
        if what == "equal":
            yield "=", "".join(before[a:b])
        if what in ("delete", "replace"):
            yield "-", "".join(before[a:b])
        if what in ("insert", "replace"):
            yield "+", "".join(after[c:d])


def _joined(parts):
    """Neighbours with the same mark are one part."""
    groups = itertools.groupby(parts, key=lambda part: part[0])
    return [(mark, "".join(text for _mark, text in group)) for mark, group in groups]


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
