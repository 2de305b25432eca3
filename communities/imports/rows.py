"""One row of a list as values of a person, or what is wrong with it and how to mend it."""

import datetime
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from communities.models import (
    Employment,
    Organization,
    OrganizationAlias,
    QualificationCategory,
    Subject,
)
from communities.text import fold_yo, normalize_name, tidy_name

NAMES = ("last_name", "first_name", "patronymic")
ABOUT = ("category", "experience", "email", "phone")
FIRST_YEAR, LONGEST_CAREER = 1940, 75
EXCEL_DAYS = (18_000, 60_000)  # 1949 … 2064 as numbers of days
EXCEL_EPOCH = datetime.date(1899, 12, 30)
MONTHS = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
LEGAL = re.compile(
    r"^((муниципальное|государственное|бюджетное|казенное|автономное|учреждение|"
    r"общеобразовательное|образовательное|дошкольное|дополнительного|образования)\s+)+|"
    r"^[мг][абк]?[дн]?оу( до)?\s+|^[мг]?[абк]у(до| до)?\s+"
)
KINDS = (
    (r"внеш", Employment.Kind.EXTERNAL),
    (r"внутр", Employment.Kind.INTERNAL),
    (r"гпх|почас|договор|контракт", Employment.Kind.CONTRACT),
    (r"совм", Employment.Kind.EXTERNAL),
    (r"штат|осн|^да$|постоян", Employment.Kind.MAIN),
)
CATEGORIES = (
    ("methodist", r"педагог ?методист"),
    ("mentor", r"педагог ?наставник"),
    ("position_compliance", r"соотв|^сзд\b"),
    ("none", r"^(б ?к|без|нет|не имеет|отсутствует)"),
    ("highest", r"высш|^вкк?\b|^в\b"),
    ("first", r"перв|^(1|i|1 ?я|1 ?кк)\b( кат.*)?"),
)


class RowError(Exception):
    """A value that cannot be taken: the field, the problem and the remedy.

    `taken` is said of a note besides, as long as the row itself is taken.
    """

    def __init__(self, field_name, problem, remedy, taken=""):
        super().__init__(problem)
        self.field, self.problem, self.remedy = field_name, problem, remedy
        self.taken = taken


@dataclass
class Row:
    """Understood values of one row; `errors` keep it out, `notes` only tell."""

    sheet: str
    number: int
    values: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    notes: list = field(default_factory=list)


