"""Small files of every format, whole and hostile, made when a test asks."""

import io
import zipfile
import zlib

from PIL import Image

MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
ODF = {"odt": "text", "odp": "presentation", "ods": "spreadsheet"}
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    """The same bytes for the same parts, whatever the clock says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = compression
            made.writestr(entry, content)
    return out.getvalue()


def types(extension, macro=False):
    part, kind = MAIN[extension]
    if macro:
        kind = "vnd.ms-word.document.macroEnabled.main+xml"
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/{part}" ContentType="application/vnd.'
        f'openxmlformats-officedocument.{kind}"/></Types>'
    )


def body(extension, text):
    if extension == "docx":
        runs = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        return {
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{runs}</w:body></w:document>'
        }
    if extension == "pptx":
        slide = f'<p:sld xmlns:p="p" xmlns:a="{A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
        return {"ppt/presentation.xml": "<p/>", "ppt/slides/slide1.xml": slide}
    shared = f'<sst xmlns="{S}"><si><t>{text}</t></si></sst>'
    return {"xl/workbook.xml": "<w/>", "xl/sharedStrings.xml": shared}


def office(extension, text="Линейная функция", **parts):
    """A DOCX, PPTX, XLSX, ODT, ODP or ODS with one line of text."""
    if extension in ODF:
        content = (
            f'<o:document-content xmlns:o="o" xmlns:text="{TEXT}"><text:p>{text}</text:p>'
            "</o:document-content>"
        )
        kind = f"application/vnd.oasis.opendocument.{ODF[extension]}"
        return archive({"mimetype": kind, "content.xml": content, **parts})
    return archive({"[Content_Types].xml": types(extension), **body(extension, text), **parts})


REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind, target, part="word/_rels/document.xml.rels", extension="docx"):
    """An office file with a part that lies elsewhere."""
    link = f'<Relationship Id="r1" Type="{REL}/{kind}" Target="{target}" TargetMode="External"/>'
    return office(extension, **{part: f"<Relationships>{link}</Relationships>"})


def with_field(*runs, simple=""):
    """A DOCX with a field whose code is cut into runs like these."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    code = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    plain = f'<w:fldSimple w:instr="{simple}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    body = f"<w:p>{begin}{code}{end}{plain}</w:p>"
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return office("docx", **{"word/document.xml": document})


def pdf(text="Linear function", catalog=b"", page=b"", objects=()):
    """A one-page PDF with a text layer and correct offsets; `objects` are numbered from 6."""
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>"
        % (fonts + page),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    return assemble(objects, b"/Root 1 0 R")


def assemble(objects, trailer):
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def packed_pdf(action):
    """A PDF whose catalogue and opening action lie packed in a stream of objects."""
    inner = b"%s << /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>" % action
    head = b"6 0 7 %d " % (len(action) + 1)
    packed = zlib.compress(head + inner)
    objects = {
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        8: b"<< /Type /ObjStm /N 2 /First %d /Filter /FlateDecode /Length %d >>"
        b"\nstream\n%s\nendstream" % (len(head), len(packed), packed),
    }
    out, rows = b"%PDF-1.5\n", {6: (2, 8, 0), 7: (2, 8, 1)}
    for number, content in objects.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows[9] = (1, len(out), 0)
    table = (rows.get(number, (0, 0, 0)) for number in range(10))
    table = zlib.compress(b"".join(b"%c%s%c" % (k, n.to_bytes(4, "big"), i) for k, n, i in table))
    return out + (
        b"9 0 obj\n<< /Type /XRef /Size 10 /W [1 4 1] /Root 7 0 R /Filter /FlateDecode "
        b"/Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (len(table), table, rows[9][1])
    )


def encrypted_pdf():
    """Protected by a password nobody knows."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
    ]
    identity = b"/ID [<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    return assemble(objects, b"/Root 1 0 R /Encrypt 4 0 R " + identity)


def picture(kind="PNG", size=(480, 360)):
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


def encrypted_zip():
    """The flag of an encrypted entry set in both headers, as archivers set it."""
    content = bytearray(archive({"план.txt": "тайна"}, zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def bomb(megabytes=120):
    """A small archive that unpacks to much."""
    return archive({"zeros.txt": b"0" * (megabytes * 1024 * 1024)})


def lying_bomb():
    """An archive that declares a small entry and holds a big one."""
    content = bytearray(archive({"zeros.txt": b"0" * (30 * 1024 * 1024)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + offset
        content[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def ole(*streams):
    """An OLE container with these streams: 512-byte sectors, FAT in the first one."""
    end, free, fat_mark, none = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
    header = bytearray(512)
    header[0:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = (0x3E).to_bytes(2, "little") + b"\x03\x00\xfe\xff\x09\x00\x06\x00"
    for offset, value in ((44, 1), (48, 1), (56, 4096), (60, end), (68, end), (76, 0)):
        header[offset : offset + 4] = value.to_bytes(4, "little")
    for offset in range(80, 512, 4):
        header[offset : offset + 4] = free.to_bytes(4, "little")
    fat = b"".join(v.to_bytes(4, "little") for v in (fat_mark, end)) + b"\xff" * (512 - 8)
    names = ["Root Entry", *streams]
    entries = b""
    for number, name in enumerate(names):
        entry = bytearray(128)
        raw = (name + "\0").encode("utf-16-le")
        entry[: len(raw)] = raw
        entry[64:66] = len(raw).to_bytes(2, "little")
        entry[66], entry[67] = (5 if number == 0 else 1), 1
        sides = (none, number + 1 if 0 < number < len(names) - 1 else none, none)
        if number == 0:
            sides = (none, none, 1 if streams else none)
        for offset, value in zip((68, 72, 76), sides, strict=True):
            entry[offset : offset + 4] = value.to_bytes(4, "little")
        entry[116:120] = end.to_bytes(4, "little")
        entries += bytes(entry)
    return bytes(header) + fat + entries.ljust(512, b"\0")
