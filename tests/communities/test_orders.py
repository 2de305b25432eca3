import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from communities import fold, orders
from communities.models import Association, AuditEntry, Letter, Order, OrderItem
from tests.factories import OrderFactory, PersonFactory, appoint
from tests.materials import samples

Action = OrderItem.Action
DAY = datetime.date(2026, 9, 16)
PAPER = samples.pdf("Order")


@pytest.fixture
def draft(people):
    return OrderFactory(municipality=people.municipality, state="draft", date=DAY)


def add(order, action, people, **fields):
    fields = {"association": people.association, "effective_on": DAY, **fields}
    return orders.add_item(order, action, actor=people.methodist, **fields)


def put_in_force(order, people):
    return orders.put_in_force(order, actor=people.methodist)


def journal(action):
    return AuditEntry.objects.filter(action=action).count()


def kind_of(people):
    return people.association.kind


def create(order, people, name="Учителя химии", **fields):
    return orders.add_association(
        order,
        actor=people.methodist,
        kind=kind_of(people),
        name=name,
        effective_on=DAY,
        **fields,
    )


def test_order_creates_an_association_with_its_leader(people, draft):
    association = create(draft, people, leader=people.teacher)
    assert association.slug == "rmo-uchitelya-khimii"
    assert association.opened_on is None
    put_in_force(draft, people)
    association.refresh_from_db()
    assert association.opened_on == DAY
    state = fold.state_on(association, DAY)
    assert (state.is_open, state.leader_id) == (True, people.teacher.pk)
    assert not fold.state_on(association, DAY - fold.ONE_DAY).is_open
    term = association.memberships.get(role="leader")
    assert (term.person, term.starts_on, term.source) == (people.teacher, DAY, "order")
    assert journal("order.put_in_force") == 1


def test_new_leader_ends_the_old_term_the_day_before(people, draft):
    add(draft, Action.APPOINT_LEADER, people, person=people.teacher)
    put_in_force(draft, people)
    old = people.association.memberships.get(person=people.leader)
    assert old.ends_on == DAY - fold.ONE_DAY


def test_order_renames_and_closes(people, draft):
    add(draft, Action.RENAME, people, name="Точные науки")
    add(draft, Action.CLOSE, people, effective_on=DAY + fold.ONE_DAY)
    put_in_force(draft, people)
    people.association.refresh_from_db()
    assert people.association.name == "Точные науки"
    assert people.association.closed_on == DAY + fold.ONE_DAY
    assert people.association.memberships.get(role="leader").ends_on == DAY


def test_name_of_the_future_comes_on_its_day(people, draft, time_machine):
    time_machine.move_to(datetime.datetime(2026, 9, 10, 12, tzinfo=datetime.UTC))
    before = people.association.name
    add(draft, Action.RENAME, people, name="Точные науки")
    put_in_force(draft, people)
    people.association.refresh_from_db()
    assert people.association.name == before
    assert orders.follow_calendar() == 0
    time_machine.move_to(datetime.datetime(2026, 9, 16, 12, tzinfo=datetime.UTC))
    assert orders.follow_calendar() == 1
    people.association.refresh_from_db()
    assert people.association.name == "Точные науки"


def test_order_in_force_is_locked(people, draft):
    item = add(draft, Action.APPOINT_SECRETARY, people, person=people.teacher)
    put_in_force(draft, people)
    item.refresh_from_db()
    with pytest.raises(orders.OrderError):
        put_in_force(draft, people)
    with pytest.raises(orders.OrderError):
        add(draft, Action.CLOSE, people)
    with pytest.raises(orders.OrderError):
        orders.remove_item(item, actor=people.methodist)
    with pytest.raises(orders.OrderError):
        orders.delete_draft(draft, actor=people.methodist)
    with pytest.raises(orders.OrderError):
        orders.save_draft(draft, actor=people.methodist)
    assert journal("order.put_in_force") == 1


