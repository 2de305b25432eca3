"""Plans: lines, last year's lines with undo, fact beside plan, the plan of the municipality."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from communities.models import AuditEntry
from events import plan_table, plans, states
from events.models import AnnualPlan, EventKind, PlanItem, SchoolYear
from events.years import year_of
from tests import factories

D = datetime.date
NOW = "2026-09-10T09:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def last_year(people):
    """A plan of 2025/26 with a dated line, a line in the holidays and one without a date."""
    plan = factories.PlanFactory(
        association=people.association, school_year=year_of(people.municipality, 2025)
    )
    for title, month, day in [
        ("Заседание", D(2025, 9, 1), D(2025, 9, 24)),
        ("В каникулы", D(2025, 10, 1), D(2025, 10, 29)),
        ("Перед каникулами", D(2025, 11, 1), D(2025, 11, 5)),
        ("Неделя ОГЭ", D(2026, 4, 1), None),
    ]:
        factories.PlanItemFactory(plan=plan, title=title, month=month, planned_on=day)
    return plan


def address(people, name="plan-detail", year="2026-27", *more):
    return reverse(f"events:{name}", args=[people.association.slug, year, *more])


def test_last_year_is_copied_by_week_and_weekday_without_holidays(people, last_year):
    plan, items = plans.copy_last_year(people.association, 2026, actor=people.leader)
    dates = {item.title: (item.month, item.planned_on) for item in items}
    assert dates == {
        "Заседание": (D(2026, 9, 1), D(2026, 9, 23)),
        "В каникулы": (D(2026, 10, 1), D(2026, 10, 28)),
        # 4 November 2026 is in the holidays of 31 October to 8 November
        "Перед каникулами": (D(2026, 11, 1), D(2026, 11, 11)),
        "Неделя ОГЭ": (D(2027, 4, 1), None),
    }
    assert plan.items.filter(copied_from__plan=last_year).count() == 4
    assert AuditEntry.objects.filter(action="plan.copy").count() == 1


def test_copying_twice_adds_nothing(people, last_year):
    plan, _items = plans.copy_last_year(people.association, 2026, actor=people.leader)
    with pytest.raises(plans.PlanError):
        plans.copy_last_year(people.association, 2026, actor=people.leader)
    assert plan.items.count() == 4


def test_copy_can_be_undone_from_the_page(people, last_year, as_):
    client = as_(people.leader)
    response = client.post(address(people, "plan-copy"), follow=True)
    (message,) = response.context["messages"]
    assert str(message) == "Взято 4 пункта."
    kept = PlanItem.objects.filter(title="Заседание").last()
    factories.EventFactory(municipality=people.municipality, plan_item=kept)
    assert "<button>Отменить</button>" in response.content.decode()
    client.post(message.extra_tags)
    assert list(PlanItem.objects.filter(plan__school_year__start=2026)) == [kept]


def test_without_a_plan_last_years_events_become_lines(people):
    year = year_of(people.municipality, 2025)
    for state in ("closed", "cancelled"):
        factories.EventFactory(
            municipality=people.municipality,
            association=people.association,
            school_year=year,
            starts_at=datetime.datetime(2025, 9, 24, 11, tzinfo=datetime.UTC),
            title=f"Семинар {state}",
            state=state,
            reason="болезнь" if state == "cancelled" else "",
        )
    _plan, (item,) = plans.copy_last_year(people.association, 2026, actor=people.leader)
    assert (item.title, item.planned_on) == ("Семинар closed", D(2026, 9, 23))


def test_line_not_held_is_carried_over_once(people, last_year, as_):
    line = last_year.items.get(title="Неделя ОГЭ")
    client = as_(people.leader)
    page = client.get(address(people)).content.decode()
    assert "Неделя ОГЭ" in page
    client.post(address(people, "plan-item-carry", "2026-27", line.pk))
    client.post(address(people, "plan-item-carry", "2026-27", line.pk))
    assert PlanItem.objects.filter(copied_from=line).count() == 1


def test_foreign_line_cannot_be_carried(people, as_):
    foreign = factories.PlanItemFactory(
        plan__association=factories.AssociationFactory(municipality=people.other),
        plan__school_year=factories.a_school_year(people.other, 2025),
    )
    client = as_(people.leader)
    response = client.post(address(people, "plan-item-carry", "2026-27", foreign.pk))
    assert response.status_code == 404


def test_reading_a_year_nobody_opened_writes_nothing(people, as_):
    for person in (people.teacher, people.leader, people.methodist):
        assert as_(person).get(address(people, "plan-detail", "2040-41")).status_code == 200
        assert as_(person).get(reverse("events:plan-list", args=["2040-41"])).status_code == 200
    assert not SchoolYear.objects.filter(start=2040).exists()
    assert not AnnualPlan.objects.exists()


@pytest.mark.parametrize("year", ["2026-28", "2026", "99999-00", "1800-01", "2101-02", "abc"])
def test_years_that_are_none_have_no_page(people, as_, year):
    assert as_(people.methodist).get(address(people, "plan-detail", year)).status_code == 404
    path = reverse("events:plan-list", args=[year])
    assert as_(people.methodist).get(path).status_code == 404


def test_draft_is_hidden_from_colleagues_until_agreed(people, last_year, as_):
    path = address(people, "plan-detail", "2025-26")
    assert "Неделя ОГЭ" not in as_(people.teacher).get(path).content.decode()
    assert "Неделя ОГЭ" in as_(people.head).get(path).content.decode()
    AnnualPlan.objects.update(state="approved")
    assert "Неделя ОГЭ" in as_(people.teacher).get(path).content.decode()
    page = as_(people.teacher).get(path).content.decode()
    assert "Назначить" not in page


def test_new_line_by_the_form_opens_year_and_plan(people, as_):
    kind = factories.dictionary(factories.events.EventKind, people.municipality, "seminar")
    data = {"title": "Семинар", "kind": kind.pk, "month": "2026-10-01", "format": "in_person"}
    response = as_(people.leader).post(address(people, "plan-item-new"), data)
    assert response.status_code == 302
    item = PlanItem.objects.get()
    assert (item.month, item.planned_on, item.plan.school_year.start) == (
        D(2026, 10, 1),
        None,
        2026,
    )
    assert item.plan.school_year.holidays.count() == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("planned_on", "2026-08-31"),
        ("planned_on", "2027-09-01"),
        ("planned_on", "99999-01-01"),
        ("planned_on", "31.02.2027"),
        ("month", "2030-10-01"),
        ("month", "x" * 500),
        ("kind", "999999999999999999999"),
        ("kind", "0"),
        ("title", ""),
        ("title", "я" * 201),
        ("format", "flight"),
    ],
)
def test_bad_line_is_refused_at_its_field(people, as_, name, value):
    kind = factories.dictionary(factories.events.EventKind, people.municipality, "seminar")
    data = {"title": "Семинар", "kind": kind.pk, "month": "2026-10-01", "format": "in_person"}
    response = as_(people.leader).post(address(people, "plan-item-new"), data | {name: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [name]
    assert not PlanItem.objects.exists()


def test_kind_of_another_municipality_is_refused(people, as_):
    kind = factories.dictionary(factories.events.EventKind, people.other, "seminar")
    data = {"title": "Семинар", "kind": kind.pk, "month": "2026-10-01", "format": "in_person"}
    response = as_(people.leader).post(address(people, "plan-item-new"), data)
    assert list(response.context["form"].errors) == ["kind"]


def test_agreed_plan_takes_outcomes_but_no_edits(people, last_year, as_):
    AnnualPlan.objects.update(state="approved")
    item = last_year.items.get(title="Неделя ОГЭ")
    client = as_(people.leader)
    assert client.get(reverse("events:plan-item-edit", args=[item.pk])).status_code == 403
    path = reverse("events:plan-item-outcome", args=[item.pk])
    response = client.post(path, {"outcome": "cancelled", "month": "2026-04-01", "reason": ""})
    assert list(response.context["form"].errors) == ["reason"]
    client.post(path, {"outcome": "moved", "month": "2026-05-01", "reason": "карантин"})
    item.refresh_from_db()
    assert (item.outcome, item.month, item.reason) == ("moved", D(2026, 5, 1), "карантин")
    page = client.get(last_year.get_absolute_url()).content.decode()
    assert "карантин" in page
    assert reverse("events:event-new") in page


def test_line_with_an_event_is_not_deleted(people, last_year, as_):
    item = last_year.items.first()
    factories.EventFactory(
        municipality=people.municipality, association=people.association, plan_item=item
    )
    as_(people.leader).post(reverse("events:plan-item-delete", args=[item.pk]))
    assert PlanItem.objects.filter(pk=item.pk).exists()
    other = last_year.items.last()
    as_(people.leader).post(reverse("events:plan-item-delete", args=[other.pk]))
    assert not PlanItem.objects.filter(pk=other.pk).exists()


def test_plan_and_fact_are_counted(people, last_year):
    items = list(last_year.items.order_by("month", "id"))
    past = datetime.datetime(2025, 9, 24, 11, tzinfo=datetime.UTC)
    for item, state in zip(items, ("published", "closed", "cancelled"), strict=False):
        factories.EventFactory(
            municipality=people.municipality,
            association=people.association,
            school_year=last_year.school_year,
            plan_item=item,
            starts_at=past,
            moved_from=past if state == "closed" else None,
            state=state,
            reason="болезнь" if state == "cancelled" else "",
        )
    fact = plan_table.fact_of(plans.lines_of(people.association.pk, [2025]))
    assert (fact.planned, fact.held, fact.moved, fact.cancelled) == (4, 2, 1, 1)
    assert [item.title for item in fact.missed] == ["Перед каникулами", "Неделя ОГЭ"]


@pytest.mark.parametrize("state", ["published", "closed"])
def test_an_event_ahead_is_not_held_whatever_its_state(people, state):
    assert not plans.is_held(factories.EventFactory(municipality=people.municipality, state=state))


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        ("2025-11-05T09:00Z", ["В каникулы"]),
        ("2025-11-06T09:00Z", ["В каникулы", "Перед каникулами"]),
        ("2026-04-30T09:00Z", ["В каникулы", "Перед каникулами"]),
        ("2026-05-01T09:00Z", ["В каникулы", "Перед каникулами", "Неделя ОГЭ"]),
    ],
)
def test_what_is_still_to_come_is_not_missed(people, last_year, now, missed):
    factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        plan_item=last_year.items.get(title="Заседание"),
        starts_at=datetime.datetime(2026, 6, 1, 11, tzinfo=datetime.UTC),
    )
    with time_machine.travel(now, tick=False):
        fact = plan_table.fact_of(plans.lines_of(people.association.pk, [2025]))
        lines = [item for item in last_year.items.all() if plans.event_of(item) is None]
        said = {item.title for item in lines if states.item_state(item, None, 0)}
    assert [item.title for item in fact.missed] == missed
    assert said == set(missed)  # the lines themselves say the same


def test_unplanned_event_stands_in_the_plan_apart(people, last_year, as_):
    AnnualPlan.objects.update(state="approved")
    factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        school_year=last_year.school_year,
        starts_at=datetime.datetime(2025, 12, 3, 11, tzinfo=datetime.UTC),
        title="Внезапный семинар",
    )
    page = as_(people.teacher).get(last_year.get_absolute_url()).content.decode()
    assert "Внезапный семинар" in page
    assert "вне плана" in page


def test_plan_page_takes_the_same_queries_for_more_lines(people, as_, django_assert_num_queries):
    plan = factories.PlanFactory(association=people.association, state="approved")
    client = as_(people.leader)
    for rows in (1, 3):
        for _n in range(rows):
            item = factories.PlanItemFactory(plan=plan)
            factories.EventFactory(
                municipality=people.municipality,
                association=people.association,
                plan_item=item,
                capacity=5,
            )
        with django_assert_num_queries(9):
            assert client.get(plan.get_absolute_url()).status_code == 200


def test_municipal_plan_takes_the_same_queries_for_more_rows(
    people, as_, django_assert_num_queries
):
    plan = factories.PlanFactory(association=people.association, state="approved")
    client = as_(people.teacher)
    path = reverse("events:plan-list", args=[plan.school_year.slug])
    for rows in (1, 3):
        for _n in range(rows):
            item = factories.PlanItemFactory(plan=plan)
            factories.EventFactory(municipality=people.municipality, plan_item=item, capacity=5)
        with django_assert_num_queries(7):
            response = client.get(f"{path}?month={plan.school_year.start}-10")
    assert len(response.context["lines"]) == 4


def test_municipal_plan_shows_agreed_plans_to_all_and_states_to_the_department(people, as_):
    plan = factories.PlanFactory(association=people.association, state="submitted")
    factories.PlanItemFactory(plan=plan, title="Заседание по плану")
    path = reverse("events:plan-list", args=[plan.school_year.slug])
    path += f"?month={plan.school_year.start}-10"
    assert "Заседание по плану" not in as_(people.teacher).get(path).content.decode()
    page = as_(people.methodist).get(path).content.decode()
    assert "Заседание по плану" in page
    assert "У методиста" in page
    assert "Заседание по плану" not in as_(people.neighbour).get(path).content.decode()


@pytest.mark.parametrize("query", ["month=abc", "month=99999-01", "page=99999999999", "page=abc"])
def test_wrong_queries_of_the_municipal_plan_open_a_page(people, as_, query):
    plan = factories.PlanFactory(association=people.association)
    path = reverse("events:plan-list", args=[plan.school_year.slug])
    assert as_(people.methodist).get(f"{path}?{query}").status_code == 200


def test_undo_with_huge_numbers_is_harmless(people, as_):
    plan = factories.PlanItemFactory(plan__association=people.association).plan
    path = address(people, "plan-copy-undo", plan.school_year.slug, 10**30, 10**31)
    assert as_(people.leader).post(path).status_code == 302
    assert plan.items.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda plan, item, actor: plans.change_plan(plan, theme="Т", goal="", actor=actor),
        lambda plan, item, actor: plans.add_item(
            plan, title="Н", month=item.month, kind=item.kind, actor=actor
        ),
        lambda plan, item, actor: plans.change_item(item, title="Н", actor=actor),
        lambda plan, item, actor: plans.delete_item(item, actor=actor),
        lambda plan, item, actor: plans.copy_last_year(plan.association, 2026, actor=actor),
        lambda plan, item, actor: plans.undo_copy(plan, item.pk, item.pk, actor=actor),
    ],
)
def test_plan_handed_in_while_its_page_was_open_stays_as_it_is(people, last_year, change):
    plan, _items = plans.copy_last_year(people.association, 2026, actor=people.leader)
    opened = AnnualPlan.objects.get(pk=plan.pk)
    item = opened.items.select_related("plan").first()
    AnnualPlan.objects.filter(pk=plan.pk).update(state=AnnualPlan.State.SUBMITTED)
    before = list(plan.items.values())
    with pytest.raises(plans.PlanError, match="отправлен"):
        change(opened, item, people.leader)
    assert list(plan.items.values()) == before


def test_line_added_to_a_plan_handed_in_is_refused_in_the_form(people, as_, monkeypatch):
    plan = factories.PlanFactory(
        association=people.association, school_year=year_of(people.municipality, 2026)
    )
    opening = plans.open_plan

    def hand_in_first(*args, **kwargs):
        AnnualPlan.objects.filter(pk=plan.pk).update(state=AnnualPlan.State.SUBMITTED)
        return opening(*args, **kwargs)

    monkeypatch.setattr(plans, "open_plan", hand_in_first)
    kind = factories.dictionary(EventKind, people.municipality, "seminar")
    data = {"title": "Семинар", "kind": kind.pk, "month": "2026-10-01", "format": "in_person"}
    answer = as_(people.leader).post(address(people, "plan-item-new"), data)
    assert "отправлен" in answer.context["form"].non_field_errors()[0]
    assert plan.items.count() == 0
