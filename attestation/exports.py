"""Participation exports: the columns offices ask for, as XLSX and CSV, flat in memory."""

import csv
import dataclasses
import io
from collections.abc import Callable

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.expressions import Window
from django.db.models.functions import (
    Cast,
    Coalesce,
    Concat,
    Greatest,
    Length,
    LPad,
    NullIf,
    RowNumber,
    Trim,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attestation.models import AS_MADE, Certificate, Participation
from communities.models import Employment
from events.models import Format, ParticipationRole
from network_portal.cells import BOM, as_text

A4 = 9  # XlsxWriter's number of the paper
CHUNK = 2000  # rows fetched at a time through a server-side cursor
SHEET_ROWS = 1_048_575  # what one sheet of a spreadsheet holds below its heading
ORDER = ("happened_on", *AS_MADE)


def facts_for(user, year, organizations=(), associations=(), person=None):
    """Facts of a year this person may take away; empty choices mean all of them.

    A coordinator takes the own schools only, without facts of one's own from elsewhere.
    """
    facts = Participation.objects.visible_to(user).filter(school_year=year)
    if not user.is_department:
        facts = facts.filter(organization_id__in=user.coordinated_organization_ids)
    if organizations:
        facts = facts.filter(organization_id__in=organizations)
    if associations:
        facts = facts.filter(association_id__in=associations)
    if person:
        facts = facts.filter(person=person)
    return facts


@dataclasses.dataclass(frozen=True)
class Column:
    """A column: its heading, the expression that gives its value, its width in characters."""

    label: str
    expression: Callable
    width: int = 20


def _text(path):
    """A text that is empty, not null, where the relation is."""
    return lambda: Coalesce(F(path), Value(""), output_field=CharField())


def _label(field, choices):
    """The word for a stored code, chosen in the database."""
    return lambda: Case(
        *(When(**{field: code}, then=Value(str(label))) for code, label in choices.choices),
        default=Value(""),
        output_field=CharField(),
    )


def _number():
    return Window(RowNumber(), order_by=ORDER)


def _full_name():
    parts = (F("person__last_name"), F("person__first_name"), F("person__patronymic"))
    return Trim(Concat(parts[0], Value(" "), parts[1], Value(" "), parts[2]))


def _main_work():
    """The main place of work of the person: the present one, or else the last."""
    works = Employment.objects.filter(person=OuterRef("person"), is_main=True)
    return works.order_by(F("ends_on").desc(nulls_first=True), "-id")


def _post():
    return Coalesce(Subquery(_main_work().values("post")[:1]), Value(""))


def _subjects():
    names = StringAgg("subjects__label", delimiter="; ", order_by="subjects__position")
    works = _main_work().filter(ends_on=None).order_by().values("person")
    found = Subquery(works.annotate(names=names).values("names")[:1])
    return Coalesce(found, Value(""), output_field=CharField())


def _experience():
    """Years of teaching by the year of the fact."""
    years = F("happened_on__year") - F("person__teaching_since")
    return Greatest(years, Value(0), output_field=IntegerField())


def _title():
    """What the fact is about: an author's fact is about the material, wherever it was shown."""
    return Coalesce("material__title", "event__title", "association__name")


def _topic():
    return Coalesce(NullIf(F("topic"), _title()), Value(""))


def _place():
    return Coalesce(NullIf("event__place", Value("")), "event__host__short_name", Value(""))


def _paper(expression):
    papers = Certificate.objects.filter(
        event=OuterRef("event"), person=OuterRef("person"), state=Certificate.State.VALID
    )
    found = Subquery(papers.annotate(answer=expression).values("answer")[:1])
    return Case(
        When(material=None, then=Coalesce(found, Value(""))),
        default=Value(""),
        output_field=CharField(),
    )


def _certificate():
    """The number in the register as it is printed, see `Certificate.register_number`."""
    digits = Cast("number", CharField())
    padded = LPad(digits, Greatest(Length(digits), Value(5)), Value("0"))
    year = Cast("year", CharField())
    return _paper(Concat("municipality__code", Value("-"), year, Value("-"), padded))


def _link():
    """The public page on which the certificate is checked."""
    before = settings.SITE_URL + reverse("attestation:verify", args=["CODE"])
    before, _code, after = before.rpartition("CODE")
    return _paper(Concat(Value(before), "seal__code", Value(after)))


COLUMNS = {
    "number": Column(pgettext_lazy("export column", "No."), _number, 6),
    "municipality": Column(_("Municipality"), _text("municipality__name"), 28),
    "organization": Column(_("Organization"), _text("organization__short_name"), 30),
    "full_name": Column(pgettext_lazy("person", "Full name"), _full_name, 34),
    "last_name": Column(_("Last name"), _text("person__last_name")),
    "first_name": Column(_("First name"), _text("person__first_name"), 16),
    "patronymic": Column(_("Patronymic"), _text("person__patronymic")),
    "post": Column(_("Post"), _post, 28),
    "subjects": Column(_("Subjects"), _subjects, 28),
    "category": Column(_("Qualification category"), _text("person__category__label"), 24),
    "experience": Column(_("Years of teaching"), _experience, 10),
    "date": Column(_("Date"), lambda: F("happened_on"), 12),
    "event": Column(pgettext_lazy("export column", "Event or material"), _title, 50),
    "kind": Column(pgettext_lazy("export column", "Kind"), _text("event__kind__label"), 18),
    "level": Column(_("Level"), _text("event__level__label")),
    "format": Column(pgettext_lazy("export column", "Format"), _label("event__format", Format), 18),
    "role": Column(pgettext_lazy("export column", "Role"), _label("role", ParticipationRole), 18),
    "topic": Column(_("Topic"), _topic, 40),
    "association": Column(_("Association"), _text("association__name"), 36),
    "place": Column(_("Place"), _place, 28),
    "hours": Column(_("Hours"), lambda: F("hours"), 8),
    "proof": Column(_("Proof"), _label("proof", Participation.Proof), 28),
    "certificate": Column(_("Certificate"), _certificate),
    "link": Column(pgettext_lazy("export column", "Link"), _link, 40),
}
DEFAULT = (
    "organization full_name post subjects category date event kind level format role topic"
).split()


def rows(facts, codes, limit=None):
    """The values of the chosen columns, fact by fact, without holding them all in memory.

    `facts` is a queryset of `Participation` that starts from `visible_to`.
    """
    named = {f"column_{code}": COLUMNS[code].expression() for code in codes}
    found = facts.order_by(*ORDER).values_list(*named.values())
    return found[:limit] if limit else found.iterator(chunk_size=CHUNK)


def headings(codes):
    return [str(COLUMNS[code].label) for code in codes]


def write_xlsx(target, facts, codes, *, progress=None):
    """Write a workbook into the binary file `target`; return the number of rows.

    Strings are written as strings, never as formulas or links. `progress(done)` is called
    after each chunk.
    """
    import xlsxwriter  # by the first table: other processes do without

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "dd.mm.yyyy",
    }
    done = 0
    with xlsxwriter.Workbook(target, options) as book:
        sheet = _sheet(book, codes)
        for done, row in enumerate(rows(facts, codes), 1):
            _write_row(sheet, done, row)
            if progress and done % CHUNK == 0:
                progress(done)
        sheet.autofilter(0, 0, done, len(codes) - 1)
    return done


def _sheet(book, codes):
    """A sheet with its headings, which stay in sight and stand on every printed page."""
    sheet = book.add_worksheet(str(_("Participation")))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for place, code in enumerate(codes):
        sheet.set_column(place, place, COLUMNS[code].width)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    sheet.write_row(0, 0, headings(codes), bold)
    return sheet


def _write_row(sheet, number, row):
    for place, value in enumerate(row):
        if type(value) is str:
            sheet.write_string(number, place, value)
        elif value is not None:
            sheet.write(number, place, value)


def csv_lines(facts, codes):
    """Lines of a CSV for a Russian spreadsheet: BOM, `;`, safe cells. Streamed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings(codes))
    yield BOM + _drain(buffer)
    for number, row in enumerate(rows(facts, codes), 1):
        writer.writerow([as_text(value) for value in row])
        if number % 200 == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer):
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
