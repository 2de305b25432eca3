"""Downloads and previews: bytes, names, headers, access, counters; the page of a material."""

import pytest
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisGone

from materials import downloads
from materials.models import Material
from tests.factories import EventFactory, MaterialFactory, published_material


def address(material, name="material-download", *args):
    return reverse(f"materials:{name}", args=[material.pk, *args])


@pytest.fixture(autouse=True)
def no_counts():
    with downloads._redis() as redis:
        redis.delete(downloads.COUNTS, downloads.TAKEN)


def test_file_comes_back_byte_for_byte_under_its_name(people, as_):
    content = bytes(range(256)) * 300
    material = published_material(
        owner=people.teacher, content=content, file_name="Урок «Ёлка» №1; 7 класс.docx"
    )
    response = as_(people.leader).get(address(material))
    assert b"".join(response) == content
    assert int(response["Content-Length"]) == len(content)
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%D0%A3%D1%80%D0%BE%D0%BA")
    assert "\n" not in disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Type"].endswith("wordprocessingml.document")


def test_who_may_not_see_it_gets_404(people, as_, client):
    material = published_material(owner=people.teacher)
    assert client.get(address(material)).status_code == 404
    assert as_(people.neighbour).get(address(material)).status_code == 404
    Material.objects.filter(pk=material.pk).update(state="hidden")
    assert as_(people.leader).get(address(material)).status_code == 404
    response = as_(people.methodist).get(address(material))
    assert b"".join(response) == b"%PDF-1.4 test"


def test_preview_follows_the_access_of_the_material(people, as_, client):
    material = published_material(owner=people.teacher, preview=b"RIFFpicture")
    picture = address(material, "material-preview", 1)
    assert client.get(picture).status_code == 404
    response = as_(people.leader).get(picture)
    assert b"".join(response) == b"RIFFpicture"
    assert response["Content-Type"] == "image/webp"
    assert as_(people.neighbour).get(picture).status_code == 404
    bare = published_material(owner=people.teacher)
    assert client.get(address(bare, "material-preview", 1)).status_code == 404


def test_lost_file_is_404_not_500(people, as_):
    material = published_material(owner=people.teacher)
    material.current.file.storage.delete(material.current.file.name)
    assert as_(people.teacher).get(address(material)).status_code == 404


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_version_that_is_none_is_404(people, as_, number):
    material = published_material(owner=people.teacher)
    assert as_(people.teacher).get(address(material, "version-download", number)).status_code == 404


def test_draft_without_a_file_has_no_download(people, as_):
    draft = MaterialFactory(owner=people.teacher)
    assert as_(people.teacher).get(address(draft)).status_code == 404
    assert as_(people.teacher).get(draft.get_absolute_url()).status_code == 200


def test_downloads_are_counted_outside_of_the_get(people, as_):
    material = published_material(owner=people.teacher, downloads=5)
    client = as_(people.leader)
    for _time in range(3):
        b"".join(client.get(address(material)))
    material.refresh_from_db()
    assert material.downloads == 5
    assert downloads.flush() == 1
    assert downloads.flush() == 0
    material.refresh_from_db()
    assert material.downloads == 8


def test_flush_that_dies_leaves_all_or_has_counted_once(people, monkeypatch):
    material = published_material(owner=people.teacher)
    downloads.count(material.pk)

    def die(*names):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(downloads.Redis, "delete", die)
        with pytest.raises(ConnectionError):
            downloads.flush()
    material.refresh_from_db()
    assert material.downloads == 0
    assert [downloads.flush(), downloads.flush()] == [1, 0]
    material.refresh_from_db()
    assert material.downloads == 1


def test_interrupted_flush_is_finished_by_the_next(people):
    material = published_material(owner=people.teacher)
    downloads.count(material.pk)
    with downloads._redis() as redis:
        redis.rename(downloads.COUNTS, downloads.TAKEN)
    downloads.count(material.pk)
    downloads.flush()
    downloads.flush()
    material.refresh_from_db()
    assert material.downloads == 2


def test_download_works_while_the_counter_is_gone(people, as_, monkeypatch):
    def gone():
        raise RedisGone("gone")

    monkeypatch.setattr(downloads, "_redis", gone)
    material = published_material(owner=people.teacher)
    assert b"".join(as_(people.leader).get(address(material))) == b"%PDF-1.4 test"


# The page


def page_of(client, material):
    return client.get(material.get_absolute_url()).content.decode()


def test_old_address_leads_to_the_present_one(people, as_):
    material = published_material(owner=people.teacher)
    old = reverse("materials:material-detail", args=[material.pk, "old-name"])
    response = as_(people.teacher).get(old)
    assert (response.status_code, response.url) == (302, material.get_absolute_url())


def test_names_are_for_colleagues(people, as_, client):
    material = published_material(
        owner=people.teacher, visibility="public", organization=people.organization
    )
    page = page_of(client, material)
    assert people.teacher.last_name not in page
    assert people.organization.short_name in page
    assert people.teacher.full_name in page_of(as_(people.leader), material)


def test_closed_event_is_not_named_to_guests(people, as_, client):
    event = EventFactory(municipality=people.municipality, title="Тайный совет", is_open=False)
    material = published_material(owner=people.teacher, visibility="public", event=event)
    assert "Тайный совет" not in page_of(client, material)
    assert "Тайный совет" in page_of(as_(people.leader), material)


def test_page_shows_the_beginning_of_the_text_where_there_is_no_picture(people, as_):
    material = published_material(owner=people.teacher, text="Цель урока\n<b>Ход</b>")
    page = page_of(as_(people.leader), material)
    assert "<p>Цель урока</p><p>&lt;b&gt;Ход&lt;/b&gt;</p>" in page


def test_failed_preview_leaves_a_note_and_the_download(people, as_):
    material = published_material(owner=people.teacher)
    material.versions.update(extraction="failed")
    page = page_of(as_(people.leader), material)
    assert "Предпросмотр не получился, файл можно скачать." in page
    assert address(material) in page


def test_buttons_exist_where_they_would_work(people, as_):
    material = published_material(owner=people.teacher)
    change = address(material, "material-edit")
    hide = address(material, "material-hide")
    assert change in page_of(as_(people.teacher), material)
    assert hide in page_of(as_(people.methodist), material)
    page = page_of(as_(people.coordinator), material)
    assert change not in page
    assert hide not in page


@pytest.mark.parametrize("count", [1, 3])
def test_statements_of_the_page(people, as_, django_assert_num_queries, count):
    material = published_material(owner=people.teacher)
    for _number in range(count):
        material.authors.create(person=published_material().owner)
    client = as_(people.leader)
    with django_assert_num_queries(7):
        client.get(material.get_absolute_url())
