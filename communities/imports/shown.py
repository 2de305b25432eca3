"""People of a plan as the preview shows them: who is new, and what becomes of what there was."""

import datetime

from communities.models import Employment, Organization, QualificationCategory, Subject

NEW, CHANGED = 20, 100  # what would be overwritten is looked through, the new are a sample


def people_of(plan, municipality):
    """The first new people, and those who change with old and new values."""
    words = Words(municipality)
    return [_shown(one, words) for one in plan.new[:NEW] + plan.changed[:CHANGED]]


class Words:
    """Labels of the dictionaries, for values that are kept as ids and codes."""

    def __init__(self, municipality):
        def labels(model, name="label"):
            return dict(model.objects.filter(municipality=municipality).values_list("pk", name))

        self.organizations = labels(Organization, "short_name")
        self.subjects, self.categories = labels(Subject), labels(QualificationCategory)

    def of(self, name, value):
        """A value as people read it."""
        if name == "subjects":
            return ", ".join(sorted(self.subjects.get(pk, "") for pk in value))
        if name == "category_id":
            return self.categories.get(value, "")
        if name == "kind":
            return str(Employment.Kind(value).label) if value else ""
        if isinstance(value, datetime.date):
            return f"{value:%d.%m.%Y}"
        return "" if value is None else str(value)


def _shown(person, words):
    known = person.pk is not None
    return {
        "name": " ".join(filter(None, person.names.values())),
        "rows": [number for _sheet, number in person.rows],
        "is_new": not known,
        "changes": _changes(person, words) if known else [],
        "places": [_place(work, words) for work in person.works if known and work.pk is None],
    }


def _changes(person, words):
    """`[field, organization, old, new]`; data of the person have no organization."""
    rows = [("", person), *((words.organizations[_at(work)], work) for work in person.works)]
    return [
        [name, where, words.of(name, row.old[name]), words.of(name, row.new[name])]
        for where, row in rows
        for name in row.new
    ]


def _at(work):
    return work.values["organization"]


def _place(work, words):
    values = work.values
    kind = words.of("kind", values.get("kind"))
    return ", ".join(filter(None, (words.organizations[_at(work)], values.get("post"), kind)))
