"""A list applied, applied again, taken back; nothing written before, nothing half."""

import datetime
import io
import threading

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from communities import invitations
from communities.imports import apply as service
from communities.imports.undo import undo
from communities.models import AuditEntry, Employment, ImportBatch, Subject, User
from communities.people import save_employment, save_person
from tests.factories import EmploymentFactory, OrganizationFactory, PersonFactory

TITLES = ["ФИО", "Место работы", "Должность", "Предметы", "Категория", "Стаж", "Почта"]


@pytest.fixture
def second(people):
    return OrganizationFactory(municipality=people.municipality, short_name="Лицей № 9")


@pytest.fixture
def start(people, tmp_path):
    def start(*rows, titles=TITLES, name="list.xlsx", actor=None):
        workbook = openpyxl.Workbook()
        for cells in (titles, *rows):
            workbook.active.append(cells)
        stream = io.BytesIO()
        workbook.save(stream)
        path = tmp_path / name
        path.write_bytes(stream.getvalue())
        return service.start(path, file_name=name, actor=actor or people.methodist)

    return start


@pytest.fixture
def row(people):
    def row(name="Новикова Мария Олеговна", organization=None, post="учитель", *rest):
        return [name, organization or people.organization.short_name, post, *rest]

    return row


def counts(batch):
    preview = batch.mapping["preview"]
    return preview["new"], preview["changed"], preview["same"], preview["wrong"]


def the_new():
    return User.objects.get(last_name="Новикова")


def test_preview_writes_nobody_down(start, row):
    before = User.objects.count()
    assert counts(start(row())) == (1, 0, 0, 0)
    assert User.objects.count() == before


def test_applied_list_makes_people_with_work(people, start, row):
    values = ("история; Обществознание", "высшая", "12 лет", "NOVIKOVA@test.example")
    batch = service.apply(
        start(row("Новикова Мария Олеговна", None, "Учитель", *values)), actor=people.methodist
    )
    person = the_new()
    assert (person.is_active, person.email) == (False, None)
    assert (person.contact_email, person.category.code) == ("novikova@test.example", "highest")
    assert person.teaching_since == people.municipality.today().year - 12
    work = person.employments.get()
    assert (work.post, work.kind, work.organization) == ("учитель", "main", people.organization)
    assert sorted(work.subjects.values_list("code", flat=True)) == ["history", "social_studies"]
    assert batch.state == ImportBatch.State.APPLIED
    assert AuditEntry.objects.get(action="import.apply").data == {"new": 1, "changed": 0}


def test_same_file_again_changes_nothing(people, start, row, second):
    rows = [
        row("Новикова Мария Олеговна", None, "учитель", "история", "первая", "5", "a@b.ru"),
        row("Новикова Мария Олеговна", None, "методист"),
        row("Алиев Рустам Мамед оглы", second.short_name, ""),
    ]
    service.apply(start(*rows), actor=people.methodist)
    again = start(*rows)
    assert counts(again) == (0, 0, 2, 0)
    assert service.apply(again, actor=people.methodist).changes == []


def test_known_person_gets_changed_values_only(people, start, row):
    people.teacher.contact_phone = "+7 921 123-45-67"
    people.teacher.save()
    name = people.teacher.full_name
    batch = start(row(name, None, "учитель", "история", "первая", "", "new@test.example"))
    assert counts(batch) == (0, 1, 0, 0)
    service.apply(batch, actor=people.methodist)
    people.teacher.refresh_from_db()
    assert people.teacher.contact_email == "new@test.example"
    assert people.teacher.contact_phone == "+7 921 123-45-67"
    assert people.teacher.employments.get().subjects.get().code == "history"


def test_empty_cells_take_nothing_away(people, start, row):
    work = people.teacher.employments.get()
    work.subjects.set(Subject.objects.filter(municipality=people.municipality, code="music"))
    batch = start(row(people.teacher.full_name, None, "", "", "", "", ""))
    assert counts(batch) == (0, 0, 1, 0)


