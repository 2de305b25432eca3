"""Text and previews: what comes out of each format, and what a broken file may not break."""

import io

import pytest
from PIL import Image

from communities import jobs
from communities.models import Job
from materials import extraction
from materials.models import MaterialVersion
from tests.factories import published_material
from tests.materials import samples


def a_version(content, extension, **fields):
    material = published_material(content=content, file_name=f"файл.{extension}", **fields)
    material.versions.update(extraction="waiting")
    return MaterialVersion.objects.get(material=material)


def work(version):
    job = extraction.order(version, actor=version.uploaded_by)
    jobs.run(job.pk)
    version.refresh_from_db()
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("extension", ["docx", "pptx", "xlsx", "odt", "odp", "ods"])
def test_text_of_office_files(db, extension):
    version = a_version(samples.office(extension, "Линейная функция и её график"), extension)
    job = work(version)
    assert (job.state, version.extraction) == (Job.State.DONE, "done")
    assert version.text == "Линейная функция и её график"
    assert not version.preview


def test_text_and_first_page_of_a_pdf(db):
    version = a_version(samples.pdf("Linear function"), "pdf")
    work(version)
    assert version.text == "Linear function"
    picture = Image.open(version.preview)
    assert (picture.format, max(picture.size)) == ("WEBP", 800)
    version.preview.close()


def test_preview_of_a_picture_is_small(db):
    version = a_version(samples.picture("PNG", (1600, 400)), "png")
    work(version)
    with version.preview.open() as file:
        assert Image.open(io.BytesIO(file.read())).size == (800, 200)


def test_thumbnail_inside_an_office_file_is_the_preview(db):
    thumbnail = samples.picture("JPEG", (200, 150))
    version = a_version(samples.office("pptx", **{"docProps/thumbnail.jpeg": thumbnail}), "pptx")
    work(version)
    with version.preview.open() as file:
        assert Image.open(io.BytesIO(file.read())).size == (200, 150)


def test_names_in_an_archive_are_its_text(db):
    version = a_version(samples.archive({"дроби/карточка_1.docx": "x"}), "zip")
    work(version)
    assert version.text == "карточка 1"


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.4 broken", "pdf"),
        (b"PK\x03\x04broken", "docx"),
        (b"broken", "png"),
        (samples.office("docx", "<w:broken>"), "docx"),
        (
            samples.archive(
                {
                    "word/document.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                    "<x>&a;</x>"
                }
            ),
            "docx",
        ),
    ],
)
def test_broken_file_stays_downloadable_with_a_note(content, extension, db, client):
    version = a_version(content, extension, visibility="public")
    job = work(version)
    assert (job.state, version.extraction) == (Job.State.DONE, "failed")
    assert "root:" not in version.text
    assert (
        "Предпросмотр не получился"
        in client.get(version.material.get_absolute_url()).content.decode()
    )


def test_converter_out_of_memory_or_time_does_not_hurt(db, monkeypatch):
    version = a_version(samples.pdf(), "pdf")
    monkeypatch.setattr(extraction, "MEGABYTES", 30)
    job = work(version)
    assert (job.state, version.extraction) == (Job.State.DONE, "failed")


def test_run_twice_is_harmless(db):
    version = a_version(samples.pdf(), "pdf")
    work(version)
    first = (version.text, version.preview.name, version.extraction)
    work(version)
    assert (version.text, version.preview.name, version.extraction) == first
    assert Job.objects.count() == 2


def test_asked_twice_it_is_queued_once(db):
    version = a_version(samples.pdf(), "pdf")
    one, two = (extraction.order(version, actor=version.uploaded_by) for _time in range(2))
    assert one == two


def test_deleted_version_ends_the_job(db):
    version = a_version(samples.pdf(), "pdf")
    job = extraction.order(version, actor=version.uploaded_by)
    Job.objects.filter(pk=job.pk).update(args={"version": 10**9})
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_lost_file_is_a_failed_preview(db):
    version = a_version(samples.pdf(), "pdf")
    version.file.storage.delete(version.file.name)
    work(version)
    assert version.extraction == "failed"


def test_text_too_rich_for_the_index_is_shortened(db):
    version = a_version(samples.pdf(), "pdf")
    words = " ".join(f"слово{number}" for number in range(90_000))
    extraction.save(version, extraction.Extract(text=words))
    version.refresh_from_db()
    assert 100_000 <= len(version.text) < len(words)


def test_job_without_the_work_is_done_by_the_next_worker(db):
    """A worker killed half-way: the row is as it was, the next run finishes it."""
    version = a_version(samples.pdf(), "pdf")
    job = extraction.order(version, actor=version.uploaded_by)
    Job.objects.filter(pk=job.pk).update(
        state="running", attempt=1, heartbeat_at="2020-01-01T00:00Z"
    )
    jobs.run(job.pk)
    version.refresh_from_db()
    assert version.extraction == "done"
