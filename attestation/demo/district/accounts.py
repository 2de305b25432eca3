"""People of the demo district who sign in, and the roles they hold."""

from attestation.demo.accounts import address
from attestation.demo.district.organizations import SINCE
from attestation.demo.district.people import next_person
from communities.models import Employment, RoleGrant


def build(district):
    """Six of the demo accounts; those of teachers are people of the first school."""
    math = [row for row in district.staff if "mathematics" in row[3]]
    first_school = district.by_kind["school"][0]
    district.teacher = next(row[0] for row in math if row[1] == first_school)
    district.leader = next(row[0] for row in math if row[1] == district.by_kind["school"][3])
    deputies = (row for row in district.staff if row[2] == "заместитель директора")
    district.coordinator = next(row[0] for row in deputies if row[1] == first_school)
    _rename(district, district.teacher, "teacher", "Соколова", "Анна", "Сергеевна", grades="7,8")
    _rename(district, district.leader, "leader", "Лебедева", "Ирина", "Викторовна")
    _rename(district, district.coordinator, "coordinator", "Громова", "Елена", "Павловна")
    district.methodist = _official(
        district, "methodist", "методист", "Белова", "Марина", "Олеговна"
    )
    district.head = _official(
        district, "head", "начальник Управления образования", "Орлова", "Нина", "Семёновна"
    )
    district.operator = _official(district, "operator", "инженер", "Филин", "Павел", "Юрьевич")
    _grant(district, district.coordinator, "coordinator", first_school)


def _rename(district, person, role, last, first, patronymic, **fields):
    account = {
        "email": address(role),
        "password": district.password,
        "is_active": True,
        "last_name": last,
        "first_name": first,
        "patronymic": patronymic,
        **fields,
    }
    for name, value in account.items():
        setattr(person, name, value)
    person.save(update_fields=list(account))


def _official(district, role, post, last, first, patronymic):
    person = next_person(district)
    person.category = person.teaching_since = None
    person.save()
    Employment.objects.create(
        municipality=district.municipality,
        person=person,
        organization=district.by_kind["department"][0],
        post=post,
        starts_on=SINCE,
    )
    _rename(district, person, role, last, first, patronymic)
    _grant(district, person, role)
    return person


def _grant(district, person, role, organization=None):
    RoleGrant.objects.create(
        municipality=district.municipality,
        person=person,
        role=role,
        organization=organization,
        starts_on=SINCE,
    )
