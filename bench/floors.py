"""The least the same work can cost: one query and one plain template, or one library alone."""

import csv
import io

import xlsxwriter
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine

from attestation.models import AnnualReport, Indicator, ReportText
from events.models import Event, TalkSpeaker
from materials.models import Material

_engine = Engine()
CATALOGUE = _engine.from_string(
    "<ul>{% for row in rows %}<li><a href='/materials/{{ row.0 }}-{{ row.1 }}/'>{{ row.2 }}</a>"
    "<p>{{ row.3 }}, {{ row.4 }}, {{ row.5 }}, {{ row.6|date:'d.m.Y' }}, {{ row.7 }}</p>"
    "{% endfor %}</ul>"
)
EVENTS = _engine.from_string(
    "<ul>{% for row in rows %}<li><a href='/events/{{ row.0 }}-{{ row.1 }}/'>{{ row.2 }}</a>"
    "<p>{{ row.3|date:'d.m.Y H:i' }}, {{ row.4 }}, {{ row.5 }}, {{ row.6 }}</p>{% endfor %}</ul>"
)
EVENT = _engine.from_string(
    "<h1>{{ event.title }}</h1><p>{{ event.starts_at|date:'d.m.Y H:i' }}, {{ event.place }}</p>"
    "<p>{{ event.kind__label }}, {{ event.summary }}</p><ul>{% for talk in talks %}"
    "<li>{{ talk.0 }}: {{ talk.1 }} {{ talk.2 }}</li>{% endfor %}</ul>"
)
REPORT = _engine.from_string(
    "<h1>{{ title }}</h1><table>{% for label, value in figures %}<tr><td>{{ label }}</td>"
    "<td>{{ value }}</td></tr>{% endfor %}</table>"
    "{% for text in texts %}<p>{{ text }}</p>{% endfor %}"
)


def _page(template, **context):
    return HttpResponse(template.render(Context(context))).content


def catalogue(user, rows):
    columns = ("pk", "slug", "title", "kind__label", "subject__label", "organization__short_name")
    found = Material.objects.visible_to(user).order_by("-published_at")
    return _page(CATALOGUE, rows=found.values_list(*columns, "published_at", "downloads")[:rows])


def events(user, rows):
    columns = ("pk", "slug", "title", "starts_at", "kind__label", "association__name", "place")
    found = Event.objects.visible_to(user).order_by("starts_at")
    return _page(EVENTS, rows=found.values_list(*columns)[:rows])


def event(user, pk):
    columns = ("title", "starts_at", "place", "kind__label", "summary")
    talks = TalkSpeaker.objects.filter(talk__event=pk)
    return _page(
        EVENT,
        event=Event.objects.visible_to(user).values(*columns).get(pk=pk),
        talks=talks.values_list("talk__title", "person__last_name", "person__first_name"),
    )


def report(user, pk):
    row = (
        AnnualReport.objects.visible_to(user).values("title", "figures", "municipality").get(pk=pk)
    )
    labels = dict(
        Indicator.objects.filter(municipality=row["municipality"]).values_list("code", "label")
    )
    figures = [(labels.get(code, code), value) for code, value in row["figures"].items()]
    texts = ReportText.objects.filter(report=pk)
    return _page(
        REPORT, title=row["title"], figures=figures, texts=texts.values_list("text", flat=True)
    )


def sql(statements):
    """The same SQL, and nothing made of its rows."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def xlsx(rows):
    """XlsxWriter alone over rows that are in memory already."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options["default_date_format"] = "dd.mm.yyyy"
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)


def csv_bytes(rows):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows)
    return buffer.getvalue().encode()


def ics(rows):
    """Events as text without escaping, folding or a query."""
    return "".join(
        f"BEGIN:VEVENT\r\nUID:{pk}\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n"
        f"DTEND:{end:%Y%m%dT%H%M%SZ}\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\nEND:VEVENT\r\n"
        for pk, start, end, title, place in rows
    ).encode()
