"""Papers made of snapshots: tagged PDF by typst, DOCX from the office's template, QR codes.

Both engines are loaded by the first paper: a process that makes none does without 20 MB.
"""

import datetime
import functools
import io
import json
import threading
import zipfile
from pathlib import Path

import segno
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from PIL import Image

TEMPLATES = Path(settings.BASE_DIR, "templates", "documents")
# PDF/UA asks for tags, a language, a title and alternative texts: readable aloud.
STANDARD = "ua-1"

# Tables, in letters: what stands beside each other on a sheet, where a cell is wrapped anyway,
# and the white on both sides of a column.
SHEET, WRAPPED, MARGINS = 80, 40, 3

_one_at_a_time = threading.Lock()


def check_url(code):
    """The public address where a paper with this code is checked."""
    return f"{settings.SITE_URL}{reverse('attestation:verify', args=[code])}"


def qr_svg(url):
    """A QR code as the text of an SVG image."""
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(out, kind="svg", border=0, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


@functools.cache
def _compiler():
    """Fonts of the wheel or of the department's folder only: every machine prints the same."""
    import typst

    folders = [settings.FONT_DIR] if settings.FONT_DIR else []
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts)


def pdf(template, data, *, made_at):
    """Bytes of a tagged PDF from `templates/documents/<template>.typ`.

    `data` reaches the template as JSON text in `sys.inputs.data`: a name is never markup.
    `made_at` is the moment of the paper, so that the same snapshot gives the same bytes.
    """
    text = json.dumps({"font": settings.DOCUMENT_FONT, **data}, cls=DjangoJSONEncoder)
    with _one_at_a_time:
        return _compiler().compile(
            input=str(TEMPLATES / f"{template}.typ"),
            format="pdf",
            sys_inputs={"data": text},
            pdf_standards=STANDARD,
            timestamp=_utc(made_at),
        )


def _utc(moment):
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


def qr_png(url):
    """The same QR code as an image for word processors; no address gives a blank one."""
    out = io.BytesIO()
    if url:
        segno.make(url, error="m", micro=False).save(out, kind="png", scale=6, border=0)
    else:
        Image.new("1", (1, 1), 1).save(out, "png")
    return out.getvalue()


def docx(path, context, pictures=None):
    """Bytes of a DOCX from a template the office can edit in its word processor.

    The sandbox keeps a template from reaching Python, autoescape keeps `<` in names text.
    `pictures` replaces the template's pictures by their names.
    """
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    document = DocxTemplate(path)
    for name, content in (pictures or {}).items():
        document.replace_pic(name, io.BytesIO(content))
    document.render(context, SandboxedEnvironment(autoescape=True), autoescape=True)
    for table in document.docx.tables:
        if table.autofit:
            _fit(table)
    out = io.BytesIO()
    document.save(out)
    return _without_clock(out)


def _fit(table):
    """Widths written down: some word processors make all columns equal."""
    parts = shares([[cell.text for cell in row.cells] for row in table.rows])
    whole = sum(column.width for column in table.columns)
    for column, part in zip(table.columns, parts, strict=True):
        column.width = round(whole * part / sum(parts))
        for cell in column.cells:
            cell.width = column.width


def shares(rows):
    """How columns share the width of a table: no word is broken, long texts take what is left.

    `rows` are of texts, the heading among them; the answer is in letters, `SHEET` in all or more.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(len(word) for cell in one for word in cell.split(" ")) for one in columns]
    wanted = [min(max(map(len, one)), WRAPPED) for one in columns]
    wishes = [max(0, most - low) for low, most in zip(least, wanted, strict=True)]
    spare = max(0, SHEET - sum(least) - MARGINS * len(columns))
    given = min(1, spare / (sum(wishes) or 1))
    parts = [low + MARGINS + given * wish for low, wish in zip(least, wishes, strict=True)]
    parts[0] += max(0, SHEET - sum(parts))
    return parts


def _without_clock(archive):
    """The same office file with one date inside, so that equal text gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
