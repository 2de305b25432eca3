"""An upload over the limit: read to its end, kept nowhere, and its size is known."""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files import uploadhandler
from django.test import RequestFactory

from communities.models import User
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


def kept_of(person, sizes):
    """What a view gets of these files sent by this person, as (size, length of the content)."""
    uploads = [io.BytesIO(b"x" * size) for size in sizes]
    for number, upload in enumerate(uploads):
        upload.name = f"{number}.pdf"
    request = RequestFactory().post("/", {f"file{n}": file for n, file in enumerate(uploads)})
    request.user = person
    kept = [(file.size, len(file.read())) for file in request.FILES.values()]
    request.close()
    return kept


@pytest.fixture
def folder(settings, tmp_path):
    settings.UPLOAD_LIMIT = 200 * KB
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = KB
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 10
    return tmp_path


def test_files_of_one_request_share_the_limit(folder):
    assert kept_of(User(), [150 * KB, 100 * KB, 10 * KB]) == [
        (150 * KB, 150 * KB),
        (100 * KB, 0),
        (10 * KB, 0),
    ]


def test_file_of_a_guest_is_kept_nowhere(folder, monkeypatch):
    def opened(*args, **kwargs):
        raise AssertionError("A file is kept.")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", opened)
    monkeypatch.setattr(uploadhandler.MemoryFileUploadHandler, "file_complete", opened)
    assert kept_of(AnonymousUser(), [150 * KB, 100]) == []


@pytest.mark.urls("tests.network_portal.pages")
def test_guest_sends_files_to_an_address_that_takes_none(people, client):
    answer = client.post("/echo/", {"title": "тема", "file": io.BytesIO(b"x")}).json()
    assert (answer["post"], answer["files"]) == ({"title": ["тема"]}, {})


@pytest.mark.urls("tests.network_portal.pages")
def test_more_files_than_any_form_asks_for_are_refused(people, as_):
    files = {"one": io.BytesIO(b"x"), "two": io.BytesIO(b"x")}
    assert as_(people.teacher).post("/echo/", files).status_code == 400
