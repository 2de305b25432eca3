"""The catalogue: facets with counts, chosen chips, order and the rows of one page."""

import dataclasses

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Association, Subject
from materials import search
from materials.files import EXTENSIONS
from materials.models import PRESCHOOL, Licence, Material, MaterialAuthor, MaterialKind
from network_portal.paging import page_of

GRADES = (*range(1, 12), PRESCHOOL)
COLUMNS = {  # facet → the column of a material its values stand in
    "grade": "grades",
    "subject": "subject_id",
    "kind": "kind_id",
    "association": "association__slug",
    "extension": "current__extension",
    "licence": "licence_id",
}
TITLES = {
    "subject": gettext_lazy("Subject"),
    "kind": gettext_lazy("Kind"),
    "association": gettext_lazy("Association"),
    "extension": gettext_lazy("Format"),
    "licence": gettext_lazy("Terms of use"),
}
ORDERS = ("fit", "new", "popular")


def grade_label(grade):
    """«7 класс», «детский сад»."""
    return _("kindergarten") if grade == PRESCHOOL else _("grade %(n)s") % {"n": grade}


# What can be chosen


def options_of(user, query):
    """All labels of the municipality in one statement, and the subjects the query names.

    Returns `{facet: [(value, label)]}` and `[(pk, label)]`.
    """
    subjects = Subject.objects.annotate(named=search.names_label(query))
    parts = [
        _labels("subject", subjects, user, F("named")),
        _labels("kind", MaterialKind.objects.all(), user),
        _labels("licence", Licence.objects.all(), user),
        _labels("association", Association.objects.all(), user, value="slug", label="name"),
    ]
    options = {name: [] for name in COLUMNS}
    named = []
    for facet, value, label, _position, is_named in (
        parts[0].union(*parts[1:], all=True).order_by("facet", "place", "text")
    ):
        options[facet].append((value, label))
        if is_named:
            named.append((int(value), label))
    options["grade"] = [(str(grade), grade_label(grade)) for grade in GRADES]
    options["extension"] = [(extension, extension.upper()) for extension in EXTENSIONS]
    return options, named


def _labels(facet, queryset, user, named=None, value="pk", label="label"):
    place = F("position") if label == "label" else Value(0)
    return (
        queryset.visible_to(user)
        .order_by()
        .annotate(
            facet=Value(facet),
            key=Cast(value, CharField()),
            text=F(label),
            place=place,
            is_named=Value(False) if named is None else named,
        )
        .values_list("facet", "key", "text", "place", "is_named")
    )


def condition(facet, values):
    """Any of the chosen values of one facet."""
    if facet == "grade":
        return Q(grades__overlap=[int(value) for value in values])
    return Q(**{f"{COLUMNS[facet]}__in": values})


class MaterialFilter(django_filters.FilterSet):
    """Facets of the catalogue as read from the query string."""

    grade = django_filters.MultipleChoiceFilter()
    subject = django_filters.MultipleChoiceFilter()
    kind = django_filters.MultipleChoiceFilter()
    association = django_filters.MultipleChoiceFilter()
    extension = django_filters.MultipleChoiceFilter()
    licence = django_filters.MultipleChoiceFilter()

    class Meta:
        model = Material
        fields = []

    def __init__(self, data, queryset, options):
        super().__init__(data, queryset)
        for name, choices in options.items():
            self.form.fields[name].choices = choices

    @property
    def chosen(self):
        """`{facet: values}` of what was chosen; a value that does not exist finds nothing."""
        if not self.form.is_valid():
            return None
        return {name: list(self.form.cleaned_data[name]) for name in COLUMNS}


# How many


def counts_of(base, chosen):
    """`{facet: {value: count}}` and the total, in one statement.

    `chosen` are conditions by facet; the count of an option ignores that of its own facet.
    """
    hits = base.order_by().annotate(
        **{f"ok_{facet}": condition for facet, condition in chosen.items()},
        **{f"v_{facet}": F(column) for facet, column in COLUMNS.items()},
    )
    names = [*(f"ok_{facet}" for facet in chosen), *(f"v_{facet}" for facet in COLUMNS)]
    try:
        sql, params = hits.values(*names).query.sql_with_params()
    except EmptyResultSet:
        return {facet: {} for facet in COLUMNS}, 0
    with connection.cursor() as cursor:
        cursor.execute(_counting_sql(sql, chosen), params)
        rows = cursor.fetchall()
    counts = {facet: {} for facet in COLUMNS}
    total = 0
    for facet, value, number in rows:
        if facet == "total":
            total = number
        elif value is not None:
            counts[facet][value] = number
    return counts, total


def _counting_sql(hits, chosen):
    def where(but=None):
        return " AND ".join(["true", *(f"ok_{facet}" for facet in chosen if facet != but)])

    parts = [f"SELECT 'total', '', count(*) FROM hits WHERE {where()}"]  # noqa: S608 our names
    for facet in COLUMNS:
        source, value = "hits", f"v_{facet}"
        if facet == "grade":
            source, value = "hits, unnest(v_grade) AS one", "one"
        parts.append(
            f"SELECT '{facet}', {value}::text, count(*) "  # noqa: S608 our names
            f"FROM {source} WHERE {where(but=facet)} GROUP BY 2"
        )
    return f"WITH hits AS MATERIALIZED ({hits}) {' UNION ALL '.join(parts)}"


