"""The document sheet of the review page: clauses, numbered figures, and notes in the margin."""

import dataclasses
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from attestation.paper import proposals_by_heading
from attestation.report_documents import proposal_lines
from network_portal.formats import number

TALLEST = 100  # pixels of the highest column of a chart


@dataclasses.dataclass
class Links:
    """Where the sheet leads: only what this reader may open gets an address."""

    report: object
    may_see_rows: bool
    may_edit: bool

    @cached_property
    def _pattern(self):
        """The address of evidence with a place for the code: a sheet has a hundred of them."""
        path = [self.report.school_year.slug]
        path += [self.report.association.slug] if self.report.association_id else []
        return reverse("attestation:report-evidence", args=[*path, "CODE"])

    def evidence(self, code, key=""):
        if not self.may_see_rows:
            return ""
        part = f"&association={key}" if key else ""
        return f"{self._pattern.replace('CODE', code)}?version={self.report.version}{part}"

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
    codes = [code for _title, code in table["columns"]]
    return {
        "table": {
            "columns": list(zip(_titles(table), _numeric(table), strict=True)),
            "rows": [_row(row, codes, links) for row in table["rows"]],
            "totals": [_cell(cell) for cell in table["totals"]],
        },
        "bars": bars(table) if section["code"] == "events_by_month" else [],
        "notes": [{"number": "", "text": table["note"]}] if table["note"] else [],
    }


def _titles(table):
    return [title for title, _code in table["columns"]]


def _numeric(table):
    """Which columns hold numbers: they stand on the right."""
    return [isinstance(cell, int) for cell in table["rows"][0]["cells"]]


def _row(row, codes, links):
    """Cells: the text, the address of the rows behind a number, whether it is one."""
    return [
        (_cell(cell), _behind(cell, code, row["key"], links), isinstance(cell, int))
        for cell, code in zip(row["cells"], codes, strict=True)
    ]


def _behind(cell, code, key, links):
    return links.evidence(code, key) if code and key and cell else ""


def _cell(value):
    return number(value) if isinstance(value, int) else value


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
