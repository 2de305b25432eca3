"""What a list of people would change: new, changed and unchanged people, rows with errors."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from communities.imports.columns import FIELDS
from communities.imports.read import SUBTOTAL
from communities.imports.rows import NAMES, Reader
from communities.models import Employment, Organization, User
from communities.text import fold_yo

ABOUT = ("category", "teaching_since", "contact_email", "contact_phone")
WORK = ("post", "kind", "starts_on")
HEADINGS = ("organization", "post", "subjects")  # what sections of a list are called by
MAIN = Employment.Kind.MAIN


@dataclass
class Work:
    """One place of work of a list: an existing one with changes, or a new one."""

    values: dict
    pk: int | None = None
    old: dict = field(default_factory=dict)
    new: dict = field(default_factory=dict)


@dataclass
class Person:
    """One person of a list with the rows that tell of them."""

    rows: list
    names: dict
    about: dict
    works: list
    pk: int | None = None
    old: dict = field(default_factory=dict)
    new: dict = field(default_factory=dict)

    @property
    def is_changed(self):
        return bool(self.new) or any(work.new or work.pk is None for work in self.works)


@dataclass
class Plan:
    """The outcome of reading a list against the database."""

    people: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    posts: Counter = field(default_factory=Counter)  # assumed where the list names none

    @property
    def new(self):
        return [person for person in self.people if person.pk is None]

    @property
    def changed(self):
        return [person for person in self.people if person.pk and person.is_changed]

    @property
    def same(self):
        return [person for person in self.people if person.pk and not person.is_changed]

    def refuse(self, row, problem, remedy, column="", value=""):
        self.errors.append(
            {
                "sheet": row.sheet,
                "row": row.number,
                "column": column,
                "value": value or " ".join(filter(None, (row.values[n] for n in NAMES))),
                "problem": problem,
                "remedy": remedy,
            }
        )

    def refuse_all(self, rows, *why):
        """Rows of one person share their fate: none of them is passed over in silence."""
        for row in rows:
            self.refuse(row, *why)

    def settle_notes(self):
        """What a note says of the row itself, it says only of a row that is taken."""
        wrong = {(error["sheet"], error["row"]) for error in self.errors}
        for note in self.notes:
            taken = note.pop("taken")
            if taken and (note["sheet"], note["row"]) not in wrong:
                note["remedy"] = f"{taken} {note['remedy']}"


def make_plan(batch):
    """Understand the rows of a batch and compare them with the people there are."""
    plan = Plan()
    rows = _understood(batch, plan)
    known = _known(batch.municipality)
    places = Organization.objects.filter(municipality=batch.municipality)
    names = dict(places.values_list("pk", "short_name"))
    usual_posts = dict(places.values_list("pk", "kind__usual_post"))
    for group in _grouped(rows, plan):
        person = _matched(group, known.get(_name_key(group[0]), []), plan, names)
        if person is not None and _has_posts(person, group, plan, usual_posts):
            plan.people.append(person)
    plan.settle_notes()
    return plan


def _understood(batch, plan):
    """Rows without errors; the others are told of in the plan."""
    organization_pk = batch.mapping.get("organization")
    organizations = Organization.objects.filter(municipality=batch.municipality)
    organization = organizations.filter(pk=organization_pk).first() if organization_pk else None
    reader = Reader(batch.municipality, organization=organization)
    good = []
    for sheet, rows in zip(batch.sheets, batch.table.get("rows", ()), strict=False):
        for number, cells in rows:
            if not _has_name(cells, sheet["columns"]):
                plan.errors += _nameless(number, cells, sheet)
                continue
            row = reader.read(sheet["name"], number, cells, sheet["columns"], sheet["titles"])
            place = {"sheet": row.sheet, "row": row.number}
            plan.errors += [place | finding for finding in row.errors]
            plan.notes += [place | finding for finding in row.notes]
            if not row.errors:
                good.append(row)
    return good


def _has_name(cells, columns):
    """Notes and empty lines under a table have nothing where names stand."""
    return bool(_cells_of(cells, columns, ("full_name", *NAMES)))


def _cells_of(cells, columns, names):
    """Filled cells of the columns of these fields, in the order of the table."""
    places = sorted(columns[name] for name in names if name in columns)
    return [cells[place] for place in places if place < len(cells) and cells[place]]


def _nameless(number, cells, sheet):
    """An error for a row that tells of somebody without a name.

    One cell that may head a section says nothing of a person, nor does a line of totals.
    """
    columns = sheet["columns"]
    filled = _cells_of(cells, columns, FIELDS)
    is_heading = len(filled) == 1 and filled == _cells_of(cells, columns, HEADINGS)
    if not filled or is_heading or any(SUBTOTAL.match(cell) for cell in cells):
        return []
    place = columns.get("full_name", columns.get("last_name"))
    finding = {
        "sheet": sheet["name"],
        "row": number,
        "column": sheet["titles"][place],
        "value": ", ".join(filled)[:120],
        "problem": _("There is no name in this row."),
        "remedy": _("Write the full name, or delete the row if it is about nobody."),
    }
    return [finding]


def _name_key(row):
    return tuple(fold_yo(row.values[name]) for name in NAMES)


def _is_part_time(row):
    return row.values.get("kind") in (
        Employment.Kind.EXTERNAL,
        Employment.Kind.INTERNAL,
        Employment.Kind.CONTRACT,
    )


def _grouped(rows, plan):
    """Rows of one person together; namesakes that nothing joins are asked about."""
    by_name = {}
    for row in rows:
        groups = by_name.setdefault(_name_key(row), [])
        group = next((found for found in groups if _belongs(row, found)), None)
        if group is not None:
            _join(row, group, plan)
        elif groups:
            plan.refuse(
                row,
                _("The same name stands in row %(row)s with another organization.")
                % {"row": groups[0][0].number},
                _(
                    "If it is the same person, write «external part-time» as the kind of "
                    "employment; if not, create this record by hand."
                ),
            )
        else:
            groups.append([row])
    return [group for groups in by_name.values() for group in groups]


def _belongs(row, group):
    email = row.values.get("contact_email")
    return any(
        other.values["organization"] == row.values["organization"]
        or (email and email == other.values.get("contact_email"))
        or _is_part_time(row)
        or _is_part_time(other)
        for other in group
    )


def _join(row, group, plan):
    """Another row of the same person: more work, never another value."""
    for name in ABOUT:
        said = next((r.values[name] for r in group if name in r.values), None)
        if name in row.values and said is not None and said != row.values[name]:
            plan.refuse(
                row,
                _("This person stands in row %(row)s already, with other data.")
                % {"row": group[0].number},
                _("Leave one row, or make the category, experience and contacts alike."),
            )
            return
    group.append(row)


def _known(municipality):
    """Name → people of the municipality with the work they have not left."""
    today = municipality.today()
    works = {}
    rows = Employment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), municipality=municipality
    ).prefetch_related("subjects")
    for work in rows.order_by("id"):
        works.setdefault(work.person_id, []).append(work)
    people = {}
    for person in User.objects.filter(municipality=municipality).order_by("id"):
        person.works = works.get(person.pk, [])
        key = tuple(fold_yo(getattr(person, name)) for name in NAMES)
        people.setdefault(key, []).append(person)
    return people


def _matched(group, candidates, plan, names):
    """The person a group of rows speaks of, or None with the reason in the plan."""
    first = group[0]
    person = Person(
        rows=[(row.sheet, row.number) for row in group],
        names={name: first.values[name] for name in NAMES},
        about={n: row.values[n] for row in group for n in ABOUT if n in row.values},
        works=_works(group),
    )
    found = _same_people(group, candidates)
    if len(found) > 1 or (candidates and not found):
        plan.refuse_all(
            group,
            _("There already is: %(people)s.") % {"people": _places(found or candidates, names)},
            _(
                "If it is the same person, add the place of work to the record or write "
                "«external part-time»; if not, create a record by hand."
            ),
        )
        return None
    existing = found[0] if found else None
    if existing is not None:
        person.pk = existing.pk
        _compare(person, existing)
    problem = _second_main(person, existing, names)
    if problem:
        plan.refuse_all(group, *problem)
        return None
    return person


def _places(people, names):
    def place(person):
        schools = ", ".join(sorted({names[work.organization_id] for work in person.works}))
        return f"{person} ({schools})" if schools else str(person)

    return "; ".join(place(person) for person in people[:3])


def _same_people(group, candidates):
    """Who among the namesakes this is: by organization, by e-mail, or the only part-timer."""
    organizations = {row.values["organization"] for row in group}
    found = [p for p in candidates if organizations & {w.organization_id for w in p.works}]
    if found:
        return found
    emails = {row.values.get("contact_email") for row in group} - {None}
    found = [p for p in candidates if {p.email, p.contact_email} & emails]
    if found:
        return found
    only = len(candidates) == 1 and all(_is_part_time(row) for row in group)
    return candidates if only else []


def _works(group):
    """Places of work of the rows: the same post of the same organization is one."""
    works = {}
    for row in group:
        key = (row.values["organization"], fold_yo(row.values.get("post", "")))
        work = works.setdefault(key, {"organization": key[0], "subjects": []})
        for name in WORK:
            if name in row.values:
                work.setdefault(name, row.values[name])
        work["subjects"] = sorted({*work["subjects"], *row.values.get("subjects", [])})
    return [Work(values) for values in works.values()]


def _compare(person, existing):
    """Note what differs; an empty cell changes nothing."""
    for name, value in person.about.items():
        column = "category_id" if name == "category" else name
        old = getattr(existing, column)
        if not _is_same(name, old, value):
            person.old[column], person.new[column] = old, value
    taken = set()
    for work in person.works:
        row = _existing_work(work, person.works, existing.works, taken)
        if row is None:
            continue
        taken.add(row.pk)
        work.pk = row.pk
        for name in WORK:
            if name in work.values and not _is_same(name, getattr(row, name), work.values[name]):
                work.old[name], work.new[name] = getattr(row, name), work.values[name]
        if row.ends_on and work.new.get("starts_on", row.ends_on) > row.ends_on:
            del work.old["starts_on"], work.new["starts_on"]
        had = sorted(subject.pk for subject in row.subjects.all())
        if not set(work.values["subjects"]) <= set(had):
            work.old["subjects"] = had
            work.new["subjects"] = sorted({*had, *work.values["subjects"]})


def _is_same(name, old, new):
    if name == "teaching_since" and old is not None:
        return abs(old - new) <= 1  # «12 лет» means another year after the New Year
    if name == "post":
        return fold_yo(old) == fold_yo(new)
    return old == new


def _existing_work(work, works, rows, taken):
    """The place of work in the database that a row of the list means."""
    here = [
        row
        for row in rows
        if row.organization_id == work.values["organization"] and row.pk not in taken
    ]
    post = work.values.get("post")
    if post is None:
        return max(here, key=lambda row: row.is_main, default=None)
    same = [row for row in here if fold_yo(row.post) == fold_yo(post)]
    if same:
        return same[0]
    mine = [w for w in works if w.values["organization"] == work.values["organization"]]
    return here[0] if len(here) == len(mine) == 1 else None


def _second_main(person, existing, names):
    """Give kinds to new places of work; two main ones at a time are an error."""
    held = existing.works if existing else []
    main_at = next((row.organization_id for row in held if _stays_main(row, person)), None)
    for work in person.works:
        kind = work.new.get("kind") if work.pk else work.values.get("kind")
        if work.pk is None and kind is None:
            here = main_at == work.values["organization"]
            part_time = Employment.Kind.INTERNAL if here else Employment.Kind.EXTERNAL
            kind = work.values["kind"] = MAIN if main_at is None else part_time
        if kind == MAIN:
            if main_at is not None:
                return (
                    _("The main place of work is already %(organization)s.")
                    % {"organization": names[main_at]},
                    _("Enter its last day in the record first, or write «part-time» here."),
                )
            main_at = work.values["organization"]
    return None


def _has_posts(person, group, plan, usual_posts):
    """Give new places of work the usual post of their kind; without one the row waits."""
    silent = [work for work in person.works if work.pk is None and not work.values.get("post")]
    posts = [usual_posts[work.values["organization"]] for work in silent]
    if not all(posts):
        plan.refuse_all(
            group,
            _("The post is missing."),
            _("Write it: no post is usual in organizations of this kind."),
        )
        return False
    for work, post in zip(silent, posts, strict=True):
        work.values["post"] = post
    plan.posts.update(posts)
    return True


def _stays_main(row, person):
    """Whether a main place of work is still one after the list is applied."""
    if row.kind != MAIN or row.ends_on is not None:
        return False
    return all(work.pk != row.pk or work.new.get("kind", MAIN) == MAIN for work in person.works)
