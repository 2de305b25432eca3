import pytest
from django.db import DatabaseError, transaction

from communities import audit
from communities.models import AuditEntry


@pytest.fixture
def entry(people):
    return audit.record("association.change", people.association, actor=people.leader, row=7)


def test_line_names_action_object_and_actor(people, entry):
    assert (entry.municipality, entry.actor) == (people.municipality, people.leader)
    assert (entry.action, entry.object_type) == ("association.change", "communities.association")
    assert (entry.object_id, entry.data) == (str(people.association.pk), {"row": 7})


def test_line_about_a_municipality_belongs_to_it(people):
    entry = audit.record("municipality.change", people.other, actor=None)
    assert (entry.municipality, entry.actor) == (people.other, None)


def test_database_refuses_to_rewrite_the_journal(entry):
    for change in (
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(action="x"),
        lambda: AuditEntry.objects.filter(pk=entry.pk).delete(),
        entry.delete,
        lambda: entry.save(),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()
    assert AuditEntry.objects.get(pk=entry.pk).action == "association.change"


def test_line_disappears_with_the_change_it_tells_of(people):
    def change_and_break():
        with transaction.atomic():
            audit.record("association.change", people.association, actor=people.leader)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_break()
    assert not AuditEntry.objects.exists()


def test_journal_is_read_by_methodists_and_operators_of_the_place(people, entry):
    def seen(person):
        return list(AuditEntry.objects.visible_to(person))

    assert seen(people.methodist) == seen(people.operator) == [entry]
    for person in (people.teacher, people.leader, people.head, people.neighbour):
        assert seen(person) == []
