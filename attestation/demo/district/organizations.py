"""Organizations of the demo district, as many of each kind as the founding document has."""

import datetime

from communities.models import Organization, OrganizationAlias
from communities.text import normalize_name

SINCE = datetime.date(2012, 9, 1)
RURAL = (
    "Аргуновская Байдаровская Вахневская Дуниловская Завражская Зеленцовская Кожаевская "
    "Краснополянская Кумбисерская Левобережная Осиновская"
).split()
FLOWERS = (
    "Берёзка Колокольчик Ромашка Солнышко Теремок Рябинка Сказка Родничок Ёлочка Василёк "
    "Дюймовочка Радуга Светлячок Капелька Малышок Росинка Ивушка Золушка Журавушка Аленький "
    "Огонёк Незабудка Пчёлка Звёздочка Ласточка Одуванчик Петушок Чебурашка Лесовичок Снежинка "
    "Тополёк Подснежник Буратино"
).split()


def build(district):
    """Schools, preschools, additional education and partners, with their spellings."""
    specs = [*_schools(), *_preschools(), *_others()]
    district.organizations = Organization.objects.bulk_create(
        Organization(
            municipality=district.municipality,
            kind=district.kinds[kind],
            agency=district.agencies[agency],
            short_name=short,
            full_name=full,
            slug=slug,
            address=f"{short}, Никольский район",
            opened_on=SINCE,
        )
        for kind, agency, short, full, slug in specs
    )
    OrganizationAlias.objects.bulk_create(
        OrganizationAlias(organization=row, text=text, normalized=key)
        for row in district.organizations
        for text, key in _aliases(row)
    )
    district.by_kind = {
        code: [row for row in district.organizations if row.kind_id == kind.pk]
        for code, kind in district.kinds.items()
    }


def _schools():
    for number in range(1, 5):
        short = f"СОШ №\N{NO-BREAK SPACE}{number}"
        yield "school", "education", short, f"МБОУ «{short} г. Никольска»", f"school-{number}"
    for number, name in enumerate(RURAL, 5):
        short = f"{name} СОШ"
        yield "school", "education", short, f"МБОУ «{short}»", f"school-{number}"


def _preschools():
    for number, flower in enumerate(FLOWERS, 1):
        short = f"Детский сад №\N{NO-BREAK SPACE}{number} «{flower}»"
        yield "preschool", "education", short, f"МБДОУ «{short}»", f"preschool-{number}"


def _others():
    yield "additional", "education", "Никольский ЦДО", "МБОУ ДО «Никольский ЦДО»", "cdo"
    yield "additional", "education", "Детско-юношеский центр", "МБУ ДО «ДЮЦ»", "duc"
    yield (
        "department",
        "education",
        "Управление образования",
        "Управление образования администрации Никольского муниципального района",
        "department",
    )
    yield "museum", "culture", "Краеведческий музей", "МБУК «Краеведческий музей»", "museum"
    yield "college", "region_education", "Никольский колледж", "БПОУ «Колледж»", "college"
    yield "enterprise", "business", "Льнозавод", "ООО «Никольский льнозавод»", "flax-mill"


def _aliases(row):
    spellings = {
        row.short_name,
        row.full_name,
        row.short_name.replace("\N{NO-BREAK SPACE}", ""),
    }
    seen = {}
    for text in sorted(spellings):
        seen.setdefault(normalize_name(text), text)
    return [(text, key) for key, text in seen.items()]
