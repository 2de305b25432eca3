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
