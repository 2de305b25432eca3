"""The document sheet of the review page: clauses, numbered figures, and notes in the margin."""

import dataclasses
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from attestation.indicators import SOURCES, rows_behind
from attestation.paper import proposals_by_heading
from attestation.report_documents import proposal_lines
from network_portal.formats import number

TOTAL = None  # the key of the row that is not narrowed to any part
TALLEST = 100  # pixels of the highest column of a chart


@dataclasses.dataclass
class Links:
    """Where the sheet leads: only what this reader may open gets an address."""

    report: object
    may_see_rows: bool
    may_see_people: bool
    may_edit: bool

    @cached_property
    def _pattern(self):
        """The address of evidence with a place for the code: a sheet has a hundred of them."""
        path = [self.report.school_year.slug]
        path += [self.report.association.slug] if self.report.association_id else []
        return reverse("attestation:report-evidence", args=[*path, "CODE"])

    def evidence(self, code, **part):
        """The rows behind a figure, or behind a part of it: `association`, `month`, `step`."""
        if not self.may_see_rows or (self._names_people(code) and not self.may_see_people):
            return ""
        query = urlencode({"version": self.report.version, **part})
        return f"{self._pattern.replace('CODE', code)}?{query}"

    def _names_people(self, code):
        told = self.report.tables.get("indicators", {})
        source = told[rows_behind(code, told[code])]["source"] if code in told else ""
        return source in SOURCES and SOURCES[source].is_personal

    def text(self, code):
        if not self.may_edit:
            return ""
        return reverse("attestation:report-text", args=[self.report.pk, code])


def clauses(paper, links):
    """Sections as the template walks them; notes are numbered through the whole sheet."""
    numbers = {}
    return [_clause(section, paper, links, numbers) for section in paper["sections"]]


def _clause(section, paper, links, numbers):
    clause = {
        "code": section["code"],
        "kind": section["kind"],
        "heading": section["heading"] if section["is_heading_shown"] else "",
        "label": section["heading"],
    }
    return clause | FILL[section["kind"]](section, paper, links, numbers)


def _text(section, paper, links, numbers):
    codes = []
    paragraphs = [
        {
            "item": one["item"],
            "parts": [_part(part, paper, numbers, codes) for part in one["parts"]],
        }
        for one in section["paragraphs"]
    ]
    return {
        "groups": _grouped(paragraphs),
        "notes": [_note(code, paper, links, numbers[code]) for code in dict.fromkeys(codes)],
        "edit_url": links.text(section["code"]),
    }


def _grouped(paragraphs):
    """Paragraphs, with neighbouring items gathered into lists."""
    groups = []
    for one in paragraphs:
        if one["item"] and groups and groups[-1]["is_list"]:
            groups[-1]["rows"].append(one["parts"])
        else:
            groups.append({"is_list": one["item"], "rows": [one["parts"]]})
    return groups


def _part(part, paper, numbers, codes):
    if isinstance(part, str):
        return {"text": part}
    code = part["code"]
    codes.append(code)
    return {
        "value": part["number"],
        "word": part["word"],
        "note": numbers.setdefault(code, len(numbers) + 1),
        "hand": bool(paper["figures"][code]["reason"]),
    }


def _note(code, paper, links, place):
    """What stands in the margin level with a figure: rows, or what was changed and why."""
    figure = paper["figures"][code]
    note = {"number": place, "text": _rows_text(figure), "url": links.evidence(code)}
    if figure["reason"]:
        note["was"] = number(figure["computed"])
        note["now"] = number(figure["value"])
        note["why"] = f"{figure['changed_by']}: «{figure['reason']}»"
    return note


def _rows_text(figure):
    return figure["label"] if figure["rows"] else _("No evidence: add minutes or a sign-up sheet")


def _table(section, paper, links, numbers):
    table = section.get("table")
    if not table or not table["rows"]:
        return {"table": None, "notes": []}
    return {
        "table": {
            "columns": list(zip(_titles(table), _numeric(table), strict=True)),
            "rows": [_row(row["cells"], row["key"], table, links) for row in table["rows"]],
            "totals": _row(table["totals"], TOTAL, table, links) if table["totals"] else [],
        },
        "bars": bars(table) if section["code"] == "events_by_month" else [],
        "notes": [{"number": "", "text": table["note"]}] if table["note"] else [],
    }


def _titles(table):
    return [column[0] for column in table["columns"]]


def _numeric(table):
    """Which columns hold numbers: they stand on the right."""
    return [isinstance(cell, int) for cell in table["rows"][0]["cells"]]


def _row(cells, key, table, links):
    """Cells: the text, the address of the rows behind a number, whether it is one."""
    part = {} if key is TOTAL else {table.get("keys", "association"): key}
    return [
        (_cell(cell), _behind(cell, column, part, links), isinstance(cell, int))
        for cell, column in zip(cells, table["columns"], strict=True)
    ]


def _behind(cell, column, part, links):
    """A row without a key, as in reports signed before rows had one, leads nowhere."""
    _title, code, *narrower = column
    if not code or not cell or "" in part.values():
        return ""
    return links.evidence(code, **part, **(narrower[0] if narrower else {}))


def _cell(value):
    return number(value) if isinstance(value, int) else value


def figures(paper, links):
    """Every figure the report has, printed or not: its words, the number, where its rows are."""
    return [
        (one["label"], f"{number(one['value'])}\N{NO-BREAK SPACE}{one['unit']}", url)
        for code, one in paper["figures"].items()
        if (url := links.evidence(code))
    ]


def bars(table):
    """Columns of the chart: the month's first letters, its number, its height."""
    highest = max((row["cells"][-1] for row in table["rows"]), default=0) or 1
    return [
        (row["cells"][0][:3], row["cells"][-1], round(TALLEST * row["cells"][-1] / highest))
        for row in table["rows"]
    ]


def _proposals(section, paper, links, numbers):
    groups = [
        (heading, [proposal_lines(one) for one in rows])
        for heading, rows in proposals_by_heading(paper)
    ]
    return {"proposal_groups": groups, "notes": []}


FILL = {"text": _text, "table": _table, "proposals": _proposals}
