"""The school year 2020-21 of the founding document, as small as it can be."""

import datetime

from attestation import reports, workflow
from attestation.demo import founding
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
# The document as it is read from above, every place filled.
HEADINGS = [
    "Предложения",
    "Информационно-методическому отделу, руководителям РМО:",
    "Руководителям ОУ:",
]
SENTENCES = [
    "Актуальность сетевого взаимодействия заключается в том, что при нем происходит",
    (
        "В настоящее время система образования Никольского муниципального района представлена "
        "15 общеобразовательными учреждениями, 33 учреждениями дошкольного образования, "
        "2 – дополнительного образования детей. Все ОО имеют выход в Интернет."
    ),
    (
        "Однако методическое сопровождение и обмен опытом работы осуществляется лишь через "
        "традиционные формы (заседания РМО): семинары, круглые столы, мастер-классы."
    ),
    "Современные требования же предполагают не только информационное сопровождение",
    "Накопление и использование мультимедийной продукции, использование Интернет-ресурсов",
    "Внедрение сетевого взаимодействия направлено на решение важнейшей задачи – повышение",
    "Значимая роль сетевого взаимодействия заключается в использовании",
    "развитие единого информационного пространства учреждений образования и присутствие в нем",
    "создание, развитие и эффективное использование управляемых информационных",
    "Эффективность реализации сетевого взаимодействия направлена на:",
    "Повышение уровня доступности, открытости образовательной информации.",
    "Включенность участников образовательного процесса в различные сетевые мероприятия.",
    "Повышение информационной культуры, инновационной компетентности педагогических работников.",
    "Расширение возможностей использования ресурсов информационного пространства.",
    "В соответствии с приказом Управления образования № 199/01-03 от 16.09.2020 «О руководителях",
    (
        "в районе работали 13 районных методических объединений, 5 межшкольных методических "
        "объединений и 2 рабочие группы."
    ),
    "В электронной сети «ВКонтакте» созданы сообщества учителей: «РМО учителей истории,",
    "«РМО учителей иностранного языка» (открытая группа), МБОУ ДО «Никольский ЦДО» (открытая",
    "Учителя биологии, географии, химии создали беседу «РМО география, биология, химия».",
    "Много учителей образовательных учреждений Никольского муниципального района состоит в группе",
    "Всего в районе 4 закрытые группы, 2 открытые группы, 1 беседа; региональных сообществ,",
    "Продолжить работу по созданию и развитию профессиональных сообществ на муниципальном уровне.",
    "обмен базами данных и т.п.). Срок: до 01.09.2021.",
    "на уровне школы и района. Срок: до 06.09.2021.",
    "При аттестации педагогов на более высокую квалификационную категорию учитывать результаты",
]


def build_core(municipality):
    """Organizations, associations with their order, communities; things that must not count."""
    for kind, count in (("school", 15), ("preschool", 33), ("additional", 2), ("museum", 1)):
        OrganizationFactory.create_batch(count, municipality=municipality, kind_code=kind)
    OrganizationFactory(municipality=municipality, closed_on=datetime.date(2020, 8, 1))
    order = Order.objects.create(
        municipality=municipality,
        number="199/01-03",
        date=ORDER_DAY,
        title=(
            "О руководителях районных, межшкольных методических объединений и рабочих "
            "групп учителей в 2020-2021 учебном году"
        ),
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
    """The core report as a draft in its words, built as of the day it was signed."""
    report = reports.open_draft(people.municipality, year, actor=people.methodist)
    report = reports.build(report, actor=people.methodist, counted_on=SIGNED_AT.date())
    return founding.write(report)


def sign(report, people, at=None):
    """Hand a report in and approve it, as the municipality's people would."""
    approver = people.methodist if report.association_id else people.head
    writer = people.leader if report.association_id else people.methodist
    workflow.perform(report, "submit", actor=writer, at=at)
    return workflow.perform(report, "approve", actor=approver, at=at)


def missing(text, sentences):
    """Sentences that do not stand in the text after the one before, whatever parts its lines."""

    def letters(words):
        return "".join(words.replace("\ufffe", "").split())

    text, place, lost = letters(text), 0, []
    for sentence in sentences:
        found = text.find(letters(sentence), place)
        if found < 0:
            lost.append(sentence)
        else:
            place = found
    return lost
