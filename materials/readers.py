"""Text and first picture of a stored file; runs in a limited process and knows no Django."""

import posixpath
import re
import zipfile
from pathlib import Path

TEXT_LIMIT = 1_000_000  # characters
PICTURE_SIDE = 800
THUMBNAIL_LIMIT = 10 * 1024 * 1024
PDF_PAGES = 400
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

OFFICE_TEXT = {
    "docx": r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml",
    "pptx": r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml",
    "xlsx": r"xl/(sharedStrings|worksheets/sheet\d+)\.xml",
    "odt": r"content\.xml",
    "odp": r"content\.xml",
    "ods": r"content\.xml",
}
THUMBNAILS = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png")
ODF_THUMBNAIL = "Thumbnails/thumbnail.png"


def text(path, extension):
    """What a search may find in the file."""
    if extension == "pdf":
        found = _pdf_text(path)
    elif extension in OFFICE_TEXT:
        found = _office_text(path, extension)
    elif extension == "zip":
        found = _names_in(path)
    else:
        found = ""
    lines = (" ".join(line.split()) for line in UNREADABLE.sub(" ", found).splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_LIMIT]


def preview(path, extension, target):
    """Write the first page as WebP to `target`; false when the file has no picture of it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 60_000_000
    picture = _picture(path, extension)
    if picture is None:
        return False
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    picture = ImageOps.exif_transpose(picture)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    picture.convert("RGBA" if has_alpha else "RGB").save(target, "WEBP", quality=80)
    return True


def _picture(path, extension):
    from PIL import Image

    if extension == "pdf":
        return _first_page(path)
    if extension in OFFICE_TEXT:
        return _thumbnail(path)
    if extension in ("png", "jpg", "webp"):
        picture = Image.open(path)
        picture.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
        return picture
    return None


def _first_page(path):
    import pypdfium2

    page = pypdfium2.PdfDocument(path)[0]
    scale = PICTURE_SIDE / max(*page.get_size(), 1)
    return page.render(scale=scale).to_pil()


def _thumbnail(path):
    from PIL import Image

    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        name = next((name for name in (*THUMBNAILS, ODF_THUMBNAIL) if name in names), None)
        if name is None or archive.getinfo(name).file_size > THUMBNAIL_LIMIT:
            return None
        with archive.open(name) as part:
            picture = Image.open(part, formats=["JPEG", "PNG"])
            picture.load()
            return picture


def _pdf_text(path):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    parts, length = [], 0
    for number in range(min(len(document), PDF_PAGES)):
        part = document[number].get_textpage().get_text_bounded()
        parts.append(part)
        length += len(part)
        if length > TEXT_LIMIT:
            break
    return "\n".join(parts)


def _names_in(path):
    with zipfile.ZipFile(path) as archive:
        names = [posixpath.basename(entry.filename) for entry in archive.infolist()]
    return "\n".join(name.rpartition(".")[0].replace("_", " ") or name for name in names)


def _office_text(path, extension):
    parts, length = [], 0
    with zipfile.ZipFile(path) as archive:
        pattern = re.compile(OFFICE_TEXT[extension])
        names = sorted(filter(pattern.fullmatch, archive.namelist()), key=_by_number)
        for name in names:
            with archive.open(name) as part:
                for line in _paragraphs(part):
                    parts.append(line)
                    length += len(line)
                    if length > TEXT_LIMIT:
                        return "\n".join(parts)
    return "\n".join(parts)


def _by_number(name):
    number = re.search(r"(\d+)\.xml$", name)
    return posixpath.dirname(name), int(number[1]) if number else 0, name


def _paragraphs(part):
    """Text of each paragraph, heading and shared string, whichever office wrote it."""
    from defusedxml.ElementTree import iterparse

    for _event, element in iterparse(part, events=["end"]):
        tag = element.tag.rpartition("}")[2]
        if tag in ("tab", "br", "s", "line-break"):
            element.text = " "
        elif tag in ("p", "h", "si", "is"):
            if line := "".join(_texts(element)).strip():
                yield line
            element.clear()
        elif tag in ("row", "table-row", "sectPr", "v", "f"):
            element.clear()


def _texts(element):
    """Words only: in OOXML they stand in `t`, in ODF right in the paragraph."""
    is_ooxml = "openxmlformats" in element.tag
    for child in element.iter():
        tag = child.tag.rpartition("}")[2]
        if child.text and (not is_ooxml or tag in ("t", "tab", "br")):
            yield child.text
        if child.tail and not is_ooxml and child is not element:
            yield child.tail


def make_preview(path, extension, folder):
    """`preview` into a folder: name of the file made, or nothing."""
    target = Path(folder, "preview.webp")
    return target.name if preview(path, extension, str(target)) else ""