def test_missing_post_is_the_usual_one_of_the_kind_and_the_preview_says_so(people, start, row):
    def place(kind):
        return OrganizationFactory(municipality=people.municipality, kind_code=kind).short_name

    batch = start(
        row("Новикова Мария Олеговна", None, ""),
        row("Садова Анна Олеговна", place("preschool"), ""),
        row("Садова Вера Олеговна", place("preschool"), ""),
        row("Кружкова Анна Олеговна", place("additional"), ""),
        row("Заведова Анна Олеговна", place("preschool"), "заведующий"),
    )
    assert dict(batch.mapping["preview"]["posts"]) == {
        "воспитатель": 2,
        "педагог дополнительного образования": 1,
        "учитель": 1,
    }
    service.apply(batch, actor=people.methodist)
    posts = Employment.objects.filter(person__last_name__in=["Новикова", "Садова", "Заведова"])
    assert sorted(posts.values_list("post", flat=True)) == [
        "воспитатель",
        "воспитатель",
        "заведующий",
        "учитель",
    ]


def test_where_no_post_is_usual_the_row_waits_for_one(people, start, row):
    museum = OrganizationFactory(municipality=people.municipality, kind_code="museum")
    EmploymentFactory(person=people.leader, organization=museum, post="хранитель", kind="contract")
    new = start(row("Музейная Анна Олеговна", museum.short_name, ""))
    assert counts(new) == (0, 0, 0, 1)
    assert new.mapping["preview"]["errors"][0]["problem"] == "Не указана должность."
    known = start(row(people.leader.full_name, museum.short_name, ""), name="known.xlsx")
    assert counts(known) == (0, 0, 1, 0)


def test_sign_in_address_is_never_touched(people, start, row):
    before = people.teacher.email
    rows = [row(people.teacher.full_name, None, "учитель", "", "", "", "thief@test.example")]
    service.apply(start(*rows), actor=people.methodist)
    people.teacher.refresh_from_db()
    assert (people.teacher.email, people.teacher.contact_email) == (before, "thief@test.example")


def test_yo_and_case_are_the_same_person(people, start, row):
    person = PersonFactory(municipality=people.municipality, last_name="Семёнова")
    EmploymentFactory(person=person, organization=people.organization)
    assert counts(start(row("СЕМЕНОВА АННА ПЕТРОВНА"))) == (0, 0, 1, 0)


def test_namesake_of_another_school_is_asked_about(people, start, row, second):
    batch = start(row(people.teacher.full_name, second.short_name))
    assert counts(batch) == (0, 0, 0, 1)
    error = batch.mapping["preview"]["errors"][0]
    assert people.organization.short_name in error["problem"]
    assert (error["sheet"], error["row"]) == ("Sheet", 2)


def test_part_timer_gets_a_second_place(people, start, row, second):
    titles = [*TITLES[:3], "Вид занятости"]
    rows = [row(people.teacher.full_name, second.short_name, "учитель", "внеш. совм.")]
    service.apply(start(*rows, titles=titles), actor=people.methodist)
    kinds = people.teacher.employments.values_list("organization_id", "kind")
    assert set(kinds) == {
        (people.organization.pk, Employment.Kind.MAIN),
        (second.pk, Employment.Kind.EXTERNAL),
    }


def test_two_main_places_are_an_error(people, start, row, second):
    titles = [*TITLES[:3], "Вид занятости", "Почта"]
    people.teacher.contact_email = "t@test.example"
    people.teacher.save()
    rows = [
        row(people.teacher.full_name, second.short_name, "учитель", "штатный", "t@test.example")
    ]
    assert counts(start(*rows, titles=titles)) == (0, 0, 0, 1)