def test_empty_order_and_idle_items_are_refused(people, draft):
    with pytest.raises(orders.OrderError):
        put_in_force(draft, people)
    add(draft, Action.CLOSE, people)
    late = add(draft, Action.RENAME, people, name="Поздно", effective_on=DAY + fold.ONE_DAY)
    assert orders.idle_items(draft) == [late]
    with pytest.raises(orders.OrderError, match="ничего не меняет"):
        put_in_force(draft, people)
    draft.refresh_from_db()
    people.association.refresh_from_db()
    assert draft.state == Order.State.DRAFT
    assert people.association.closed_on is None


def test_same_item_is_added_once(people, draft):
    for _ in range(3):
        add(draft, Action.APPOINT_LEADER, people, person=people.teacher)
        create(draft, people, leader=people.leader)
    assert draft.items.count() == 3
    assert Association.objects.filter(name="Учителя химии").count() == 1


def test_removed_creation_takes_its_association_along(people, draft):
    association = create(draft, people, leader=people.teacher)
    item = draft.items.get(action=Action.CREATE)
    orders.remove_item(item, actor=people.methodist)
    assert not draft.items.exists()
    assert not Association.objects.filter(pk=association.pk).exists()


def test_deleted_draft_leaves_nothing(people, draft):
    association = create(draft, people)
    orders.delete_draft(draft, actor=people.methodist)
    assert not Order.objects.filter(pk=draft.pk).exists()
    assert not Association.objects.filter(pk=association.pk).exists()
    assert journal("order.delete") == 1


def test_only_methodists_of_the_place_change_orders(people, draft):
    for person in (people.leader, people.head, people.neighbour):
        with pytest.raises(PermissionDenied):
            orders.put_in_force(draft, actor=person)
        with pytest.raises(PermissionDenied):
            orders.add_item(
                draft, Action.CLOSE, actor=person, association=people.association, effective_on=DAY
            )
    assert not draft.items.exists()


def test_letter_goes_to_whoever_is_appointed_now(people, draft, time_machine):
    time_machine.move_to(datetime.datetime(2026, 9, 20, 12, tzinfo=datetime.UTC))
    add(draft, Action.APPOINT_LEADER, people, person=people.teacher)
    put_in_force(draft, people)
    letter = Letter.objects.get()
    assert letter.person == people.teacher
    assert "Вы назначены руководителем" in letter.subject


def test_order_entered_years_later_writes_to_nobody(people, draft, time_machine):
    time_machine.move_to(datetime.datetime(2028, 9, 20, 12, tzinfo=datetime.UTC))
    add(draft, Action.APPOINT_LEADER, people, person=people.teacher)
    put_in_force(draft, people)
    assert not Letter.objects.exists()


def test_roll_over_drafts_todays_leaders_of_open_associations(people):
    appoint(people.teacher, people.association, role="secretary")
    order = Order(municipality=people.municipality, number="7", date=DAY, title="О руководителях")
    start = datetime.date(2027, 9, 1)
    order = orders.roll_over(order, actor=people.methodist, effective_on=start)
    items = order.items.order_by("action").values_list("action", "person", "effective_on")
    assert list(items) == [
        ("appoint_leader", people.leader.pk, start),
        ("appoint_secretary", people.teacher.pk, start),
    ]
    assert order.state == Order.State.DRAFT
    assert orders.idle_items(order) == []


@pytest.mark.django_db(transaction=True)
def test_many_presses_put_the_order_in_force_once(people, draft):
    add(draft, Action.APPOINT_LEADER, people, person=people.teacher)
    answers = []

    def press():
        try:
            put_in_force(draft, people)
            answers.append("done")
        except orders.OrderError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", *["refused"] * 7]
    assert journal("order.put_in_force") == 1
    assert people.association.memberships.filter(role="leader").count() == 2


# -- pages


def url(name, *args):
    return reverse(f"communities:order-{name}", args=args)


HEADING = {
    "number": "199/01-03",
    "date": "2026-09-16",
    "title": "О руководителях",
    "issuer": "Управление образования",
}


def post_order(client, name="приказ.pdf", content=PAPER, **fields):
    file = {"file": SimpleUploadedFile(name, content)} if content is not None else {}
    return client.post(url("new"), {**HEADING, **fields, **file})


