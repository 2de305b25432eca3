"""The school year 2020-21 of the founding document, as small as it can be."""

import datetime

from attestation import reports, workflow
from communities.models import OnlineCommunity, Order
from tests.factories import (
    AssociationFactory,
    OrganizationFactory,
    a_school_year,
)

YEAR = 2020
ORDER_DAY = datetime.date(2020, 9, 16)
SIGNED_AT = datetime.datetime(2021, 6, 25, 9, tzinfo=datetime.UTC)
FIGURES = {
    "organizations.school": 15,
    "organizations.preschool": 33,
    "organizations.additional": 2,
    "organizations.total": 50,
    "organizations.internet": 50,
    "associations.district": 13,
    "associations.inter_school": 5,
    "associations.working_group": 2,
    "associations.total": 20,
    "online_communities.closed": 4,
    "online_communities.open": 2,
    "online_communities.chat": 1,
    "online_communities.regional": 2,
}
PROPOSALS = (
    (["office", "leaders"], "продолжить работу по развитию сообществ", None),
    (["organizations"], "создать условия в организациях", datetime.date(2021, 9, 1)),
    (["organizations"], "определить направления работы", datetime.date(2021, 9, 6)),
)


def build_core(municipality):
    """Organizations, associations with their order, communities; things that must not count."""
    for kind, count in (("school", 15), ("preschool", 33), ("additional", 2), ("museum", 1)):
        OrganizationFactory.create_batch(count, municipality=municipality, kind_code=kind)
    OrganizationFactory(municipality=municipality, closed_on=datetime.date(2020, 8, 1))
    order = Order.objects.create(
        municipality=municipality,
        number="199/01-03",
        date=ORDER_DAY,
        title="О руководителях методических объединений",
        state="in_force",
    )
    for kind, count in (("district", 13), ("inter_school", 5), ("working_group", 2)):
        for one in AssociationFactory.create_batch(
            count, municipality=municipality, kind_code=kind, opened_on=ORDER_DAY
        ):
            order.items.create(association=one, action="create", effective_on=ORDER_DAY)
    AssociationFactory(municipality=municipality, opened_on=datetime.date(2021, 9, 1))
    _communities(municipality)
    return a_school_year(municipality, YEAR)


def _communities(municipality):
    rows = [("closed", 4, "municipal"), ("open", 2, "municipal"), ("chat", 1, "municipal")]
    for openness, count, level in [*rows, ("open", 2, "regional")]:
        for n in range(count):
            OnlineCommunity.objects.create(
                municipality=municipality,
                name=f"Сообщество {openness} {level} {n}",
                platform="ВКонтакте",
                openness=openness,
                level=level,
                opened_on=datetime.date(2019, 9, 1),
            )


def core_report(people, year):
    """The core report as a draft with its proposals, built as of the day it was signed."""
    report = reports.open_draft(people.municipality, year, actor=people.methodist)
    for place, (addressees, text, due) in enumerate(PROPOSALS):
        report.proposals.create(
            position=place,
            heading="Руководителям ОУ" if due else "Отделу, руководителям РМО",
            addressees=addressees,
            text=text,
            due_on=due,
        )
    return reports.build(report, actor=people.methodist, counted_on=SIGNED_AT.date())


def sign(report, people, at=None):
    """Hand a report in and approve it, as the municipality's people would."""
    approver = people.methodist if report.association_id else people.head
    writer = people.leader if report.association_id else people.methodist
    workflow.perform(report, "submit", actor=writer, at=at)
    return workflow.perform(report, "approve", actor=approver, at=at)