def test_same_person_twice_is_joined_or_asked_about(start, row, second):
    alike = start(row(), row("Новикова Мария Олеговна", None, "учитель", "история"), name="a.xlsx")
    assert counts(alike) == (1, 0, 0, 0)
    other = start(
        row("Новикова Мария Олеговна", None, "учитель", "", "первая"),
        row("Новикова Мария Олеговна", None, "учитель", "", "высшая"),
        row("Новикова Мария Олеговна", second.short_name),
    )
    assert counts(other) == (1, 0, 0, 2)


def test_wrong_rows_need_consent_to_be_left_out(people, start, row):
    batch = start(row(), row("Петров Пётр", "Нет такой школы"))
    before = User.objects.count()
    with pytest.raises(service.ImportRefused):
        service.apply(batch, actor=people.methodist)
    assert User.objects.count() == before
    service.apply(batch, actor=people.methodist, partial=True)
    assert User.objects.count() == before + 1


def test_another_mapping_is_another_preview(people, start):
    batch = start(
        ["Новикова Мария", people.organization.short_name], titles=["ФИО", "Где", "Должность"]
    )
    assert counts(batch) == (0, 0, 0, 1)
    columns = [{"full_name": 0, "organization": 1}]
    batch = service.remap(batch, columns=columns, organization=None, actor=people.methodist)
    assert counts(batch) == (1, 0, 0, 0)


def test_each_step_of_an_import_is_in_the_journal(people, start, row):
    batch = start(row(), row("Петров Пётр", "Нет такой школы"))
    columns = [sheet["columns"] for sheet in batch.mapping["sheets"]]
    service.remap(batch, columns=columns, organization=None, actor=people.methodist)
    service.discard(batch, actor=people.methodist)
    lines = AuditEntry.objects.filter(object_type="communities.importbatch").order_by("id")
    counted = {"new": 1, "changed": 0, "wrong": 1}
    assert list(lines.values_list("action", "actor", "data")) == [
        ("import.preview", people.methodist.pk, counted),
        ("import.remap", people.methodist.pk, counted),
        ("import.discard", people.methodist.pk, {}),
    ]


def test_applied_batch_is_not_applied_twice(people, start, row):
    batch = start(row())
    service.apply(batch, actor=people.methodist)
    with pytest.raises(service.ImportRefused):
        service.apply(batch, actor=people.methodist)


def test_only_methodists_of_the_municipality_import(people, start, row):
    batch = start(row())
    for actor in (people.teacher, people.coordinator, people.operator, people.neighbour):
        with pytest.raises(PermissionDenied):
            service.apply(batch, actor=actor)


def state_of_people():
    link = Employment.subjects.through.objects.order_by("employment_id", "subject_id")
    return (
        list(User.objects.order_by("pk").values_list("pk", "last_name", "contact_email")),
        list(Employment.objects.order_by("pk").values_list("pk", "post", "kind", "starts_on")),
        list(link.values_list("employment_id", "subject_id")),
    )


def test_undo_restores_everything(people, start, row, second):
    before = state_of_people()
    titles = [*TITLES, "Дата приёма"]
    rows = [
        row("Новикова Мария Олеговна", second.short_name, "учитель", "история"),
        row(
            people.teacher.full_name,
            None,
            "старший учитель",
            "музыка",
            "первая",
            "",
            "a@b.ru",
            "01.09.2010",
        ),
        row(people.leader.full_name, None, "учитель"),
        row(people.leader.full_name, None, "завуч"),
    ]
    batch = service.apply(start(*rows, titles=titles), actor=people.methodist)
    assert state_of_people() != before
    undo(batch, actor=people.methodist)
    assert state_of_people() == before
    people.teacher.refresh_from_db()
    assert people.teacher.category is None


def test_undo_leaves_what_was_changed_by_hand(people, start, row):
    rows = [row(people.teacher.full_name, None, "учитель", "", "", "", "list@test.example")]
    batch = service.apply(start(*rows), actor=people.methodist)
    User.objects.filter(pk=people.teacher.pk).update(contact_email="hand@test.example")
    undo(batch, actor=people.methodist)
    people.teacher.refresh_from_db()
    assert people.teacher.contact_email == "hand@test.example"