def test_methodist_drafts_an_order_with_its_scan(people, as_):
    client = as_(people.methodist)
    long_name = "приказ о руководителях " * 8 + ".pdf"
    response = post_order(client, long_name)
    order = Order.objects.get(number="199/01-03")
    assert response.url == order.get_absolute_url()
    assert (order.state, order.created_by) == ("draft", people.methodist)
    response = client.get(url("file", order.pk))
    assert b"".join(response.streaming_content) == PAPER
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("order.pdf", lambda: b"MZ\x90 not a pdf"),
        ("order.pdf", lambda: b""),
        ("order.pdf", lambda: PAPER[:200]),
        ("order.pdf", lambda: samples.encrypted_pdf()),
        ("order.docx", lambda: b"PK\x03\x04 cut off"),
        ("order.docx", lambda: samples.office("docx")[:-60]),
        ("order.docx", lambda: samples.office("docx", **{"word/vbaProject.bin": "x"})),
        ("order.docx", lambda: samples.office("docx", **{"word/media/a.bmp": b"0" * (60 << 20)})),
        ("order.docx", lambda: samples.ole("EncryptedPackage")),
        ("order.docx", lambda: samples.office("xlsx")),
        ("order.pdf", lambda: samples.office("docx")),
        ("order.jpg", lambda: samples.picture("PNG")),
        ("order.exe", lambda: PAPER),
    ],
)
def test_file_of_another_content_is_refused_and_the_rest_stays(people, as_, name, content):
    response = post_order(as_(people.methodist), name, content())
    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert 'value="199/01-03"' in response.content.decode()
    assert not Order.objects.filter(number="199/01-03").exists()


def test_file_over_the_limit_is_refused(people, as_):
    big = b"%PDF-" + bytes(10 * 1024 * 1024)
    response = post_order(as_(people.methodist), content=big)
    assert "11 МБ" in str(response.context["form"].errors["file"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("приказ.docx", samples.office("docx")), ("скан.JPEG", samples.picture("JPEG"))],
)
def test_docx_and_jpg_are_taken(people, as_, name, content):
    assert post_order(as_(people.methodist), name, content).status_code == 302


def test_number_is_unique_on_its_day(people, as_):
    client = as_(people.methodist)
    post_order(client, content=None)
    response = post_order(client, content=None)
    assert "number" in response.context["form"].errors
    assert post_order(client, content=None, date="2026-09-17").status_code == 302


@pytest.mark.parametrize("date", ["99999-01-01", "1900-01-01", "вчера", ""])
def test_odd_date_is_answered_at_the_field(people, as_, date):
    response = post_order(as_(people.methodist), content=None, date=date)
    assert response.status_code == 200
    assert "date" in response.context["form"].errors


def add_by_page(client, order, action, **fields):
    return client.post(url("item-add", order.pk, action), {"effective_on": "2026-09-16", **fields})


def test_whole_order_by_the_pages(people, as_, draft):
    client = as_(people.methodist)
    add_by_page(client, draft, "create", kind=kind_of(people).pk, name="Учителя химии")
    created = Association.objects.get(name="Учителя химии")
    add_by_page(
        client,
        draft,
        "appoint_leader",
        association=created.pk,
        person=people.teacher.full_name,
    )
    assert draft.items.count() == 2
    page = client.get(url("put-in-force", draft.pk)).content.decode()
    assert "Будет создано 1 объединение." in page
    assert "Будет назначен 1 человек." in page
    client.post(url("put-in-force", draft.pk))
    text = client.get(created.get_absolute_url()).content.decode()
    assert people.teacher.full_name in text
    again = client.post(url("put-in-force", draft.pk), follow=True).content.decode()
    assert "изменить его может только новый приказ" in again


def test_every_action_has_its_form(people, as_, draft):
    client = as_(people.methodist)
    for action in Action:
        assert client.get(url("item-add", draft.pk, action)).status_code == 200
    assert client.get(url("item-add", draft.pk, "explode")).status_code == 404


