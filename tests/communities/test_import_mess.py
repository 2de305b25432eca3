"""Lists of nonsense: no crash, the same list again changes nothing, undo takes all of it back."""

import random

import pytest

from communities.imports import apply as service
from communities.imports.columns import FIELDS
from communities.imports.undo import undo
from communities.models import Employment, User
from tests.factories import ImportBatchFactory

NAMES = ["Анна", "Пётр", "Иванова", "Петров", "Ян Ли", "Мария", "Ольга Ивановна"]
NONSENSE = [
    *("Е.И.", "", "-", "—", "0", "12", "99999", "1.09.21", "31.02.2021", "{{7*7}}", "=1+1"),
    *("<script>", "'", '"', "%s", "💥", "оглы", "Алиев Али оглы", "высшая", "б\\к12 лет"),
    *("внеш. совм.", "осн", "a@b.ru", "8 921 1234567", "№", "1e400", "٣", "²", "½", "А" * 300),
    *("история; музыка", ";;;", "лет", "с 2009", "1" * 40, "2021-09-01", "00.00.00", "Ⅷ"),
    *(f"x@{'y' * 250}.ru", "ма", "Сидоров-Петров Ян", "сент", "1 сент 2020", "да"),
]
ONE_COLUMN = ["full_name", *FIELDS[4:]]
THREE_COLUMNS = list(FIELDS[1:])


def rows_of(dice, fields, school):
    def cell(field):
        if field == "organization" and dice.random() < 0.8:
            return school
        if field == "full_name" and dice.random() < 0.8:
            return " ".join(dice.choice(NAMES) for _ in range(dice.choice([2, 3])))
        if field in FIELDS[1:4] and dice.random() < 0.8:
            return dice.choice(NAMES)
        return "" if dice.random() < 0.6 else dice.choice(NONSENSE)

    return [[number, [cell(field) for field in fields]] for number in range(2, 302)]


def a_batch(people, rows, fields):
    batch = ImportBatchFactory(created_by=people.methodist, table={"rows": [rows]})
    columns = {field: place for place, field in enumerate(fields)}
    batch.mapping["sheets"] = [{"name": "Лист1", "titles": fields, "columns": columns}]
    service.refresh(batch)
    return batch


def everybody():
    return (
        list(User.objects.order_by("pk").values_list("pk", "contact_email", "category")),
        list(Employment.objects.order_by("pk").values_list("pk", "post", "kind", "starts_on")),
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fields", [ONE_COLUMN, THREE_COLUMNS], ids=["one", "three"])
def test_nonsense_is_taken_calmly(people, seed, fields):
    rows = rows_of(random.Random(seed), fields, people.organization.short_name)
    before = everybody()
    batch = a_batch(people, rows, fields)
    made = batch.mapping["preview"]["new"]
    batch = service.apply(batch, actor=people.methodist, partial=True)
    again = a_batch(people, rows, fields).mapping["preview"]
    assert (again["new"], again["changed"], again["same"]) == (0, 0, made)
    undo(batch, actor=people.methodist)
    assert everybody() == before
