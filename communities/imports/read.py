"""Cells of a spreadsheet as text: runs in a limited process and knows nothing of Django."""

import csv
import datetime
import io
import re
import unicodedata
from itertools import islice
from pathlib import Path

from communities.imports.columns import recognise

LONGEST_CELL = 300
MOST_COLUMNS = 60
MOST_ROWS = 20_000  # filled rows of people; empty ones cost nothing
MOST_TEXT = 20_000_000  # characters; a thousand for each of so many people
MOST_SHEETS = 100
MOST_TITLES = 1000  # each is a field of the form that asks what columns mean
HEADER_WITHIN = 30  # filled rows before which the heading must come
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUBTOTAL = re.compile(r"^(итого|всего|в том числе|из них)\b", re.IGNORECASE)


class ReadError(ValueError):
    """Why nothing could be read; the text is a code: empty, format, encrypted, damaged,
    no_header, too_long, too_many_sheets, too_many_titles."""


def read_file(path):
    """Sheets with a heading: name, titles, number of the heading, rows as `[number, cells]`.

    Rows keep the numbers people see. `skipped` names sheets without a heading.
    """
    data = Path(path).read_bytes()
    if not data.strip(b"\0 \r\n\t"):
        raise ReadError("empty")
    tables, skipped = [], []
    for number, (name, rows) in enumerate(_sheets(data)):
        if number == MOST_SHEETS:
            raise ReadError("too_many_sheets")
        table = _table(name, rows)
        if table:
            tables.append(table)
        else:
            skipped.append(name)
    if not tables:
        raise ReadError("no_header")
    # Sheets with the same heading are asked about once.
    if sum(map(len, {tuple(table["titles"]) for table in tables})) > MOST_TITLES:
        raise ReadError("too_many_titles")
    if sum(len(table["rows"]) for table in tables) > MOST_ROWS or _length(tables) > MOST_TEXT:
        raise ReadError("too_long")
    return {"sheets": tables, "skipped": skipped}


def _length(tables):
    """Characters in all cells: one long cell repeated packs small and unpacks huge."""
    return sum(len(cell) for table in tables for _number, cells in table["rows"] for cell in cells)


def _sheets(data):
    if data[:2] == b"PK" or data[:8] == OLE:
        return _workbook(data)
    if re.match(rb"\s*<(!doctype|html|table|\?xml)", data[:200], re.IGNORECASE):
        raise ReadError("format")
    if data[:5] == b"%PDF-" or data[:4] in (b"Rar!", b"\x89PNG", b"{\\rt"):
        raise ReadError("format")
    return _text(data)


def _workbook(data):
    import python_calamine as calamine

    if data[:8] == OLE and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
        raise ReadError("encrypted")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                yield meta.name, _unmerged(book.get_sheet_by_name(meta.name))
    except calamine.PasswordError:
        raise ReadError("encrypted") from None
    except calamine.CalamineError as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise ReadError("encrypted" if locked else "damaged") from None


def _unmerged(sheet):
    """Rows of text; what one merged cell says holds for each row it spans."""
    if sheet.start is None:
        return
    left = sheet.start[1]
    spans = {}
    for (top, first), (bottom, _last) in sheet.merged_cell_ranges or []:
        for row in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            spans.setdefault(row, []).append((first - left, top))
    kept = {}
    for number, cells in enumerate(sheet.iter_rows()):
        row = [_cell(value) for value in cells[:MOST_COLUMNS]]
        for column, top in spans.get(number, ()):
            if 0 <= column < len(row):
                row[column] = row[column] or kept.get((top, column), "")
        for column, text in enumerate(row):
            if text:
                kept[number, column] = text
        if any(row):
            yield number + 1, row
        if len(kept) > MOST_ROWS * MOST_COLUMNS:
            raise ReadError("too_long")


def _cell(value):
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return clean(str(value))


def clean(text):
    """One line of visible characters."""
    text = unicodedata.normalize("NFC", text[: LONGEST_CELL * 4])
    if not text.isprintable():  # nearly every cell is, and is looked through much faster so
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub(r"\s+", " ", text).strip()[:LONGEST_CELL]


def _text(data):
    text = _decoded(data)
    head = text[:20_000]
    delimiter = max(";\t,|", key=head.count)
    csv.field_size_limit(1_000_000)
    lines = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)

    def rows():
        for number, cells in enumerate(lines, start=1):
            row = [clean(cell) for cell in cells[:MOST_COLUMNS]]
            if any(row):
                yield number, row

    try:
        return [("CSV", list(islice(rows(), MOST_ROWS * 2)))]
    except csv.Error:
        raise ReadError("damaged") from None


def _decoded(data):
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    sample = data[:2000]
    if sample.count(b"\x04") > len(sample) / 8:  # Cyrillic letters as two bytes without a mark
        return data.decode(
            "utf-16-le" if sample[1:2] in (b"\x04", b"\0") else "utf-16-be", "replace"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1251", "replace")


def _table(name, rows):
    """The heading among the first filled rows, and what stands under it."""
    rows = iter(rows)
    first = list(islice(rows, HEADER_WITHIN))
    place = _header_place(first)
    if place is None:
        return None
    number, titles = first[place]
    body = first[place + 1 :]
    if body and _continues(titles, body[0][1]):
        titles = _joined(titles, body.pop(0)[1])
    table = {"name": name, "header": number, "titles": titles, "rows": []}
    for row_number, cells in body:
        _keep(table, row_number, cells)
    for row_number, cells in rows:
        _keep(table, row_number, cells)
        if len(table["rows"]) > MOST_ROWS:
            raise ReadError("too_long")
    return table


def _header_place(rows):
    best, most = None, 1
    for place, (_number, cells) in enumerate(rows):
        fields = set(filter(None, map(recognise, cells)))
        if fields & {"full_name", "last_name"} and len(fields) > most:
            best, most = place, len(fields)
    return best


def _continues(titles, below):
    """A second line of the heading: titles of ours under a title that spans several columns."""
    return (
        sum(bool(recognise(cell)) for cell in below) >= 2
        or any(recognise(b) and not recognise(t) for t, b in zip(titles, below, strict=False))
    ) and not any(recognise(cell) in ("full_name", "last_name") for cell in below)


def _joined(titles, below):
    width = max(len(titles), len(below))
    pad = [""] * width
    pairs = zip((titles + pad)[:width], (below + pad)[:width], strict=True)
    return [low if recognise(low) else high or low for high, low in pairs]


def _keep(table, number, cells):
    """Rows of people: no subtotals, no numbering of columns, no second heading."""
    filled = [cell for cell in cells if cell]
    if SUBTOTAL.match(filled[0]) or all(cell.isdigit() and len(cell) < 3 for cell in filled):
        return
    if sum(bool(recognise(cell)) for cell in filled) >= 3:
        return
    table["rows"].append([number, cells])