# Addresses


@dataclasses.dataclass(frozen=True)
class Address:
    """The address of this list with something changed; the page number is always dropped."""

    path: str
    params: object

    def _made(self, change):
        params = self.params.copy()
        params.pop("page", None)
        change(params)
        return f"{self.path}?{params.urlencode()}" if params else self.path

    def put(self, name, value):
        return self._made(lambda params: params.__setitem__(name, value))

    def put_all(self, lists):
        def change(params):
            for name, values in lists.items():
                params.setlist(name, values)

        return self._made(change)

    def drop(self, name):
        return self._made(lambda params: params.pop(name, None))

    def add(self, name, value):
        values = [*self.params.getlist(name), value]
        return self._made(lambda params: params.setlist(name, values))

    def remove(self, name, value):
        values = [kept for kept in self.params.getlist(name) if kept != value]
        return self._made(
            lambda params: params.setlist(name, values) if values else params.pop(name, None)
        )


# The list


def authors():
    """Full names of the authors, in their order, with the row."""
    names = MaterialAuthor.objects.filter(material=OuterRef("pk")).order_by("position", "id")
    full = Concat(
        "person__last_name",
        Value(" "),
        "person__first_name",
        Value(" "),
        "person__patronymic",
        output_field=CharField(),
    )
    return ArraySubquery(names.values_list(full))


def for_rows(queryset):
    """What a row of a list shows, without the search columns."""
    return (
        queryset.for_list()
        .select_related("organization")
        .defer("head", "annotation", "credit", "current__text", "current__body")
        .annotate(author_names=authors())
    )


@dataclasses.dataclass
class Catalogue:
    """One answer of the catalogue, ready for the template."""

    user: object
    params: object
    path: str = ""
    widened: bool = False  # the text of files was searched too

    def __post_init__(self):
        query = self.params.get("q", "")[: search.LONGEST_QUERY].strip()
        self.options, named = options_of(self.user, query)
        self.search = search.parse(query, named)
        self.address = Address(self.path, self.params)
        self.show = self._show()
        self._find()

    def _show(self):
        asked = self.params.get("show")
        if asked == "mine" and self.user.is_authenticated:
            return "mine"
        return "hidden" if asked == "hidden" and self.user.is_methodist else ""

    def _base(self):
        rows = Material.objects.visible_to(self.user)
        if self.show == "mine":
            return rows.filter(owner=self.user)
        if self.show == "hidden":
            return rows.filter(state=Material.State.HIDDEN)
        return rows.published()

    def _find(self):
        self.in_text = self.params.get("text") == "1"
        look = search.anywhere if self.in_text else search.in_titles
        self._count(look)
        if self.search.rest and not self.in_text and self.total < search.FEW:
            self.widened = True
            self._count(search.anywhere)

    def _count(self, look):
        rows = look(self._base(), self.search, self.user)
        self.chosen = MaterialFilter(self.params, rows, self.options).chosen
        if self.chosen is None:
            rows = rows.none()
        conditions = self._conditions()
        self.found = rows.filter(*conditions.values())
        self.counts, self.total = counts_of(rows, conditions)

    def _conditions(self):
        """What is asked of each facet: what the query names or what the boxes say."""
        conditions = search.named(self.search, self.user)
        for facet, values in (self.chosen or {}).items():
            if values:
                conditions[facet] = conditions.get(facet, Q()) | condition(facet, values)
        return conditions

    def picked(self, facet):
        """Values of a facet that are chosen, by a box or by a word of the query."""
        worded = [str(value) for value in self.search.values(facet)]
        return {*worded, *(self.chosen or {}).get(facet, ())}

    @property
    def order(self):
        asked = self.params.get("order")
        if asked in ORDERS and (asked != "fit" or self.search.rest):
            return asked
        return "fit" if self.search.rest else "new"

    def page(self):
        """The page of rows, each with what the list says about it."""
        rows = self._ordered(for_rows(self.found))
        page = page_of(rows, self.params, count=self.total)
        page.object_list = list(page.object_list) if self.total else []
        found = {}
        if self.in_text or self.widened:
            found = search.snippets(page.object_list, self.search)
        for row in page.object_list:
            row.snippet = found.get(row.pk, "")
        return page

    def _ordered(self, rows):
        if self.search.rest:
            rows = search.ranked(rows, self.search)
        if self.order == "new":
            return rows.order_by(F("published_at").desc(nulls_first=True), "-pk")
        if self.order == "popular":
            return rows.order_by("-downloads", F("published_at").desc(nulls_last=True), "-pk")
        return rows

    def suggestion(self):
        """The query without typos, when nothing was found."""
        if self.total or not self.search.rest:
            return ""
        labels = [label for _value, label in self.options["subject"]]
        return search.suggestion(self._base(), self.search, labels)
