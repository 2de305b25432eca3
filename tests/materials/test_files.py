"""What is refused before anything is stored, and that whole files pass."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from materials import files
from tests.materials import samples

WHOLE = {
    "pdf": samples.pdf,
    "png": samples.picture,
    "jpg": lambda: samples.picture("JPEG"),
    "webp": lambda: samples.picture("WEBP"),
    "zip": lambda: samples.archive(
        {"карточки/первая.txt": "раз", "план.docx": samples.office("docx")}
    ),
    **{
        extension: (lambda extension=extension: samples.office(extension))
        for extension in ("docx", "pptx", "xlsx", "odt", "odp", "ods")
    },
}


def check(content, name):
    return files.check(SimpleUploadedFile(name, content))


def refusal(content, name):
    with pytest.raises(files.FileRefused) as refused:
        check(content, name)
    return str(refused.value)


@pytest.mark.parametrize("extension", WHOLE)
def test_whole_file_passes_with_its_bytes(extension):
    content = WHOLE[extension]()
    checked = check(content, f"Урок 7 класс.{extension.upper()}")
    assert (checked.extension, checked.size) == (extension, len(content))
    assert checked.content.read() == content


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (lambda: b"", "урок.pdf", "пуст"),
        (lambda: b"<html><script>", "урок.pdf", "внутри HTML"),
        (lambda: b"MZ" + b"\0" * 200, "урок.docx", "DOCX"),
        (lambda: samples.office("xlsx"), "урок.docx", "внутри XLSX"),
        (lambda: samples.office("odt"), "урок.odp", "внутри ODT"),
        (lambda: samples.picture("JPEG"), "схема.png", "внутри JPEG"),
        (lambda: samples.pdf(), "схема.png", "PNG"),
        (lambda: samples.ole("EncryptedPackage"), "план.docx", "защищён паролем"),
        (samples.encrypted_pdf, "план.pdf", "защищён паролем"),
        (samples.encrypted_zip, "план.zip", "защищён паролем"),
        (
            lambda: samples.office("odt", **{"META-INF/manifest.xml": "<encryption-data/>"}),
            "план.odt",
            "защищён паролем",
        ),
        (lambda: samples.office("docx", **{"word/vbaProject.bin": "x"}), "план.docx", "макрос"),
        (
            lambda: samples.archive(
                {"[Content_Types].xml": samples.types("docx", macro=True), "word/document.xml": ""}
            ),
            "план.docx",
            "макрос",
        ),
        (lambda: samples.office("odt", **{"Basic/Standard/M.xml": "x"}), "план.odt", "макрос"),
        (lambda: samples.archive({"план.doc": samples.ole("Macros")}), "планы.zip", "макрос"),
        (lambda: samples.archive({"план.xlsm": "x"}), "планы.zip", "макрос"),
        (lambda: samples.office("docx"), "план.docm", "макрос"),
        (samples.bomb, "карточки.zip", "распаковывается в 120 МБ"),
        (
            lambda: samples.office("docx", **{"word/media/a.bmp": b"0" * (60 << 20)}),
            "план.docx",
            "распаковывается",
        ),
        (samples.lying_bomb, "карточки.zip", "повреждён"),
        (
            lambda: samples.archive({f"{n}.txt": "" for n in range(3100)}),
            "карточки.zip",
            "3100 файлов",
        ),
        (lambda: samples.archive({"a.zip": samples.archive({"b": "c"})}), "к.zip", "a.zip"),
        (lambda: samples.archive({"a.txt": samples.archive({"b": "c"})}), "к.zip", "a.txt"),
        (lambda: samples.archive({"../../etc/cron": "x"}), "к.zip", "за его пределы"),
        (lambda: samples.archive({"/etc/cron": "x"}), "к.zip", "за его пределы"),
        (lambda: samples.archive({"игра.exe": "MZ"}), "к.zip", "программа"),
        (lambda: samples.archive({"игра.txt": b"MZ\x90\0"}), "к.zip", "программа"),
        (lambda: samples.archive({}), "к.zip", "нет файлов"),
        (lambda: samples.office("pptx")[:-60], "план.pptx", "повреждён"),
        (lambda: samples.pdf()[:300], "план.pdf", "повреждён"),
        (lambda: samples.picture("JPEG")[:20000], "схема.jpg", "повреждён"),
        (lambda: samples.picture("PNG")[:20000], "схема.png", "повреждён"),
        (lambda: b"x", "вирус.exe", "Формат EXE не принимаем"),
        (lambda: b"x", "план.doc", "сохраните"),
        (lambda: b"x", "план", "нет формата"),
    ],
)
def test_file_is_refused_with_the_reason_in_russian(make, name, words):
    assert words in refusal(make(), name)


def test_size_is_named_before_the_content_is_read(settings):
    settings.UPLOAD_LIMIT = 1024 * 1024
    text = refusal(b"0" * (2 * 1024 * 1024), "план.zip")
    assert text == "Файл 2 МБ, а можно до 1. Сожмите его или разделите."


def test_cut_file_is_refused_at_any_place():
    content = samples.office("docx")
    for length in (1, 10, len(content) // 2, len(content) - 1):
        assert refusal(content[:length], "план.docx")


def test_picture_of_many_points_is_refused_without_decoding():
    import struct
    import zlib

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")
    assert "3600 миллионов точек" in refusal(content, "карта.png")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Мои\\план урока.docx", "план урока.docx"),
        ("../../план.docx", "план.docx"),
        ("план\u202excod.docx", "планxcod.docx"),
        ("п" * 300 + ".docx", "п" * 195 + ".docx"),
    ],
)
def test_name_is_kept_as_seen(name, clean):
    assert files.clean_name(name) == clean


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /Win << /F (cmd.exe) >> >>"
STREAM = b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"
NAMES = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"


def attached(name):
    spec = b"<< /Type /Filespec /F %s /UF %s /EF << /F 7 0 R >> >>" % (name, name)
    return samples.pdf(catalog=NAMES, objects=[spec, STREAM])


def utf16(text):
    return b"<%s>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(catalog=b"/OpenAction " + SCRIPT),
        samples.pdf(catalog=b"/OpenAction 6 0 R", objects=[SCRIPT]),
        samples.pdf(
            catalog=b"/OpenAction << /S 6 0 R /JS (app.alert(1)) >>", objects=[b"/JavaScript"]
        ),
        samples.pdf(catalog=b"/OpenAction << /S /Rendition /JS (app.alert(1)) >>"),
        samples.pdf(catalog=b"/AA << /WC %s >>" % SCRIPT),
        samples.pdf(page=b"/AA << /O %s >>" % SCRIPT.replace(b"Script", b"#53cript")),
        samples.pdf(catalog=b"/OpenAction " + LAUNCH),
        samples.pdf(
            page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>]" % LAUNCH
        ),
        samples.packed_pdf(SCRIPT.replace(b"Java", b"J#61va")),
    ],
)
def test_pdf_that_acts_by_itself_is_refused(content):
    assert "PDF действует сам" in refusal(content, "план.pdf")


@pytest.mark.parametrize("name", [b"(a.exe)", b"(a.exe. )", utf16("игра.SCR"), utf16("a.js .")])
def test_program_inside_a_pdf_is_refused(name):
    assert "Внутри PDF программа" in refusal(attached(name), "план.pdf")


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(catalog=b"/OpenAction [3 0 R /Fit] /PageMode /UseOutlines"),
        samples.pdf(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /XYZ null null 0] >>"),
        samples.pdf(
            page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /F 4 "
            b"/A << /S /URI /URI (https://portal.example/launch.js) >> >>]"
        ),
        samples.pdf("Learn JavaScript: /S /Fit", catalog=b"/Lang (ru)"),
        samples.pdf("Learn /JavaScript", catalog=b"/Lang (/JavaScript and /Launch)"),
        samples.pdf(
            page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] "
            b"/A << /S /GoToR /F (http://www.site.com) /D [0 /Fit] >> >>]"
        ),
        samples.packed_pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
        attached(utf16("таблица.xlsx")),
    ],
)
def test_pdf_of_an_office_program_passes(content):
    assert check(content, "план.pdf").size == len(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            samples.related(
                "attachedTemplate", "https://evil.example/t.dotm", "word/_rels/settings.xml.rels"
            ),
            "план.docx",
        ),
        (samples.related("attachedTemplate", "file:///\\\\evil\\t.dotm"), "план.docx"),
        (samples.related("attachedTemplate", "\\\\evil@80\\t.dotm"), "план.docx"),
        (samples.related("oleObject", "mhtml:https://evil.example/a.html"), "план.docx"),
        (samples.related("frame", "https://evil.example/"), "план.docx"),
        (samples.related("image", "file://evil/share/a.png"), "план.docx"),
        (samples.related("image", "\\\\evil\\share\\a.png"), "план.docx"),
        (
            samples.related("oleObject", "https://e.example/", "ppt/_rels/a.xml.rels", "pptx"),
            "план.pptx",
        ),
        (
            samples.archive({"план.docx": samples.related("frame", "https://evil.example/")}),
            "планы.zip",
        ),
    ],
)
def test_document_with_parts_elsewhere_is_refused(content, name):
    assert "Часть документа лежит в другом месте" in refusal(content, name)


@pytest.mark.parametrize(
    "content",
    [
        samples.related("hyperlink", "https://portal.example/"),
        samples.related("image", "https://portal.example/a.png"),
        samples.related("attachedTemplate", "file:///C:\\Users\\A\\Normal.dotm"),
        samples.related("attachedTemplate", "Normal.dotm"),
        samples.with_field(" PAGE ", simple=" DATE "),
        samples.with_field(' HYPERLINK "https://portal.example/DDE" '),
    ],
)
def test_document_with_links_passes(content):
    assert check(content, "план.docx").size == len(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.with_field(" DDEAUTO c:\\\\cmd.exe"), "план.docx"),
        (samples.with_field(" D", "D", "E excel"), "план.docx"),
        (samples.with_field(" PAGE ", simple="DDE excel"), "план.docx"),
        (
            samples.office("xlsx", **{"xl/externalLinks/externalLink1.xml": "<ddeLink/>"}),
            "план.xlsx",
        ),
    ],
)
def test_document_that_starts_a_program_is_refused(content, name):
    assert "запускает программу (DDE)" in refusal(content, name)


@pytest.mark.parametrize("name", ["игра.exe ", "игра.exe.", "игра.exe. .", "игра.BAT .."])
def test_program_whose_name_windows_mends_is_refused(name):
    assert "программа" in refusal(samples.archive({name: "x"}), "к.zip")


def test_macros_whose_name_windows_mends_are_refused():
    assert "макрос" in refusal(samples.archive({"план.docm .": "x"}), "к.zip")


def test_pdf_in_an_archive_is_looked_into():
    acting = samples.pdf(catalog=b"/OpenAction " + SCRIPT)
    assert "PDF действует сам" in refusal(samples.archive({"план.pdf": acting}), "к.zip")
    whole = samples.archive({"план.pdf": samples.pdf()})
    assert check(whole, "к.zip").size == len(whole)
