"""Sign-in and management in a real browser: accessible, and whole on a narrow screen."""

import pytest
from django.urls import reverse

from communities import audit, invitations
from tests.browser import cut_off, violations
from tests.factories import EmploymentFactory, ImportBatchFactory, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paths(people):
    """Addresses of the pages and who looks at them."""
    person = PersonFactory(municipality=people.municipality, last_name="Невходова")
    EmploymentFactory(person=person, organization=people.organization)
    link = invitations.invite(person, actor=people.methodist, email="n@test.example")
    audit.record("person.change", person, actor=people.methodist)
    batch = ImportBatchFactory(created_by=people.methodist)
    error = {
        "sheet": "Лист1",
        "row": 12,
        "column": "Место работы",
        "value": "Школа-призрак с очень длинным названием имени Героя",
        "problem": "Такой организации нет.",
        "remedy": "Напишите как в списке организаций.",
    }
    shown = {"name": "Новая Анна", "rows": [2], "is_new": True, "fields": [], "works": 1}
    batch.mapping["preview"].update(new=1, wrong=1, errors=[error] * 25, sample=[shown])
    batch.save()
    own = [
        "manage",
        "person-list",
        "person-new",
        "role-list",
        "audit-list",
        "dictionary-list",
        "import-list",
    ]
    guest = [reverse("account_login"), reverse("account_signup"), "/invite/" + link.split("/")[-2]]
    managed = [reverse(f"communities:{name}") for name in own]
    managed += [batch.get_absolute_url(), reverse("communities:person-edit", args=[person.pk])]
    managed += [reverse("communities:dictionary-detail", args=["communities-associationkind"])]
    return [(path, None) for path in guest] + [(path, people.methodist) for path in managed]


@pytest.mark.parametrize("width", [1366, 320])
def test_pages_are_accessible_and_whole(open_page, paths, width):
    found = {}
    for path, person in paths:
        page = open_page(path, width, person=person)
        faults = (violations(page), cut_off(page), page.complaints)
        if any(faults):
            found[path] = faults
        page.context.close()
    assert found == {}
