"""Small real office files: a few kilobytes that Word, Excel, PowerPoint and readers open."""

import datetime
import io
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter

from communities import documents

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAW = "http://schemas.openxmlformats.org/drawingml/2006/main"
STAMP = (2025, 9, 1, 12, 0, 0)  # the same bytes every time


def _zip(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types(overrides):
    rows = "".join(
        f'<Override PartName="{name}" ContentType="application/vnd.openxmlformats-officedocument'
        f'.{kind}+xml"/>'
        for name, kind in overrides.items()
    )
    return (
        f'<Types xmlns="{PKG}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _links(targets):
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PKG}/relationships">{rows}</Relationships>'


def docx(title, paragraphs):
    """A text document with a heading and paragraphs."""

    def line(text, bold=False):
        style = "<w:rPr><w:b/></w:rPr>" if bold else ""
        return f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'

    body = line(title, bold=True) + "".join(map(line, paragraphs))
    return _zip(
        {
            "[Content_Types].xml": _types({"/word/document.xml": "wordprocessingml.document.main"}),
            "_rels/.rels": _links([("officeDocument", "word/document.xml")]),
            "word/document.xml": (
                f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
            ),
        }
    )


def _shape(number, text, top):
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="t{number}"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="600000" y="{top}"/><a:ext cx="8000000" cy="1200000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/>'
        f'<a:p><a:r><a:rPr lang="ru-RU"/><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def _tree(shapes=""):
    return (
        '<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        f"</p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld>"
    )


def _theme():
    names = "dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink".split()
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{"FFFFFF" if name.startswith("lt") else "2B3F9F"}"/></a:{name}>'
        for name in names
    )
    face = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    lines = f"<a:ln>{fill[: len(fill) // 3]}</a:ln>" * 3
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'<a:theme xmlns:a="{DRAW}" name="t"><a:themeElements>'
        f'<a:clrScheme name="c">{colours}</a:clrScheme>'
        f'<a:fontScheme name="f"><a:majorFont>{face}</a:majorFont>'
        f"<a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="m"><a:fillStyleLst>{fill}</a:fillStyleLst>'
        f"<a:lnStyleLst>{lines}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


SPACES = f'xmlns:a="{DRAW}" xmlns:r="{REL}" xmlns:p="{SLIDE}"'
COLOURS = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
    'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
    'folHlink="folHlink"/>'
)


def pptx(title, slides):
    """A presentation: a title and one line per slide."""
    numbers = range(1, len(slides) + 1)
    parts = {**_presentation(numbers), **_master_and_layout()}
    for n, line in zip(numbers, slides, strict=True):
        shapes = _shape(2, title, 500000) + _shape(3, line, 2200000)
        parts[f"ppt/slides/s{n}.xml"] = f"<p:sld {SPACES}>{_tree(shapes)}</p:sld>"
        parts[f"ppt/slides/_rels/s{n}.xml.rels"] = _links(
            [("slideLayout", "../slideLayouts/l.xml")]
        )
    return _zip(parts)


def _presentation(numbers):
    """The presentation itself and where its slides lie."""
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n + 1}"/>' for n in numbers)
    kind = "presentationml"
    types = {
        "/ppt/presentation.xml": f"{kind}.presentation.main",
        "/ppt/slideMasters/m.xml": f"{kind}.slideMaster",
        "/ppt/slideLayouts/l.xml": f"{kind}.slideLayout",
        "/ppt/theme/t.xml": "theme",
        **{f"/ppt/slides/s{n}.xml": f"{kind}.slide" for n in numbers},
    }
    slides = [("slide", f"slides/s{n}.xml") for n in numbers]
    return {
        "[Content_Types].xml": _types(types),
        "_rels/.rels": _links([("officeDocument", "ppt/presentation.xml")]),
        "ppt/presentation.xml": (
            f'<p:presentation {SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" '
            f'r:id="rId1"/></p:sldMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst>'
            '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": _links([("slideMaster", "slideMasters/m.xml"), *slides]),
    }


def _master_and_layout():
    """What every presentation must have and nobody sees."""
    return {
        "ppt/slideMasters/m.xml": (
            f"<p:sldMaster {SPACES}>{_tree()}{COLOURS}<p:sldLayoutIdLst>"
            '<p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>'
        ),
        "ppt/slideMasters/_rels/m.xml.rels": _links(
            [("slideLayout", "../slideLayouts/l.xml"), ("theme", "../theme/t.xml")]
        ),
        "ppt/slideLayouts/l.xml": f'<p:sldLayout {SPACES} type="blank">{_tree()}</p:sldLayout>',
        "ppt/slideLayouts/_rels/l.xml.rels": _links([("slideMaster", "../slideMasters/m.xml")]),
        "ppt/theme/t.xml": _theme(),
    }


def xlsx(title, rows):
    """A workbook with one table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.datetime(*STAMP)})  # noqa: DTZ001  (as in a file)
        sheet = book.add_worksheet("Лист 1")
        sheet.write_string(0, 0, title)
        for number, row in enumerate(rows, 2):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def pdf(title, paragraphs, made_at):
    """A tagged PDF of one or two pages."""
    return documents.pdf("leaflet", {"title": title, "paragraphs": paragraphs}, made_at=made_at)