def test_namesakes_are_told_apart_by_number(people, as_, draft):
    first, second = (
        PersonFactory(municipality=people.municipality, last_name="Тёзкина") for _ in range(2)
    )
    client = as_(people.methodist)
    fields = {"association": people.association.pk}
    response = add_by_page(client, draft, "appoint_leader", person="тезкина анна", **fields)
    error = str(response.context["form"].errors["person"])
    assert f"№ {first.pk}" in error
    assert f"№ {second.pk}" in error
    assert 'value="тезкина анна"' in response.content.decode()
    chosen = f"{second.full_name} · № {second.pk}"
    response = add_by_page(client, draft, "appoint_leader", person=chosen, **fields)
    assert response.status_code == 302
    assert draft.items.get().person == second


@pytest.mark.parametrize("name", ["Неизвестнов", "· № 999999999999999999", ". . .", "·"])
def test_unknown_person_is_answered_at_the_field(people, as_, draft, name):
    fields = {"association": people.association.pk, "person": name}
    response = add_by_page(as_(people.methodist), draft, "appoint_leader", **fields)
    assert "person" in response.context["form"].errors


def test_foreign_person_and_association_are_unknown_here(people, as_, draft):
    stranger = PersonFactory(municipality=people.other, last_name="Чужова")
    client = as_(people.methodist)
    response = add_by_page(
        client,
        draft,
        "appoint_leader",
        association=people.association.pk,
        person=f"Чужова · № {stranger.pk}",
    )
    assert "person" in response.context["form"].errors
    people.association.municipality = people.other
    people.association.save()
    response = add_by_page(client, draft, "close", association=people.association.pk)
    assert "association" in response.context["form"].errors


def test_dismissal_of_who_holds_nothing_is_refused(people, as_, draft):
    fields = {"association": people.association.pk}
    client = as_(people.methodist)
    response = add_by_page(client, draft, "dismiss", person=people.teacher.full_name, **fields)
    assert "person" in response.context["form"].errors
    response = add_by_page(client, draft, "dismiss", person=people.leader.full_name, **fields)
    assert response.status_code == 302


def test_next_year_is_drafted_from_the_leaders_of_today(people, as_, time_machine):
    time_machine.move_to(datetime.datetime(2027, 5, 20, 12, tzinfo=datetime.UTC))
    client = as_(people.methodist)
    form = client.get(url("next-year")).content.decode()
    assert "в 2027/28 учебном году" in form
    assert 'value="2027-09-01"' in form
    client.post(url("next-year"), {**HEADING, "effective_on": "2027-09-01"})
    order = Order.objects.get(number="199/01-03")
    assert [item.person for item in order.items.all()] == [people.leader]


def test_draft_of_an_order_and_its_association_are_hidden(people, as_, draft):
    association = create(draft, people)
    for person in (people.teacher, people.leader, people.neighbour):
        client = as_(person)
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get(association.get_absolute_url()).status_code == 404
    client = as_(people.head)
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.get(association.get_absolute_url()).status_code == 200


def test_lost_file_is_not_found_rather_than_an_error(people, as_, world):
    world.order.file.storage.delete(world.order.file.name)
    client = as_(people.teacher)
    assert client.get(world.order.get_absolute_url()).status_code == 200
    assert client.get(url("file", world.order.pk)).status_code == 404


@pytest.mark.parametrize("page", ["abc", "99999999999999999999", "-1", "0"])
def test_odd_page_numbers_are_calm(people, as_, page):
    assert as_(people.teacher).get(url("list"), {"page": page}).status_code == 200


def test_order_number_out_of_range_is_not_found(people, as_):
    assert as_(people.methodist).get(url("detail", 10**30)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_one_order_and_for_three(
    people, as_, rows, django_assert_num_queries
):
    Order.objects.all().update(state="draft")
    OrderFactory.create_batch(rows, municipality=people.municipality)
    client = as_(people.teacher)
    with django_assert_num_queries(5):
        response = client.get(url("list"))
    assert len(response.context["page"].object_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_order_page_asks_the_same_for_one_item_and_for_three(
    people, as_, draft, rows, django_assert_num_queries
):
    for number in range(rows):
        create(draft, people, name=f"Объединение {number}")
    client = as_(people.methodist)
    with django_assert_num_queries(8):
        response = client.get(draft.get_absolute_url())
    assert len(response.context["items"]) == rows