@pytest.mark.parametrize("fact", ["membership", "invitation", "work", "edit"])
def test_undo_is_refused_when_people_got_facts(people, start, row, fact):
    batch = service.apply(start(row()), actor=people.methodist)
    person = the_new()
    if fact == "membership":
        people.association.memberships.create(
            municipality=people.municipality, person=person, starts_on=datetime.date(2026, 1, 1)
        )
    elif fact == "invitation":
        invitations.invite(person, actor=people.methodist, email="x@test.example")
    elif fact == "work":
        EmploymentFactory(person=person, organization=people.organization, kind="contract")
    else:
        save_person(person, actor=people.methodist, changed=["last_name"])
    with pytest.raises(service.ImportRefused, match="Новикова"):
        undo(batch, actor=people.methodist)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.APPLIED


@pytest.mark.parametrize("whose", ["new", "known", "changed"])
def test_undo_is_refused_when_a_place_of_work_was_edited(people, start, row, second, whose):
    """Of a person the list brought, of one who was there before, and one the list changed."""
    name = {"new": "Новикова Мария Олеговна"}.get(whose, people.teacher.full_name)
    place = second.short_name if whose == "known" else None
    titles = [*TITLES[:3], "Вид занятости"]
    kind = "внеш. совм." if whose == "known" else ""
    post = "старший учитель" if whose == "changed" else "учитель"
    batch = service.apply(
        start(row(name, place, post, kind), titles=titles), actor=people.methodist
    )
    work = Employment.objects.latest("pk")
    if whose == "changed":
        work = people.teacher.employments.get()
    work.post = "завуч"
    save_employment(work, actor=people.methodist, subjects=[])
    with pytest.raises(service.ImportRefused, match=name.split()[0]):
        undo(batch, actor=people.methodist)
    work.refresh_from_db()
    assert work.post == "завуч"
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.APPLIED


def test_edits_of_other_people_do_not_hold_an_import(people, start, row):
    batch = service.apply(start(row()), actor=people.methodist)
    work = people.teacher.employments.get()
    work.post = "завуч"
    save_employment(work, actor=people.methodist, subjects=[])
    undo(batch, actor=people.methodist)
    assert not User.objects.filter(last_name="Новикова").exists()


def test_undo_is_refused_after_a_month(people, start, row):
    batch = service.apply(start(row()), actor=people.methodist)
    batch.applied_at -= datetime.timedelta(days=31)
    batch.save()
    with pytest.raises(service.ImportRefused):
        undo(batch, actor=people.methodist)
    assert the_new()


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_applications_one_succeeds(people, start, row):
    batch, outcomes = start(row()), []

    def one():
        try:
            service.apply(ImportBatch.objects.get(pk=batch.pk), actor=people.methodist)
            outcomes.append("applied")
        except service.ImportRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied"] + ["refused"] * 4
    assert User.objects.filter(last_name="Новикова").count() == 1


@pytest.mark.django_db(transaction=True)
def test_file_uploaded_once_more_while_it_is_applied_does_not_unapply_it(
    people, start, row, monkeypatch
):
    batch, plan = start(row()), service.make_plan

    def apply():
        try:
            service.apply(ImportBatch.objects.get(pk=batch.pk), actor=people.methodist)
        finally:
            connection.close()

    applying = threading.Thread(target=apply)

    def slowly(of_batch):
        if not applying.ident:
            applying.start()
            applying.join(3)  # the lock makes it wait for this very preview
        return plan(of_batch)

    monkeypatch.setattr(service, "make_plan", slowly)
    start(row())
    applying.join()
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.APPLIED
    assert User.objects.filter(last_name="Новикова").count() == 1


# What the preview must not keep to itself


def errors_of(batch):
    return [(one["row"], one["column"], one["value"]) for one in batch.preview["errors"]]


