"""People of the demo district and where each of them works."""

import itertools

from attestation.demo.district.organizations import SINCE
from attestation.demo.themes import ASSOCIATIONS
from communities.models import Employment, User

SCHOOL_TEACHERS, SCHOOL_OTHERS = 21, 1  # teaching; the first are as many times as the scale says


def build(district):
    """Everybody with a place of work, in the order of the organizations."""
    plan = staff_of(district)
    people = User.objects.bulk_create(next_person(district) for _row in plan)
    employments = Employment.objects.bulk_create(
        Employment(
            municipality=district.municipality,
            person=person,
            organization=organization,
            post=post,
            starts_on=SINCE,
        )
        for person, (organization, post, _subjects) in zip(people, plan, strict=True)
    )
    through = Employment.subjects.through
    through.objects.bulk_create(
        through(employment=work, subject=district.subjects[code])
        for work, (_org, _post, codes) in zip(employments, plan, strict=True)
        for code in codes
    )
    district.staff = [
        (person, organization, post, codes)
        for person, (organization, post, codes) in zip(people, plan, strict=True)
    ]


def staff_of(district):
    """Organization, post and subjects of everybody there will be."""
    return [
        *_school_staff(district),
        *_preschool_staff(district),
        *_additional_staff(district),
        *_heads(district),
    ]


def scale_of(municipality):
    """The scale a standing district was built with, told by the staff of its schools."""
    staff = Employment.objects.filter(
        municipality=municipality, organization__kind__code="school", is_teaching=True
    )
    schools = staff.values("organization").distinct().count() or 1
    return max(1, round((staff.count() / schools - SCHOOL_OTHERS) / SCHOOL_TEACHERS))


def next_person(district):
    """The next person of the stream, with a category and years of work by chance."""
    last, first, patronymic = next(district.people_stream)
    shares = [("highest", 35), ("first", 40), ("position_compliance", 13), ("none", 12)]
    codes, weights = zip(*shares, strict=True)
    return User(
        municipality=district.municipality,
        last_name=last,
        first_name=first,
        patronymic=patronymic,
        category=district.categories[district.rng.choices(codes, weights)[0]],
        teaching_since=district.today.year - district.rng.choice((2, 4, 8, 14, 18, 27, 31, 34)),
        password="!",  # noqa: S106  (an unusable one)
    )


def _school_staff(district):
    subjects = itertools.cycle(
        theme for theme in ASSOCIATIONS if theme.where == "school" and theme.kind == "district"
    )
    for school in district.by_kind["school"]:
        for _ in range(SCHOOL_TEACHERS * district.scale):
            theme = next(subjects)
            yield school, theme.post, theme.subjects[:2]
        yield school, "педагог-библиотекарь", ("library",)
        yield school, "заместитель директора", ("management",)


def _preschool_staff(district):
    for preschool in district.by_kind["preschool"]:
        for _ in range(4 * district.scale):
            yield preschool, "воспитатель", ("preschool",)
        yield preschool, "музыкальный руководитель", ("music",)


def _additional_staff(district):
    for centre in district.by_kind["additional"]:
        for _ in range(12 * district.scale):
            yield centre, "педагог дополнительного образования", ("additional",)


def _heads(district):
    posts = {"school": "директор", "preschool": "заведующий", "additional": "директор"}
    for code, post in posts.items():
        for organization in district.by_kind[code]:
            yield organization, post, ()
    for code in ("museum", "college", "enterprise"):
        yield district.by_kind[code][0], "специалист", ()
