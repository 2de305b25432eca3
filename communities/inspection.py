"""What is really inside an uploaded file; runs in a limited process and knows no Django."""

import io
import posixpath
import re
import stat
import urllib.parse
import zipfile
import zlib
from pathlib import Path

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 500 * MEGABYTE
MAX_RATIO, RATIO_FROM = 100, 20 * MEGABYTE  # a small file may be as empty as it likes
MAX_ENTRIES = 3000
MAX_NESTED = 60 * MEGABYTE  # an office file inside an archive is opened in memory
MAX_PIXELS = 60_000_000
PDF_TAIL = 4096

OFFICE_PARTS = {
    "docx": ("wordprocessingml.document.main+xml",),
    "pptx": ("presentationml.presentation.main+xml", "presentationml.slideshow.main+xml"),
    "xlsx": ("spreadsheetml.sheet.main+xml",),
}
ODF_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
OFFICE = {*OFFICE_PARTS, *ODF_TYPES}
WITH_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm")
PICTURES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
PROGRAMS = {
    *("exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse"),
    *("wsf", "hta", "lnk", "jar", "apk", "sh", "reg", "cpl", "pif", "msc"),
}
# What an office file may hold inside but must not fetch from elsewhere or start when opened.
FETCHED = {"oleobject", "frame", "subdocument"}
DDE = re.compile(r"\s*DDE(AUTO)?\b", re.I)
# Of a PDF as pdfium writes it: every dictionary plain, every name in its shortest spelling.
PDF_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
PDF_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
PDF_ACTS = re.compile(rb"/(JavaScript|JS|Launch)(?=[\s/<>\[\](]|$)")
PDF_FILES = re.compile(
    rb"/U?F\s*(?:\(((?:\\.|[^\\()]){1,600})\)|<([0-9A-Fa-f\s]{2,1200})>)", re.DOTALL
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xfd7zXZ", b"BZh")
BINARIES = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


class Refused(Exception):
    """Why the file is not taken: a code, and a word that the sentence needs."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code, self.detail = code, detail


def inspect(path, extension):
    """None when the file is what its name says and harmless, else `[code, detail]`."""
    try:
        with Path(path).open("rb") as file:
            _inspect(file, extension)
    except Refused as refused:
        return [refused.code, refused.detail]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return ["broken", ""]
    return None


def _inspect(file, extension):
    head = file.read(1024)
    file.seek(0)
    if head.startswith(OLE):
        _refuse_ole(file)
    if extension == "pdf":
        _inspect_pdf(file, head)
    elif extension in PICTURES:
        _inspect_picture(file, extension)
    elif head.startswith(ZIP):
        _inspect_zip(file, extension)
    else:
        empty_archive = extension == "zip" and head.startswith(b"PK\x05\x06")
        raise Refused("empty_archive" if empty_archive else "wrong", found_in(head))


def found_in(head):
    """The type by the first bytes, as an extension in capitals, or nothing."""
    import puremagic

    if re.match(rb"\s*(<!doctype html|<html|<script|<head|<body)", head, re.I):
        return "HTML"
    try:
        return puremagic.from_string(head).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return ""


# Archives and office files, which are archives too


def _inspect_zip(file, extension):
    budget = _Budget(file)
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if not any(not entry.is_dir() for entry in entries):
            raise Refused("empty_archive")
        _check_entries(entries)
        budget.declare(entries)
        _check_macros(archive, entries)
        _check_reach(archive, entries)
        if extension in OFFICE:
            _check_office(archive, extension)
        for entry in entries:
            _read_through(archive, entry, budget, is_plain=extension == "zip")


class _Budget:
    """How much the whole file may unpack to, nested office files included."""

    def __init__(self, file):
        self.packed = file.seek(0, io.SEEK_END)
        file.seek(0)
        self.total = 0

    def declare(self, entries):
        self.total += sum(entry.file_size for entry in entries)
        too_dense = self.total > RATIO_FROM and self.total > self.packed * MAX_RATIO
        if self.total > MAX_UNPACKED or too_dense:
            raise Refused("huge", str(self.total // MEGABYTE))


def _check_entries(entries):
    if len(entries) > MAX_ENTRIES:
        raise Refused("many_entries", str(len(entries)))
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.flag_bits & 0x1:
            raise Refused("encrypted")
        outside = name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/")
        if outside or stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("bad_names", name[:80])


def _check_macros(archive, entries):
    for entry in entries:
        name = _seen_by_windows(entry.filename).lower()
        if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            raise Refused("macros")
        if name.endswith(tuple(f".{ending}" for ending in WITH_MACROS)):
            raise Refused("macros", posixpath.basename(entry.filename)[:80])
    if "[Content_Types].xml" in archive.namelist() and b"macroEnabled" in _types(archive):
        raise Refused("macros")


def _seen_by_windows(name):
    """The name as it will be there: spaces and dots at the end fall off."""
    return name.rstrip(" .")


def _ending(name):
    return _seen_by_windows(name).rpartition(".")[2].lower()


def _check_reach(archive, entries):
    """Refuse parts that Word or Excel would fetch from elsewhere or start a program for."""
    if "[Content_Types].xml" not in archive.namelist():
        return
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith(".rels"):
            _check_relations(_part(archive, entry))
        elif name.startswith("word/") and name.endswith(".xml"):
            _check_fields(_part(archive, entry))
        elif name.startswith("xl/externallinks/") and b"ddeLink" in _part(archive, entry):
            raise Refused("dde")


def _part(archive, entry):
    if entry.file_size > MAX_NESTED:
        raise Refused("heavy")
    with archive.open(entry) as part:
        return part.read(MAX_NESTED)


def _elements(content):
    """Elements of XML as (name without namespace, element), each forgotten after use."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    try:
        for _event, element in iterparse(io.BytesIO(content), events=["end"]):
            yield element.tag.rpartition("}")[2], element
            element.clear()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused("broken") from error


def _check_relations(content):
    for tag, element in _elements(content):
        kind = element.get("Type", "").rpartition("/")[2].lower()
        target = element.get("Target", "")
        outside = element.get("TargetMode", "").lower() == "external"
        fetched = outside and (kind in FETCHED or (kind != "hyperlink" and _shared(target)))
        if tag == "Relationship" and (fetched or (kind == "attachedtemplate" and _far(target))):
            raise Refused("reaching", target[:80])


def _shared(target):
    """Whether a folder of another computer is meant: who opens it tells it a password's hash."""
    path = urllib.parse.unquote(target).strip().replace("\\", "/")
    return path.startswith("//") or bool(re.match(r"file:(//|/{4,})[^/]", path, re.I))


def _far(target):
    """Whether this is another computer; a template of the author's own disk is just absent."""
    path = urllib.parse.unquote(target).strip().replace("\\", "/")
    on_disk = re.match(r"(file:/*)?[a-z]:/|file:///(?!/)", path, re.I)
    has_scheme = re.match(r"[a-z][a-z0-9+.-]+:", path, re.I)
    return not on_disk and bool(has_scheme or path.startswith("//"))


def _check_fields(content):
    """Refuse fields that start a program; a code may be cut into any number of runs."""
    in_utf16 = b"\0" in content[:4]
    if not in_utf16 and b"instrText" not in content and b"fldSimple" not in content:
        return
    codes = [""]  # of the fields open at this place
    for tag, element in _elements(content):
        if tag == "fldChar":
            kind = _value(element, "fldCharType")
            codes = {"begin": [*codes, ""], "end": codes[:-1] or [""]}.get(kind, codes)
        elif tag == "instrText":
            codes[-1] += element.text or ""
        elif tag != "fldSimple":
            continue
        if DDE.match(codes[-1]) or DDE.match(_value(element, "instr")):
            raise Refused("dde")


def _value(element, wanted):
    return next((v for name, v in element.items() if name.rpartition("}")[2] == wanted), "")


def _types(archive):
    with archive.open("[Content_Types].xml") as part:
        return part.read(4 * MEGABYTE)


def _check_office(archive, extension):
    names = archive.namelist()
    if extension in ODF_TYPES:
        _check_odf(archive, names, extension)
    elif "[Content_Types].xml" not in names:
        raise Refused("wrong", "ZIP")
    else:
        types = _types(archive)
        if not any(part.encode() in types for part in OFFICE_PARTS[extension]):
            raise Refused("wrong", _office_kind(types))


def _office_kind(types):
    kinds = (e for e, parts in OFFICE_PARTS.items() if any(p.encode() in types for p in parts))
    return next(kinds, "zip").upper()


def _check_odf(archive, names, extension):
    if "mimetype" not in names:
        raise Refused("wrong", "ZIP")
    with archive.open("mimetype") as part:
        kind = part.read(200).decode("ascii", "replace").strip()
    if kind != ODF_TYPES[extension]:
        found = (name for name, known in ODF_TYPES.items() if known == kind)
        raise Refused("wrong", next(found, "").upper())
    if any(name.startswith(("Basic/", "Scripts/")) and name[-1] != "/" for name in names):
        raise Refused("macros")
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as part:
            if b"encryption-data" in part.read(4 * MEGABYTE):
                raise Refused("encrypted")


def _read_through(archive, entry, budget, is_plain):
    """Unpack one entry for real: lengths and checksums must hold, nothing may hide in it."""
    if entry.is_dir():
        return
    if _ending(entry.filename) in PROGRAMS:
        raise Refused("program", posixpath.basename(entry.filename)[:80])
    size = 0
    with archive.open(entry) as part:
        head = part.read(8)
        nested = _check_head(head, entry, is_plain)
        kept = [head] if nested else None
        while block := part.read(MEGABYTE):
            size += len(block)
            if size > MAX_UNPACKED:
                raise Refused("huge", str(size // MEGABYTE))
            if kept is not None:
                kept.append(block)
    if kept is not None:
        _inspect_nested(b"".join(kept), entry, budget)


def _check_head(head, entry, is_plain):
    """Refuse archives and programs inside; true for documents, which are looked into."""
    name = posixpath.basename(entry.filename)
    if head.startswith(BINARIES) and _ending(entry.filename) not in OFFICE:
        raise Refused("program", name[:80])
    is_office = _ending(name) in OFFICE
    if head.startswith(ARCHIVES) or (head.startswith(ZIP) and is_plain and not is_office):
        raise Refused("nested", name[:80])
    looked_into = (head.startswith(ZIP) and is_office) or head.startswith(OLE) or PDF in head
    if looked_into and entry.file_size > MAX_NESTED:
        raise Refused("huge", str(entry.file_size // MEGABYTE))
    return looked_into


def _inspect_nested(content, entry, budget):
    if content.startswith(OLE):
        _refuse_ole(io.BytesIO(content), only_macros=True)
        return
    if not content.startswith(ZIP):
        _inspect_pdf(io.BytesIO(content), content[:1024])
        return
    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        entries = inner.infolist()
        _check_entries(entries)
        budget.declare(entries)
        _check_macros(inner, entries)
        _check_reach(inner, entries)


def _refuse_ole(file, only_macros=False):
    """Old office files and encrypted new ones are OLE containers."""
    import olefile

    try:
        with olefile.OleFileIO(file) as ole:
            storages = {part[0] for part in ole.listdir(streams=True, storages=True)}
            if "EncryptedPackage" in storages:
                raise Refused("encrypted")
            if any(name.startswith(("Macros", "_VBA_PROJECT", "VBA")) for name in storages):
                raise Refused("macros")
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise Refused("broken") from error
    if not only_macros:
        raise Refused("wrong", "DOC, XLS, PPT")


# PDF and pictures


def _inspect_pdf(file, head):
    import pypdfium2
    import pypdfium2.raw as pdfium

    if PDF not in head:
        raise Refused("wrong", found_in(head))
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - PDF_TAIL))
    if b"%%EOF" not in file.read():
        raise Refused("broken")
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if "assword" in str(error) else "broken") from error
    if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) != -1:
        raise Refused("encrypted")
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        raise Refused("acting")
    _open_first_page(document)
    _check_actions(document)


def _open_first_page(document):
    import pypdfium2

    try:
        if len(document) == 0:
            raise Refused("broken")
        document[0].get_size()
    except pypdfium2.PdfiumError as error:
        raise Refused("broken") from error


def _check_actions(document):
    """Refuse what runs or starts something; going to a page and links to pages are no harm.

    Written anew the file hides neither packed objects nor names spelled by numbers. A name may
    stand in an object of its own, so it is looked for everywhere but in texts and pictures.
    """
    written = io.BytesIO()
    document.save(written)
    plain = PDF_STREAM.sub(b"", written.getvalue())
    if PDF_ACTS.search(PDF_STRING.sub(b"()", plain)):
        raise Refused("acting")
    for literal, digits in PDF_FILES.findall(plain):
        digits = b"".join(digits.split()).decode()
        name = literal or bytes.fromhex(digits + "0" * (len(digits) % 2))
        name = name.replace(b"\0", b"").decode("latin-1")  # as good as UTF-16 for an ending
        if _ending(name) in PROGRAMS and not re.match(r"[a-z]+://", name, re.I):
            raise Refused("program_in_pdf", re.sub(r"[^ -~]", "", name)[-80:])


def _inspect_picture(file, extension):
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, below
    try:
        picture = Image.open(file)
    except UnidentifiedImageError as error:
        file.seek(0)
        raise Refused("wrong", found_in(file.read(1024))) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error
    if picture.format != PICTURES[extension]:
        raise Refused("wrong", picture.format or "")
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("many_pixels", str(picture.width * picture.height // 1_000_000))
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("broken") from error