def test_row_without_a_name_is_an_error(people, start, row):
    school = people.organization.short_name
    batch = start(row(), row(""), row("", None, "", "", "", "", "who@test.example"))
    assert counts(batch) == (1, 0, 0, 2)
    assert errors_of(batch) == [
        (3, "ФИО", f"{school}, учитель"),
        (4, "ФИО", f"{school}, who@test.example"),
    ]
    assert all(one["problem"] and one["remedy"] for one in batch.preview["errors"])


def test_row_with_a_first_name_alone_is_an_error(start, people):
    titles = ["Фамилия", "Имя", "Отчество", "Место работы"]
    batch = start(["", "Мария", "Олеговна", people.organization.short_name], titles=titles)
    assert [one["row"] for one in batch.preview["errors"]] == [2]


def test_headings_of_sections_and_totals_are_no_errors(people, start, row):
    school = people.organization.short_name
    titles = [*TITLES, "№"]
    batch = start(
        ["", school],
        ["", "", "учителя"],
        ["", school, "", "", "", "", "", 1],
        row(),
        ["", "Итого по школе", "1 учитель"],
        ["", "", "ВСЕГО:", "12"],
        titles=titles,
    )
    assert counts(batch) == (1, 0, 0, 0)


def test_guessed_category_is_told(people, start, row):
    batch = start(row("Новикова Мария Олеговна", None, "учитель", "", "наивысшая"))
    assert counts(batch) == (1, 0, 0, 0)
    (note,) = batch.preview["notes"]
    assert (note["row"], note["column"], note["value"]) == (2, "Категория", "наивысшая")
    assert (
        start(row("Новикова Мария Олеговна", None, "", "", "высшая кв. кат.")).preview["notes"]
        == []
    )


def test_note_on_a_wrong_row_does_not_say_that_it_is_taken(people, start, row):
    taken = "Строка принимается без них"
    name = "Новикова Мария Олеговна"
    right = start(row(name, None, "учитель", "танцы"))
    wrong = start(row(name, None, "учитель", "танцы", "", "", "не адрес"))
    namesake = start(
        row(people.teacher.full_name, None, "учитель", "танцы"), row(name, "Нет такой")
    )
    assert taken in right.preview["notes"][0]["remedy"]
    assert taken not in wrong.preview["notes"][0]["remedy"]
    assert taken in namesake.preview["notes"][0]["remedy"]


def test_note_on_a_row_refused_later_does_not_say_that_it_is_taken(people, start, row, second):
    batch = start(row(people.teacher.full_name, second.short_name, "учитель", "танцы"))
    assert counts(batch) == (0, 0, 0, 1)
    assert "принимается" not in batch.preview["notes"][0]["remedy"]


def test_preview_of_a_change_shows_old_and_new_values(people, start, row, second):
    titles = [*TITLES, "Дата приёма"]
    values = ["старший учитель", "история", "первая", "", "new@test.example", "01.09.2010"]
    User.objects.filter(pk=people.teacher.pk).update(contact_email="old@test.example")
    old_post = people.teacher.main_employment.post
    batch = start(row(people.teacher.full_name, None, *values), titles=titles)
    (person,) = batch.preview["sample"]
    shown = {name: (old, new) for name, _where, old, new in person["changes"]}
    assert shown["contact_email"] == ("old@test.example", "new@test.example")
    assert shown["category_id"] == ("", "Первая")
    assert shown["post"] == (old_post, "старший учитель")
    assert shown["starts_on"][1] == "01.09.2010"
    assert shown["subjects"][1] == "История"


def test_changes_are_shown_beside_many_new_people(people, start, row):
    names = [f"Новикова Мария {chr(1072 + n)}лексеевна" for n in range(25)]
    changed = row(people.teacher.full_name, None, "старший учитель")
    batch = start(*[row(name.title()) for name in names], changed)
    assert [one["is_new"] for one in batch.preview["sample"]].count(False) == 1
