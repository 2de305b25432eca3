"""Associations of the demo district, the orders behind them, members and online communities."""

import datetime

from attestation.demo.themes import ASSOCIATIONS
from communities.models import Association, Membership, OnlineCommunity, Order, OrderItem
from communities.orders import rebuild
from communities.school_year import start_year

FIRST_ORDER = datetime.date(2020, 9, 16)


def build(district):
    """What the orders say, then who belongs and where they talk outside the portal."""
    _created(district)
    _members(district)
    _online(district)


def _created(district):
    district.associations = Association.objects.bulk_create(
        Association(
            municipality=district.municipality,
            kind=district.association_kinds[theme.kind],
            subject=district.subjects[theme.subjects[0]],
            name=theme.name,
            slug=theme.slug,
            about=f"Методическая помощь, обмен опытом и общие события: {theme.name.lower()}.",
        )
        for theme in ASSOCIATIONS
    )
    district.theme_of = dict(zip(district.associations, ASSOCIATIONS, strict=True))
    district.leaders = {row: _leader_for(district, row) for row in district.associations}
    _orders(district)
    for association in district.associations:
        rebuild(association)
    district.associations = list(
        Association.objects.filter(municipality=district.municipality).order_by("pk")
    )
    district.theme_of = dict(zip(district.associations, ASSOCIATIONS, strict=True))
    district.leaders = {row: district.leaders[row] for row in district.associations}


def _leader_for(district, association):
    if association.slug == "mathematics":
        return district.leader
    fits = [row for row in district.staff if _belongs(district, row, association)]
    taken = {district.teacher, district.leader, district.coordinator}
    fits = [row for row in fits if row[0] not in taken and row[2] != "директор"]
    return district.rng.choice(fits)[0]


def _belongs(district, row, association):
    theme = district.theme_of[association]
    _person, _organization, post, codes = row
    if theme.kind == "district":
        return bool(set(codes) & set(theme.subjects)) and post == theme.post
    if theme.post != "учитель":
        return post == theme.post
    return post == "учитель"


def _orders(district):
    """The founding order of 2020 creates all and names leaders; later ones confirm them."""
    first = Order.objects.create(
        municipality=district.municipality,
        number="199/01-03",
        date=FIRST_ORDER,
        title=(
            "О руководителях районных, межшкольных методических объединений и рабочих "
            "групп учителей в 2020-2021 учебном году"
        ),
        issuer="Управление образования",
        state=Order.State.IN_FORCE,
        created_by=district.methodist,
    )
    district.first_leaders = {row: _first_leader(district, row) for row in district.associations}
    OrderItem.objects.bulk_create(
        OrderItem(order=first, association=row, effective_on=FIRST_ORDER, **what)
        for row in district.associations
        for what in (
            {"action": "create", "name": row.name},
            {"action": "appoint_leader", "person": district.first_leaders[row]},
        )
    )
    _later_orders(district)


def _first_leader(district, association):
    """Some of those who led in 2020 have handed over since."""
    if district.associations.index(association) % 3 or association.slug == "mathematics":
        return district.leaders[association]
    fits = [row[0] for row in district.staff if _belongs(district, row, association)]
    return next(person for person in fits if person != district.leaders[association])


def _later_orders(district):
    for year in range(2021, start_year(district.today) + 1):
        day = datetime.date(year, 9, 16)
        if day > district.today:
            continue
        order = Order.objects.create(
            municipality=district.municipality,
            number=f"{183 + year % 100}/01-03",
            date=day,
            title=(
                "О руководителях районных, межшкольных методических объединений и рабочих "
                f"групп учителей в {year}-{year + 1} учебном году"
            ),
            issuer="Управление образования",
            state=Order.State.IN_FORCE,
            created_by=district.methodist,
        )
        _appoint(district, order, day)


def _appoint(district, order, day):
    """Everybody is named anew each year; in 2023 some have handed over."""
    OrderItem.objects.bulk_create(
        OrderItem(
            order=order,
            association=row,
            action="appoint_leader",
            person=district.first_leaders[row] if day.year < 2023 else district.leaders[row],
            effective_on=day,
        )
        for row in district.associations
    )


def _members(district):
    rows = []
    for association in district.associations:
        limit = {"district": 60, "inter_school": 30}.get(district.theme_of[association].kind, 12)
        fits = [row[0] for row in district.staff if _belongs(district, row, association)]
        if association.slug == "new-standards":
            fits = [row[0] for row in district.staff if row[2] == "заместитель директора"]
        chosen = fits[: limit * district.scale]
        if association.slug in ("mathematics", "functional-literacy"):
            chosen = list(dict.fromkeys([district.teacher, *chosen]))
        rows += [
            Membership(
                municipality=district.municipality,
                association=association,
                person=person,
                starts_on=FIRST_ORDER,
            )
            for person in chosen
        ]
    Membership.objects.bulk_create(rows)
    district.members = {}
    for row in rows:
        district.members.setdefault(row.association, []).append(row.person)


def _online(district):
    """The communities of the founding report: four closed, two open, one chat."""
    by_slug = {row.slug: row for row in district.associations}
    groups = (
        ("РМО учителей истории, обществознания", "closed", "history"),
        ("РМО специалистов службы сопровождения", "closed", "support"),
        ("РМО учителей русского языка и литературы", "closed", "russian"),
        ("РМО учителей математики и информатики", "closed", "mathematics"),
        ("РМО учителей иностранного языка", "open", "languages"),
        ("РМО география, биология, химия", "chat", "natural-sciences"),
    )
    for name, openness, slug in groups:
        _community(district, name, openness, association=by_slug[slug])
    centre = district.by_kind["additional"][0]
    _community(district, "МБОУ ДО «Никольский ЦДО»", "open", organization=centre)
    for name in (
        "Методподдержка Вологодская область",
        "Методическая поддержка-35. Начальная школа",
    ):
        _community(district, name, "open", level="regional")


def _community(district, name, openness, **fields):
    OnlineCommunity.objects.create(
        municipality=district.municipality,
        name=name,
        platform="ВКонтакте",
        openness=openness,
        opened_on=datetime.date(2020, 10, 1),
        **fields,
    )
