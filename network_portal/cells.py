"""Cells of tables that are opened in a spreadsheet: plain text, never a formula."""

import csv
import io

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A cell that starts like a formula is a program in a spreadsheet.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(value):
    """A cell as text: dates as people write them, nothing that starts a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" \N{NO-BREAK SPACE}").startswith(DANGEROUS) else value
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    whole, _point, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole},{fraction}" if fraction else whole


def csv_text(rows):
    """A short table as the text of a CSV for a Russian spreadsheet: BOM, `;`, safe cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([as_text(value) for value in row] for row in rows)
    return BOM + buffer.getvalue()
