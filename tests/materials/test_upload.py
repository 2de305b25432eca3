"""From a chosen file to a published material, its versions, hiding and deleting."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.models import AuditEntry, Job
from events.models import SchoolYear
from materials.models import Licence, Material, MaterialKind, MaterialVersion
from tests.factories import EventFactory, MaterialFactory, dictionary, published_material
from tests.materials import samples

NEW = reverse("materials:material-new")


def upload(client, name="Разработка_урока_алгебра_7_класс.docx", content=None, query=""):
    file = SimpleUploadedFile(name, content or samples.office("docx"))
    return client.post(NEW + query, {"file": file})


def form_of(material, **changed):
    municipality = material.municipality
    return {
        "title": material.title,
        "kind": dictionary(MaterialKind, municipality, "lesson").pk,
        "licence": dictionary(Licence, municipality, "network").pk,
        "rights_confirmed": "on",
        "visibility": "network",
        "grades": material.grades,
        "authors": [author.person_id for author in material.authors.all()],
        **changed,
    }


@pytest.fixture
def draft(people, as_):
    upload(as_(people.teacher))
    return Material.objects.get()


def edit(client, material, **changed):
    address = reverse("materials:material-edit", args=[material.pk])
    response = client.post(address, form_of(material, **changed))
    material.refresh_from_db()
    return response


def test_draft_is_kept_and_filled_from_the_name_and_the_profile(people, as_):
    response = upload(as_(people.teacher))
    material = Material.objects.get()
    assert response.url == reverse("materials:material-edit", args=[material.pk])
    assert (material.title, material.state) == ("Разработка урока алгебра 7 класс", "draft")
    assert (material.subject.label, material.grades) == ("Алгебра", [7])
    assert (material.kind.code, material.organization) == ("lesson", people.organization)
    assert [author.person for author in material.authors.all()] == [people.teacher]
    assert material.credit == f"{people.teacher.full_name}, {people.organization.short_name}"
    assert Job.objects.get().kind == "materials.extract"
    page = as_(people.teacher).get(response.url)
    assert 'value="Разработка урока алгебра 7 класс"' in page.content.decode()


def test_grades_come_from_the_profile_when_the_name_has_none(people, as_):
    people.teacher.grades = "ДОО, 5, 6"
    people.teacher.save()
    upload(as_(people.teacher), "Схема.png", samples.picture())
    assert Material.objects.get().grades == [0, 5, 6]


def test_file_lies_under_its_hash_before_the_row(draft):
    version = draft.current
    assert version.file.name == f"materials/{version.sha256[:2]}/{version.sha256}"
    assert default_storage.size(version.file.name) == version.size


def test_same_file_sent_twice_is_one_draft(people, as_):
    content = samples.office("docx")
    for _attempt in range(3):
        upload(as_(people.teacher), content=content)
    assert Material.objects.count() == MaterialVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="material.create").count() == 1


def test_refused_file_leaves_nothing_behind(people, as_, media):
    response = upload(as_(people.teacher), "план.pdf", b"<html>")
    assert "внутри HTML" in response.content.decode()
    assert (Material.objects.count(), Job.objects.count()) == (0, 0)
    assert not media.exists()


def test_half_written_file_of_a_dead_process_is_replaced(people, as_, draft, media):
    name = draft.current.file.name
    (media / name).write_bytes(b"half")
    upload(as_(people.leader))
    assert default_storage.size(name) == draft.current.size


def test_full_disk_is_said_and_nothing_is_kept(people, as_, monkeypatch):
    def no_room(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage._wrapped, "save", no_room, raising=False)
    response = upload(as_(people.teacher))
    assert "закончилось место" in response.content.decode()
    assert Material.objects.count() == 0


def test_publishing_asks_for_three_answers_and_keeps_the_rest(people, as_, draft):
    response = edit(
        as_(people.teacher), draft, kind="", licence="", rights_confirmed="", publish="1",
        title="Своё название",
    )  # fmt: skip
    form = response.context["form"]
    assert {"kind", "licence", "rights_confirmed"} == set(form.errors)
    assert "Своё название" in response.content.decode()
    assert draft.state == "draft"


def test_published_material_opens_to_colleagues(people, as_, draft):
    assert as_(people.leader).get(draft.get_absolute_url()).status_code == 404
    edit(as_(people.teacher), draft, publish="1", title="Линейная функция")
    assert (draft.state, draft.slug) == ("published", "lineynaya-funktsiya")
    assert draft.published_at is not None
    assert as_(people.leader).get(draft.get_absolute_url()).status_code == 200
    assert AuditEntry.objects.filter(action="material.publish").count() == 1
    assert SchoolYear.objects.filter(municipality=people.municipality).exists()  # for the record


def test_draft_is_saved_without_the_answers(people, as_, draft):
    edit(as_(people.teacher), draft, kind="", rights_confirmed="", save="1")
    assert (draft.state, draft.kind) == ("draft", None)


def test_association_visibility_needs_an_association_of_ones_own(people, as_, draft):
    client = as_(people.teacher)
    response = edit(client, draft, visibility="association", publish="1")
    assert "Выберите объединение" in response.content.decode()
    edit(client, draft, visibility="association", association=people.association.pk, publish="1")
    assert draft.visibility == "association"
    assert as_(people.coordinator).get(draft.get_absolute_url()).status_code == 404
    assert as_(people.leader).get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("field", ["kind", "licence", "subject", "association", "event"])
def test_foreign_choice_is_refused_at_the_field(people, as_, draft, field):
    foreign = dictionary(MaterialKind, people.other, "lesson").pk if field == "kind" else 10**18
    response = edit(as_(people.teacher), draft, **{field: foreign})
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_colleague_of_another_place_cannot_be_an_author(people, as_, draft):
    response = edit(as_(people.teacher), draft, authors=[people.neighbour.pk])
    assert "authors" in response.context["form"].errors


def test_co_authors_are_found_by_name_without_a_script(people, as_, draft):
    response = edit(as_(people.teacher), draft, find="1", author_q="Лид", title="Набрано")
    page = response.content.decode()
    assert people.leader.full_name in page
    assert people.coordinator.full_name not in page
    assert "Набрано" in page
    edit(as_(people.teacher), draft, authors=[people.teacher.pk, people.leader.pk], save="1")
    assert {author.person for author in draft.authors.all()} == {people.teacher, people.leader}
    assert people.leader.full_name in draft.credit


def test_co_authors_are_found_by_a_swap(people, as_):
    address = reverse("materials:author-search")
    response = as_(people.teacher).get(
        address, {"author_q": "лид", "authors": [people.teacher.pk, "abc"]}
    )
    page = response.content.decode()
    assert page.count('type="checkbox"') == 2
    assert people.leader.full_name in page
    assert "<html" not in page


def test_event_of_the_address_is_kept(people, as_):
    event = EventFactory(municipality=people.municipality, association=people.association)
    upload(as_(people.teacher), query=f"?event={event.pk}")
    material = Material.objects.get()
    assert (material.event, material.association) == (event, people.association)
    edit(as_(people.teacher), material, event=event.pk, save="1")
    assert material.event == event


@pytest.mark.parametrize("pk", ["abc", "9" * 30, "-1", "²"])
def test_wrong_event_in_the_address_is_ignored(people, as_, pk):
    assert upload(as_(people.teacher), query=f"?event={pk}").status_code == 302
    assert Material.objects.get().event is None


def test_new_version_leaves_the_old_one_citable(people, as_, client):
    material = published_material(owner=people.teacher, visibility="public")
    address = reverse("materials:material-versions", args=[material.pk])
    content = samples.office("docx", "Исправлено")
    file = SimpleUploadedFile("Новая.docx", content)
    as_(people.teacher).post(address, {"file": file, "note": "опечатки"})
    material.refresh_from_db()
    assert (material.current.number, material.current.note) == (2, "опечатки")
    client.logout()
    numbered = reverse("materials:version-download", args=[material.pk, 1])
    assert b"".join(client.get(numbered)) == b"%PDF-1.4 test"
    newest = client.get(reverse("materials:material-download", args=[material.pk]))
    assert b"".join(newest) == content


def test_same_file_is_no_new_version(people, as_):
    material = published_material(owner=people.teacher, content=samples.pdf())
    file = SimpleUploadedFile("тот же.pdf", samples.pdf())
    address = reverse("materials:material-versions", args=[material.pk])
    response = as_(people.teacher).post(address, {"file": file})
    assert "тот же файл" in response.content.decode()
    assert material.versions.count() == 1


def test_leader_hides_a_material_of_the_association_with_a_reason(people, as_):
    material = published_material(owner=people.teacher, association=people.association)
    address = reverse("materials:material-hide", args=[material.pk])
    client = as_(people.leader)
    assert client.post(address, {"reason": ""}).context["form"].errors
    response = client.post(address, {"reason": "Чужая работа"})
    material.refresh_from_db()
    assert (material.state, material.hidden_reason) == ("hidden", "Чужая работа")
    assert response.url == reverse("materials:material-list")
    assert client.get(material.get_absolute_url()).status_code == 404
    assert "Чужая работа" in as_(people.teacher).get(material.get_absolute_url()).content.decode()


def test_methodist_opens_a_hidden_material_again(people, as_):
    material = published_material(owner=people.teacher, state="draft")
    material.state, material.hidden_reason = "hidden", "ошибка"
    material.save()
    address = reverse("materials:material-unhide", args=[material.pk])
    assert as_(people.teacher).post(address).status_code == 403
    as_(people.methodist).post(address)
    material.refresh_from_db()
    assert (material.state, material.hidden_reason) == ("published", "")
    as_(people.methodist).post(address)
    assert AuditEntry.objects.filter(action="material.unhide").count() == 1


def test_draft_goes_with_its_file(people, as_, draft, django_capture_on_commit_callbacks):
    name = draft.current.file.name
    address = reverse("materials:material-delete", args=[draft.pk])
    client = as_(people.teacher)
    assert "Удалить черновик" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert Material.objects.count() == 0
    assert not default_storage.exists(name)


def test_file_two_drafts_share_stays_for_the_other(
    people, as_, draft, django_capture_on_commit_callbacks
):
    upload(as_(people.leader))
    with django_capture_on_commit_callbacks(execute=True):
        as_(people.teacher).post(reverse("materials:material-delete", args=[draft.pk]))
    assert default_storage.exists(MaterialVersion.objects.get().file.name)


def test_published_material_cannot_be_deleted(people, as_):
    material = published_material(owner=people.teacher)
    as_(people.teacher).post(reverse("materials:material-delete", args=[material.pk]))
    assert Material.objects.filter(pk=material.pk).exists()


def test_stranger_cannot_change_a_material(people, as_):
    material = MaterialFactory(owner=people.teacher)
    assert edit(as_(people.leader), material).status_code == 404
    published = published_material(owner=people.teacher)
    assert edit(as_(people.leader), published, title="Чужое").status_code == 403
    assert published.title != "Чужое"


def test_kindergarten_is_short_among_the_grades_and_read_in_full(people, as_, draft):
    address = reverse("materials:material-edit", args=[draft.pk])
    html = as_(people.teacher).get(address).content.decode()
    assert '<span>ДОО<span class="vh">, детский сад</span></span>' in html


@pytest.mark.parametrize("sent", ["9" * 5000, "9" * 400, "٣", "²", "-1", "x"])
def test_authors_that_are_no_numbers_are_a_mistake_of_the_form(draft, sent, people, as_):
    client = as_(people.teacher)
    own = people.teacher.pk
    answer = edit(client, draft, authors=[own, sent])
    assert "authors" in answer.context["form"].errors
    search = reverse("materials:author-search")
    assert client.get(search, {"authors": [own, sent]}).status_code == 200
