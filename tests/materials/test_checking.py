"""`check_files`: files and rows agree, or it says so and mends what can be mended."""

import datetime
import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from communities.models import Job
from materials import checking
from tests.factories import published_material

LATER = datetime.timedelta(hours=2)


def check(mend=False, now=None):
    return checking.check(mend=mend, now=now or timezone.now() + LATER)


def test_whole_storage_is_clean(db):
    published_material(preview=b"RIFF")
    assert check().is_clean


def test_file_without_a_row_is_found_and_removed(db):
    kept = published_material().current.file.name
    name = default_storage.save("materials/ab/abcd", ContentFile(b"orphan"))
    assert check().orphans == [name]
    assert check(mend=True).removed == 1
    assert not default_storage.exists(name)
    assert default_storage.exists(kept)
    assert check().is_clean


def test_young_file_may_wait_for_its_row(db):
    default_storage.save("materials/ab/abcd", ContentFile(b"upload"))
    found = checking.check(mend=True)
    assert (found.orphans, found.removed) == ([], 0)


def test_file_that_got_its_row_meanwhile_is_kept(db, monkeypatch):
    name = published_material().current.file.name
    monkeypatch.setattr(checking, "_rows", lambda field: [])
    assert check(mend=True).removed == 0
    assert default_storage.exists(name)


def test_row_without_its_file_is_listed(db):
    version = published_material().current
    default_storage.delete(version.file.name)
    missing = check(mend=True).missing
    assert missing == [("materials.MaterialVersion", version.pk, "file", version.file.name)]


def test_lost_preview_is_made_again(db):
    version = published_material(preview=b"RIFF").current
    default_storage.delete(version.preview.name)
    assert check(mend=True).ordered == 1
    version.refresh_from_db()
    assert (version.preview.name, version.extraction) == ("", "waiting")
    assert Job.objects.get().args == {"version": version.pk}


def test_changed_bytes_are_found(db, media):
    version = published_material(content=b"0123456789").current
    (media / version.file.name).write_bytes(b"0123456780")
    assert check().damaged == [version.file.name]


def test_command_says_it_and_fails(db):
    default_storage.delete(published_material().current.file.name)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_files", stdout=out)
    assert "row without its file: materials.MaterialVersion" in out.getvalue()


def test_command_is_quiet_when_all_is_well(db):
    out = io.StringIO()
    call_command("check_files", stdout=out)
    assert out.getvalue() == "clean\n"