class Reader:
    """Understands rows with the dictionaries of one municipality."""

    def __init__(self, municipality, *, organization=None):
        self.today = municipality.today()
        self.organization = organization
        self.organizations = _organizations(municipality)
        self.subjects = {
            normalize_name(row.label): row.pk
            for row in Subject.objects.filter(municipality=municipality)
        }
        rows = QualificationCategory.objects.filter(municipality=municipality)
        self.categories = {row.code: row.pk for row in rows}
        self.labels = {row.code: row.label for row in rows}
        self.category_labels = {normalize_name(row.label): row.pk for row in rows}

    def read(self, sheet, number, cells, mapping, titles):
        """One `Row`; every cell that cannot be understood is named with its column."""
        row = Row(sheet, number)
        cell = {name: cells[place] if place < len(cells) else "" for name, place in mapping.items()}
        for name in ("name", "organization", "post", "kind", "starts_on", "subjects", *ABOUT):
            try:
                row.values.update(getattr(self, f"_{name}")(cell, row))
            except RowError as error:
                row.errors.append(_finding(error, cell, titles, mapping))
        row.notes = [
            _finding(note, cell, titles, mapping) | {"taken": note.taken} for note in row.notes
        ]
        return row

    def _name(self, cell, row):
        if "last_name" in cell:
            parts = [tidy_name(cell.get(name, "")) for name in NAMES]
            parts[2] = "" if parts[2] in ("-", "Нет") else parts[2]
        else:
            parts = split_name(cell.get("full_name", ""))
        check_name(parts, "last_name" if "last_name" in cell else "full_name")
        return dict(zip(NAMES, parts, strict=True))

    def _organization(self, cell, row):
        text = cell.get("organization", "")
        if not text:
            if self.organization is not None:
                return {"organization": self.organization.pk}
            raise RowError(
                "organization",
                _("The organization is missing."),
                _("Fill the cell in, or choose one organization for the whole file."),
            )
        keys = (normalize_name(text), without_form(text))
        found = next(filter(None, map(self.organizations.get, keys)), set())
        if len(found) != 1:
            raise RowError(
                "organization",
                _("Several organizations are called so.") if found else _("No such organization."),
                _("Write it as in the list of organizations, or add this spelling there."),
            )
        return {"organization": next(iter(found))}

    def _post(self, cell, row):
        post = cell.get("post", "")[:120]
        if not post:
            return {}
        return {"post": post if post[:2].isupper() else post[0].lower() + post[1:]}

    def _kind(self, cell, row):
        return {"kind": kind_of(cell["kind"])} if cell.get("kind") else {}

    def _starts_on(self, cell, row):
        text = cell.get("starts_on", "")
        return {"starts_on": date_of(text, self.today)} if text else {}

    def _subjects(self, cell, row):
        text = cell.get("subjects", "")
        if not text:
            return {}
        parts = filter(None, (piece.strip() for piece in re.split(r"[;,/]|\s\+\s", text)))
        found = {part: self._subjects_called(normalize_name(part)) for part in parts}
        unknown = [part for part, pks in found.items() if not pks]
        if unknown:
            problem = _("Subjects not in the list: %(names)s") % {"names": ", ".join(unknown)}
            remedy = _("Add the subject among the labels.")
            taken = _("The row is taken without them.")
            row.notes.append(RowError("subjects", problem, remedy, taken))
        return {"subjects": sorted({pk for pks in found.values() for pk in pks})}

    def _subjects_called(self, key):
        """Ids of the subjects a word means: the very label, labels within, one beginning so."""
        if key in self.subjects:
            return [self.subjects[key]]
        inside = [pk for label, pk in self.subjects.items() if _has_words(key, label)]
        if inside or len(key) < 4:
            return inside
        near = [pk for label, pk in self.subjects.items() if label.startswith(key)]
        return near if len(near) == 1 else []

    def _category(self, cell, row):
        text, _years = split_category(cell.get("category", ""))
        if not text:
            return {}
        words = normalize_name(text)
        if words in self.category_labels:
            return {"category": self.category_labels[words]}
        words = fold_yo(re.sub(r"[^\w]+", " ", text)).strip()
        for code, pattern in CATEGORIES:
            found = re.search(pattern, words)
            if found and code in self.categories:
                if words[: found.start()][-1:].isalpha():
                    row.notes.append(self._guess(code))
                return {"category": self.categories[code]}
        raise RowError(
            "category",
            _("This category is not known."),
            _("Write: highest, first, position compliance or none."),
        )

    def _guess(self, code):
        """A note that a known word stands within another: «наивысшая» is no spelling of ours."""
        return RowError(
            "category",
            _("This word is not known. Taken as «%(label)s».") % {"label": self.labels[code]},
            _("If this is not so, correct the cell."),
        )

    def _experience(self, cell, row):
        text = cell.get("experience", "") or split_category(cell.get("category", ""))[1]
        year = since_year(text, self.today) if text else None
        return {"teaching_since": year} if year else {}

    def _email(self, cell, row):
        return {"contact_email": email_of(cell["email"])} if cell.get("email") else {}

    def _phone(self, cell, row):
        return {"contact_phone": phone_of(cell["phone"])} if cell.get("phone") else {}


def _finding(error, cell, titles, mapping):
    place = mapping.get(error.field)
    return {
        "column": titles[place] if place is not None and place < len(titles) else "",
        "value": str(cell.get(error.field, ""))[:120],
        "problem": error.problem,
        "remedy": error.remedy,
    }


def _organizations(municipality):
    """Every spelling → ids of the organizations that have it."""
    found = {}
    rows = Organization.objects.filter(municipality=municipality)
    spellings = [
        *rows.values_list("pk", "short_name"),
        *rows.values_list("pk", "full_name"),
        *OrganizationAlias.objects.filter(organization__in=rows).values_list(
            "organization_id", "text"
        ),
    ]
    for pk, text in spellings:
        for key in {normalize_name(text), without_form(text)}:
            if key:
                found.setdefault(key, set()).add(pk)
    return found


def without_form(text):
    """The name without its legal form: «МБОУ СОШ № 16» → «сош № 16»."""
    return LEGAL.sub("", normalize_name(text)).strip()


def _has_words(text, label):
    return len(label) > 3 and re.search(rf"\b{re.escape(label)}\b", text) is not None


