"""An upload over the limit: read to its end, kept nowhere, and its size is known."""

import io

import pytest
from django.test import RequestFactory

from materials import files

KB = 1024


@pytest.fixture
def received(settings, tmp_path):
    """`received(size)`: the file a form gets; what is kept lies in `tmp_path`."""
    settings.UPLOAD_LIMIT = 200 * KB
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = KB
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path

    def send(size):
        upload = io.BytesIO(b"x" * size)
        upload.name = "Урок.pdf"
        return RequestFactory().post("/", {"file": upload}).FILES["file"]

    return send


def test_file_of_the_largest_size_is_kept_whole(received):
    file = received(200 * KB)
    assert (file.size, file.read()) == (200 * KB, b"x" * 200 * KB)
    file.close()


def test_larger_file_is_kept_nowhere_and_its_size_is_told(received, tmp_path):
    file = received(3072 * KB)
    assert (file.size, file.name, file.read()) == (3072 * KB, "Урок.pdf", b"")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(files.FileRefused, match="Файл 3 МБ"):
        files.check(file)
