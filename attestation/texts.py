"""Texts of reports: people's words with places for figures, read and filled.

`{organizations.school}` places a figure; `{associations.district|объединение|объединения|
объединений}` a figure and the noun in the form it asks for; `{order}` a fact in words;
`{?events.held}` at the start of a line leaves the line out while the figure is nought.
A line that begins with «- » is an item of a list.
"""

import re

from network_portal.formats import number, tied

PLACE = re.compile(r"\{(\??)([a-z][a-z0-9_.]*)((?:\|[^{}|\n]*)*)\}")


def unknown_places(text, known):
    """What stands in braces and is no place: printed as it is, it would shame the report."""
    left = PLACE.sub(lambda m: "" if m[2] in known else m[0], text)
    return re.findall(r"\{[^{}\n]*\}?|\}", left)


def plural(count, forms):
    """The form of a noun after a number: 1 отчёт, 2 отчёта, 5 отчётов."""
    one, few, many = (forms + forms[-1:] * 2)[:3]
    tail, tens = count % 10, count % 100
    if tail == 1 and tens != 11:
        return one
    return few if 2 <= tail <= 4 and not 12 <= tens <= 14 else many


def fill(text, values, facts):
    """Paragraphs of a text: `{"item": bool, "parts": [str | {"code", "number", "word"}]}`."""
    lines = (_unless_empty(line.strip(), values, facts) for line in text.splitlines())
    return [_paragraph(line, values, facts) for line in lines if line]


def _unless_empty(line, values, facts):
    """The line without its conditions, or nothing when one of them names a nought."""
    while (match := PLACE.match(line)) and match[1]:
        if not (values.get(match[2]) or facts.get(match[2])):
            return ""
        line = line[match.end() :].lstrip()
    return line


def _paragraph(line, values, facts):
    is_item = line.startswith("- ")
    return {"item": is_item, "parts": _parts(line.removeprefix("- "), values, facts)}


def _parts(line, values, facts):
    parts, place = [], 0
    for match in PLACE.finditer(line):
        parts += [tied(line[place : match.start()]), _filled(match, values, facts)]
        place = match.end()
    return _joined([*parts, tied(line[place:])])


def _filled(match, values, facts):
    code, forms = match[2], match[3].split("|")[1:]
    if code in facts:
        return facts[code]
    if code not in values:
        return match[0]
    word = plural(values[code], forms) if forms else ""
    return {"code": code, "number": number(values[code]), "word": word}


def _joined(parts):
    """Neighbouring strings as one, empty ones gone."""
    joined = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


def plain(part):
    """A part of a paragraph as people read it."""
    if isinstance(part, str):
        return part
    return f"{part['number']}\N{NO-BREAK SPACE}{part['word']}" if part["word"] else part["number"]


def plain_text(paragraphs):
    """Paragraphs as lines of text, to be compared word by word."""
    return "\n".join("".join(map(plain, paragraph["parts"])) for paragraph in paragraphs)