def split_name(text):
    """Last name, first name and patronymic from one cell."""
    text = re.sub(r"^\d+[.)]?\s*", "", text)
    text = re.sub(r"\s*\(.*?\)", "", text)  # a former name in brackets
    words = tidy_name(text.replace(".", ". ")).split()
    if any(word.endswith(".") for word in words) or (
        len(words) > 1 and all(len(word) == 1 for word in words[1:])
    ):
        raise RowError(
            "full_name",
            _("Initials only."),
            _("Write the first name in full: people are never joined by initials."),
        )
    if len(words) > 3 and words[-1] in ("оглы", "кызы", "угли", "заде"):
        words = [*words[:2], " ".join(words[2:])]
    if len(words) > 3:
        raise RowError(
            "full_name",
            _("The parts of the name cannot be told apart."),
            _("Join a double name with a hyphen, or use three columns."),
        )
    return [*words, "", "", ""][:3]


def check_name(parts, field_name):
    """A last and a first name of letters."""
    if not parts[0] or not parts[1]:
        raise RowError(
            field_name,
            _("The last name or the first name is missing."),
            _("Write the last name, the first name and the patronymic."),
        )
    if any(not re.fullmatch(r"[^\W\d_]([^\W\d_]|[' -])*", part) for part in parts if part):
        raise RowError(
            field_name,
            _("A name has letters only."),
            _("Take away figures, brackets and other signs."),
        )
    if any(len(part) > 80 for part in parts):
        raise RowError(field_name, _("The name is too long."), _("Leave only the name."))


def kind_of(text):
    """Kind of employment from free words."""
    words = fold_yo(text)
    for pattern, kind in KINDS:
        if re.search(pattern, words):
            return kind
    raise RowError(
        "kind",
        _("This kind of employment is not known."),
        _("Write: main, internal part-time, external part-time or contract."),
    )


def date_of(text, today):
    """A day from «1.09.21», «06.09.2021 г.», «« 29 » 08. 2012г», 44440 or «1 сентября 2021»."""
    day = _parsed_day(text, today)
    if day is None or not datetime.date(1950, 1, 1) <= day <= today + datetime.timedelta(days=366):
        raise RowError("starts_on", _("There is no such date."), _("Write the day as 01.09.2021."))
    return day


def _parsed_day(text, today):
    words = fold_yo(text)
    if re.fullmatch(r"\d{5}", words) and EXCEL_DAYS[0] < int(words) < EXCEL_DAYS[1]:
        return EXCEL_EPOCH + datetime.timedelta(days=int(words))
    for number, month in enumerate(MONTHS, start=1):
        words = re.sub(rf"\b{month}[а-я]*\.?", f".{number}.", words)
    numbers = [int(digits) for digits in re.findall(r"\d+", words)]
    if len(numbers) != 3:
        return None
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    if year < 100:
        year += 2000 if year <= today.year % 100 + 1 else 1900
    try:
        return datetime.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def split_category(text):
    """«б\\к12 лет» is a category and years of work in one cell."""
    glued = re.fullmatch(r"(\D*?)[\s,;]*(\d{1,2})\s*(лет|года?|л\.?|г\.?)\.?", text.strip())
    if glued:
        return glued.group(1).strip(" ,;"), glued.group(2)
    return ("", "") if text.strip() in ("-", "—") else (text.strip(), "")


def since_year(text, today):
    """The year somebody began to teach, from «12 лет», «с 2009», «2009» or «5 мес.»."""
    words = fold_yo(text)
    if words in ("-", "—", "нет"):
        return None
    numbers = [int(digits) for digits in re.findall(r"\d+", words)[:3]]
    if "мес" in words and len(numbers) == 1:
        return today.year
    year = next((number for number in numbers if FIRST_YEAR <= number <= today.year), None)
    if year is None and numbers and numbers[0] <= LONGEST_CAREER:
        year = today.year - numbers[0]
    if year is None:
        raise RowError(
            "experience",
            _("The years of work cannot be understood."),
            _("Write a number of years, or the year teaching began."),
        )
    return year


def email_of(text):
    """The first address of a cell, in small letters."""
    address = re.split(r"[\s,;]+", text.strip())[0].lower()
    try:
        validate_email(address)
    except ValidationError:
        raise RowError(
            "email",
            _("This does not look like an e-mail address."),
            _("Correct it or leave the cell empty."),
        ) from None
    return address[:254]


def phone_of(text):
    """«8 921 123 45 67» and «+7(921)1234567» become the same."""
    first = re.split(r"[,;/]", text)[0]
    digits = re.sub(r"\D", "", first)
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    if len(digits) == 10:
        return f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    if 5 <= len(digits) <= 7:
        return first.strip()[:40]
    raise RowError(
        "phone",
        _("This does not look like a telephone number."),
        _("Correct it or leave the cell empty."),
    )
