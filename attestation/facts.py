"""Facts in words that texts of reports may name: `{order}`, `{school_year}`, `{theme}` …"""

from django.db.models import Count

from attestation.indicators import SOURCES
from communities.models import Membership, Order, OrderItem
from events.models import AnnualPlan
from network_portal.formats import quoted

OF_MUNICIPALITY = (
    "municipality",
    "municipality_genitive",
    "department",
    "department_genitive",
    "school_year",
    "order",
    "online_communities",
    "online_communities_regional",
)
OF_ASSOCIATION = (*OF_MUNICIPALITY, "association", "theme", "goal", "leader")
NAMING = (OrderItem.Action.CREATE, OrderItem.Action.APPOINT_LEADER)


def codes_of(report):
    return OF_ASSOCIATION if report.association_id else OF_MUNICIPALITY


def gather(scope):
    """Every fact as a string; what is not known is empty."""
    place = scope.municipality
    facts = {
        "municipality": place.name,
        "municipality_genitive": place.name_genitive,
        "department": place.department_name,
        "department_genitive": place.department_genitive,
        "school_year": scope.school_year.long_name,
        "order": order_in_words(scope),
        "online_communities": communities_in_words(scope, "municipal"),
        "online_communities_regional": communities_in_words(scope, "regional"),
    }
    return {**facts, **_of_association(scope)} if scope.association else facts


def order_in_words(scope):
    """«№ 199/01-03 от 16.09.2020 «О руководителях …»»: the order the year was worked under."""
    order = order_of(scope)
    if order is None:
        return ""
    return f"{order} от {order.date:%d.%m.%Y} {quoted(order.title)}"


def order_of(scope):
    """Of the orders that name leaders: this year's with most items, else the last before it."""
    rows = Order.objects.filter(
        municipality=scope.municipality,
        state=Order.State.IN_FORCE,
        date__lte=scope.counted_on,
        items__action__in=NAMING,
    )
    rows = scope.only(rows, "items__association").annotate(weight=Count("items"))
    this_year = rows.filter(date__gte=scope.school_year.starts_on.replace(month=7))
    return this_year.order_by("-weight", "-date").first() or rows.order_by("-date", "-pk").first()


def communities_in_words(scope, level):
    """«в сети «ВКонтакте»: «РМО химии» (закрытая группа), …», a clause for each network."""
    by_network = {}
    for row in SOURCES["online_communities"].queryset(scope, {"level": level}):
        name = f"{quoted(row.name)} ({row.get_openness_display()})"
        by_network.setdefault(row.platform, []).append(name)
    return "; ".join(
        f"в сети {quoted(network)} {', '.join(names)}" for network, names in by_network.items()
    )


def _of_association(scope):
    plan = AnnualPlan.objects.filter(
        association=scope.association, school_year=scope.school_year
    ).first()
    return {
        "association": scope.association.name,
        "theme": plan.theme.rstrip(". ") if plan else "",
        "goal": plan.goal if plan else "",
        "leader": leader_on(scope),
    }


def leader_on(scope):
    """Who led the association on the counted day."""
    term = (
        Membership.objects.filter(association=scope.association, role=Membership.Role.LEADER)
        .in_force(scope.counted_on)
        .select_related("person")
        .first()
    )
    return term.person.full_name if term else ""
