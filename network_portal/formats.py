"""How numbers, sizes, dates and names are written in Russian: pure functions."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

GRADE = re.compile(r"(?<=\d) (?=класс)")
NBSP = "\u00a0"
THIN = "\u202f"

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
MONTHS_ALONE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
MONTHS_SHORT = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
MONTHS_BRIEF = (*MONTHS_SHORT[:4], "май", *MONTHS_SHORT[5:])  # without a day before them
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
WEEKDAYS_SHORT = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
UNSAVEABLE = re.compile(r'[\x00-\x1f\\/:*?"<>|]')
UNITS = ("байт", "КБ", "МБ", "ГБ")


def local(value):
    """A moment as the clock on the wall shows it; a plain date stays as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def rounded(value, places=0):
    """Round half up, as people do."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value, places=None):
    """1191 → «1 191» with a thin space that never breaks; 1.5 → «1,5»."""
    value = Decimal(str(value)) if places is None else rounded(value, places)
    whole, _, fraction = f"{abs(value):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", THIN) if len(whole) > 3 else whole
    sign = "−" if value < 0 else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def file_size(size):
    """245760 → «240 КБ», 3250586 → «3,1 МБ»."""
    value, unit = Decimal(size), 0
    while unit < len(UNITS) - 1 and rounded(value) >= 1024:
        value, unit = value / 1024, unit + 1
    tenths = rounded(value, 1)
    exact = unit >= 2 and value < 10 and tenths != tenths.to_integral_value()
    shown = number(tenths) if exact else number(rounded(value))
    return f"{shown}{NBSP}{UNITS[unit]}"


def capital(text):
    """The text with a capital at its beginning, as a line of its own begins."""
    return text[:1].upper() + text[1:]


def small(text):
    """The text as it stands within a sentence: «ОГЭ» keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def file_stem(text):
    """A title as a name for a file: without the signs some systems refuse, not too long."""
    return UNSAVEABLE.sub("_", text)[:100].rstrip(" .")


def percent(part, whole):
    """The share as a whole percent, half up; nothing to divide by gives nothing."""
    return int(rounded(Decimal(part) * 100 / Decimal(whole))) if whole else None


def share(part, whole):
    """15 of 39 → «15 (38 %)»: the number and its percent stand together."""
    value = percent(part, whole)
    return number(part) if value is None else f"{number(part)}{NBSP}({value}{NBSP}%)"


def day(value):
    """«19 ноября»."""
    value = local(value)
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}"


def day_year(value):
    """«19 ноября 2026»."""
    return f"{day(value)} {local(value).year}"


def day_full(value):
    """«19 ноября 2026 г.»: as papers write it."""
    return f"{day(value)} {local(value).year}{NBSP}г."


def day_near(value, today=None):
    """«сегодня», «вчера», «завтра», otherwise the day, with the year if it is another one."""
    value = local(value)
    value = value.date() if isinstance(value, datetime) else value
    today = today or timezone.localdate()
    near = {0: "сегодня", -1: "вчера", 1: "завтра"}.get((value - today).days)
    return near or day_due(value, today)


def day_due(value, today=None):
    """«19 ноября», with the year if it is another one."""
    value = local(value)
    today = today or timezone.localdate()
    return day(value) if value.year == today.year else day_year(value)


def days_late(value, today=None):
    """How many days ago this day was; 0 for today and what is to come."""
    return max(0, ((today or timezone.localdate()) - value).days)


def day_words(value):
    """«четверг, 19 ноября»."""
    return f"{weekday(value)}, {day(value)}"


def moment(value):
    """«19 ноября, 14:30»."""
    return f"{day(value)}, {local(value):%H:%M}"


def month_year(value):
    """«ноябрь 2026»."""
    value = local(value)
    return f"{MONTHS_ALONE[value.month - 1]} {value.year}"


def month_short(value):
    """«ноя»."""
    return MONTHS_SHORT[local(value).month - 1]


def weekday(value):
    """«четверг»."""
    return WEEKDAYS[local(value).weekday()]


def weekday_short(value):
    """«чт»."""
    return WEEKDAYS_SHORT[local(value).weekday()]


def hours_between(start, end):
    """«14:30–16:00»; without an end only the start, over midnight both with their days."""
    start, end = local(start), local(end)
    if end is None or end == start:
        return f"{start:%H:%M}"
    if isinstance(start, datetime) and start.date() != end.date():
        return f"{moment(start)} – {moment(end)}"
    return f"{start:%H:%M}–{end:%H:%M}"


def days_between(start, end):
    """«19–21 ноября», «30 ноября – 2 декабря»; one day is written once."""
    start, end = local(start), local(end)
    if (start.year, start.month, start.day) == (end.year, end.month, end.day):
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    return f"{day(start)} – {day(end)}"


def school_year(start):
    """2026 → «2026/27»."""
    return f"{start}/{(start + 1) % 100:02}"


def _name_parts(name):
    last, *rest = name.split()
    return last, [f"{part[0].upper()}." for part in rest[:2]]


def quoted(name):
    """A name in quotation marks, its own or ours; those within become the inner ones.

    «РМО химии», «Чат „РМО химии“».
    """
    name = name.strip()
    if name.startswith("«") and name.endswith("»"):
        return name
    inner = name.replace("«", "„").replace("»", "“")
    return f"«{inner}»"


def short_name(name):
    """«Соколова Анна Петровна» → «Соколова А. П.»: for rows."""
    if not name.split():
        return ""
    last, letters = _name_parts(name)
    return NBSP.join([last, *letters])


def signature_name(name):
    """«Соколова Анна Петровна» → «А.П. Соколова»: for signatures."""
    if not name.split():
        return ""
    last, letters = _name_parts(name)
    return f"{''.join(letters)}{NBSP}{last}" if letters else last


def initials(name):
    """«Соколова Анна Петровна» → «АС»: for the round mark in the header."""
    parts = name.split()
    return "".join(part[0] for part in [*parts[1:2], *parts[:1]]).upper()


def tied(text):
    """Spaces after №, before units and between a grade and its word never break a line."""
    for before, after in (("№ ", f"№{NBSP}"), (" %", f"{NBSP}%"), (" г.", f"{NBSP}г.")):
        text = text.replace(before, after)
    return GRADE.sub(NBSP, text)


def is_date(value):
    """True for dates and moments: filters leave anything else empty."""
    return isinstance(value, date)
