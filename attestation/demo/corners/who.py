"""Organizations, people, associations and orders of a neighbour, in every state."""

import datetime
import hashlib
import itertools

from attestation.demo.accounts import address
from communities import models


def build(place):
    """Who is there, and who leads what by which order."""
    _organizations(place)
    _people(place)
    _associations(place)


def _organizations(place):
    education = place.label(models.Agency, "education")
    culture = place.label(models.Agency, "culture")
    place.organizations = [
        models.Organization.objects.create(
            municipality=place.municipality,
            kind=kind,
            agency=education if kind.is_educational else culture,
            short_name=f"{kind.label} {place.genitive}",
            full_name=f"{kind.label} {place.genitive}",
            slug=f"{place.slug}-{kind.code}".replace("_", "-"),
            closed_on=place.today if kind.code == "public" else None,
        )
        for kind in place.labels(models.OrganizationKind)
    ]
    for row in place.organizations:
        row.aliases.create(text=f"{row.short_name} ({place.slug})")


def _people(place):
    kinds = list(models.Employment.Kind)
    categories = place.labels(models.QualificationCategory)
    place.people = [_person(place, categories[n % len(categories)]) for n in range(14)]
    for n, person in enumerate(place.people):
        _work(place, person, place.organizations[n % 3], models.Employment.Kind.MAIN)
    for kind in kinds[1:]:
        _work(place, place.people[3], place.organizations[3], kind, ends_on=place.today)
    _accounts(place)
    for n, person in enumerate(place.people[7:10]):
        _invitation(place, person, n)


def _person(place, category):
    last, first, patronymic = next(place.stream)
    return models.User.objects.create(
        municipality=place.municipality,
        last_name=last,
        first_name=first,
        patronymic=patronymic,
        category=category,
        password="!",  # noqa: S106  (an unusable one)
    )


def _work(place, person, organization, kind, **dates):
    work = models.Employment.objects.create(
        municipality=place.municipality,
        person=person,
        organization=organization,
        post="учитель",
        kind=kind,
        starts_on=datetime.date(2018, 9, 1),
        **dates,
    )
    work.subjects.add(place.label(models.Subject, "mathematics"))


def _accounts(place):
    """Every role; only the methodist of `zarechny`, the demo's neighbour, has a password."""
    for role, person in zip(models.Role, place.people, strict=False):
        person.email = f"{role}@{place.slug}.example"
        person.is_active = True
        models.RoleGrant.objects.create(
            municipality=place.municipality,
            person=person,
            role=role,
            organization=place.organizations[0] if role == models.Role.COORDINATOR else None,
            starts_on=datetime.date(2018, 9, 1),
        )
    place.methodist, place.head = place.people[:2]
    if place.slug == "zarechny":
        place.methodist.email = address("neighbour")
        place.methodist.password = place.password
    for person in place.people[: len(models.Role)]:
        person.save()


def _invitation(place, person, n):
    days = (30, 30, -1)[n]
    models.Invitation.objects.create(
        municipality=place.municipality,
        person=person,
        token_hash=hashlib.sha256(f"{place.slug}{n}".encode()).hexdigest(),
        invited_by=place.methodist,
        expires_at=place.now + datetime.timedelta(days=days),
        used_at=place.now if n == 1 else None,
    )


def _associations(place):
    place.leader = place.people[5]
    place.associations = [
        models.Association.objects.create(
            municipality=place.municipality,
            kind=kind,
            name=f"{kind.abbreviation} {place.genitive}",
            slug=f"{place.slug}-{kind.code}".replace("_", "-"),
            opened_on=datetime.date(2019, 9, 1),
        )
        for kind in place.labels(models.AssociationKind)
    ]
    place.association = place.associations[0]
    for state in models.Order.State:
        _order(place, state)
    _members(place)
    _online(place)


def _members(place):
    for source, person in zip(models.Membership.Source, place.people[6:], strict=False):
        models.Membership.objects.create(
            municipality=place.municipality,
            association=place.association,
            person=person,
            source=source,
            starts_on=datetime.date(2019, 9, 1),
            ends_on=place.today if source == "wish" else None,
            left_because="Переезд" if source == "wish" else "",
        )


def _online(place):
    for openness, level in itertools.product(
        models.OnlineCommunity.Openness, models.OnlineCommunity.Level
    ):
        models.OnlineCommunity.objects.create(
            municipality=place.municipality,
            association=place.association,
            name=f"{openness.label}, {level.label}",
            platform="ВКонтакте",
            openness=openness,
            level=level,
        )


def _order(place, state):
    order = models.Order.objects.create(
        municipality=place.municipality,
        number=f"{len(state)}/01-03",
        date=datetime.date(2019, 9, 1),
        title="О методических объединениях",
        state=state,
        created_by=place.methodist,
    )
    for action in models.OrderItem.Action:
        _order_item(place, order, action)


def _order_item(place, order, action):
    needs_person = action.startswith("appoint") or action == "dismiss"
    person = place.people[4] if action == "appoint_secretary" else place.leader
    association = place.associations[2 if action == "close" else 0]
    if action == "dismiss":
        association = place.associations[1]
    item = order.items.create(
        association=association,
        action=action,
        person=person if needs_person else None,
        name=association.name if action in ("create", "rename") else "",
        effective_on=order.date,
    )
    if order.state == models.Order.State.IN_FORCE and action.startswith("appoint"):
        models.Membership.objects.create(
            municipality=place.municipality,
            association=association,
            person=person,
            role=action.removeprefix("appoint_"),
            source=models.Membership.Source.ORDER,
            item=item,
            starts_on=order.date,
        )
