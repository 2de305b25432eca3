"""Titles of columns as lists of people write them, and the fields they mean."""

import re

# The first pattern that fits a whole title wins; titles come in small letters, ё as е.
PATTERNS = (
    ("", r"(общий|непрерывный|трудовой)( трудовой)? стаж.*|стаж (общий|в должности).*"),
    ("", r".*(образовани[ея]|диплом|курс|повышени|рождени|снилс|паспорт).*|пол"),
    ("last_name", r"фамилия( (педагога|учителя|сотрудника|работника))?|last name"),
    ("first_name", r"имя( (педагога|учителя|сотрудника|работника))?|first name"),
    ("patronymic", r"отчество( при наличии)?"),
    (
        "full_name",
        (
            r"(фио|ф и о|фамилия имя( и)? отчество|фамилия и имя|фамилия и о)( .*)?|fio|"
            r"(педагог|педагогический работник|сотрудник|работник|учитель)"
        ),
    ),
    ("email", r".*(e ?mail|почт[аы]|эл почта|электронный адрес).*"),
    ("phone", r".*(телефон|тел|сотовый|мобильный)( .*)?"),
    (
        "starts_on",
        (
            r"(дата|год) (приема|принятия|трудоустройства|начала работы).*|"
            r"принята?( на работу)?( с)?|"
            r"работает( в .*)? с( .*)?|дата приема"
        ),
    ),
    (
        "kind",
        (
            r"(вид|форма|тип|условия) (занятости|работы|привлечения.*|трудоустройства)|занятость|"
            r".*совместител.*|основное место.*|трудовые отношения"
        ),
    ),
    ("post", r"(занимаемая )?должность( .*)?|должности|post"),
    (
        "category",
        r".*категори[яи].*|квалификация|employee ?qualification|qualification|кат",
    ),
    (
        "experience",
        (
            r"(пед|педагогический|педагог)( .*)?стаж.*|стаж( пед.*| педагогическ.*| работы.*)?|"
            r"(пед|педагогический) ?стаж.*|начало педагогической.*"
        ),
    ),
    (
        "subjects",
        r".*(предмет|дисциплин).*|teaching ?discipline",
    ),
    (
        "organization",
        (
            r"(место|наименование места) работы.*|.*(организаци|учреждени).*|оо|оу|доу|школа|садик|"
            r"(наименование|название) (оо|оу|доу|школы|детского сада)|общеобразовательн.*"
        ),
    ),
)
FIELDS = (
    "full_name",
    "last_name",
    "first_name",
    "patronymic",
    "organization",
    "post",
    "kind",
    "subjects",
    "category",
    "experience",
    "starts_on",
    "email",
    "phone",
)
LONGEST_TITLE = 90


def recognise(title):
    """The field a title means, or an empty string."""
    words = plain(title)
    if not words or len(words) > LONGEST_TITLE:
        return ""
    for field, pattern in PATTERNS:
        if re.fullmatch(pattern, words):
            return field
    return ""


def plain(title):
    """«Ф.И.О. учителя*» → «ф и о учителя»."""
    text = str(title).lower().replace("ё", "е").replace("-\n", "")
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def mapping_of(titles):
    """Field → place of its column, the first column for each field."""
    found = {}
    for place, title in enumerate(titles):
        field = recognise(title)
        if field and field not in found:
            found[field] = place
    if "last_name" in found and "first_name" in found:
        found.pop("full_name", None)
    return found
