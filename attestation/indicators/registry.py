"""What a figure is: a registered source gives the rows, the figure is how many there are."""

import dataclasses
import datetime
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

SOURCES: dict[str, "Source"] = {}
SHARE = "share"  # the one source without rows of its own: a percent of two other figures


@dataclasses.dataclass(frozen=True)
class Scope:
    """Whose rows are counted: a municipality or one association, a year, as of one day.

    `is_outside` narrows a municipality to what belongs to no association.
    """

    municipality: object
    school_year: object
    counted_on: datetime.date
    association: object = None
    is_outside: bool = False

    @classmethod
    def of(cls, report, counted_on=None):
        """The scope of a report; the day is the end of the year or today, whichever is first."""
        municipality, year = report.municipality, report.school_year
        day = counted_on or min(year.ends_on, municipality.today())
        return cls(municipality, year, day, report.association)

    def within(self, association):
        return dataclasses.replace(self, association=association)

    def outside(self):
        return dataclasses.replace(self, is_outside=True)

    @property
    def until(self):
        """The moment the counted day ends in the municipality."""
        next_day = self.counted_on + datetime.timedelta(days=1)
        return datetime.datetime.combine(next_day, datetime.time.min, self.municipality.tz)

    @property
    def since(self):
        """The moment the school year begins in the municipality."""
        first = self.school_year.starts_on
        return datetime.datetime.combine(first, datetime.time.min, self.municipality.tz)

    def only(self, queryset, field="association"):
        """The association's rows, those of none, or all of them for the municipality."""
        if self.is_outside:
            return queryset.filter(**{field: None})
        return queryset.filter(**{field: self.association}) if self.association else queryset


@dataclasses.dataclass(frozen=True)
class Source:
    """A way to find rows, and how one of them is shown to whoever doubts the figure.

    `rows(scope)` are all it can count, `narrow(scope, **params)` says which of them a figure does.
    """

    name: str
    rows: Callable
    narrow: Callable
    columns: tuple
    show: Callable
    related: tuple
    is_personal: bool

    def queryset(self, scope, params=None):
        """Exactly the rows a figure counts, in the order of its evidence."""
        return self.rows(scope).filter(self.narrow(scope, **(params or {})))

    def keys(self, scope, asked):
        """For each of these params the keys of its rows: one question to the rows answers all."""
        if len(asked) == 1:
            return [list(self.queryset(scope, *asked).values_list("pk", flat=True))]
        fits = {f"fits_{n}": self.narrow(scope, **params) for n, params in enumerate(asked)}
        rows = list(self.rows(scope).annotate(**fits).values_list("pk", *fits))
        return [[row[0] for row in rows if row[n]] for n in range(1, len(asked) + 1)]

    def shown(self, model_rows):
        """Pairs (address or "", cells) for the evidence page."""
        return [self._shown(row) for row in model_rows]

    def _shown(self, row):
        try:
            return self.show(row)
        except ObjectDoesNotExist:  # a row of the view lost what it pointed at
            return "", [str(row.pk)]

    def named(self, scope, pks):
        """The rows with these keys, in their order; what has vanished since is left out."""
        queryset = self.rows(scope).model._default_manager.filter(
            municipality_id=scope.municipality.pk
        )
        found = {row.pk: row for row in queryset.select_related(*self.related).filter(pk__in=pks)}
        return [found[pk] for pk in pks if pk in found]


def all_of_them(scope):
    """For sources that every figure counts whole."""
    return Q()


def source(name, *, columns, show, narrow=all_of_them, related=(), is_personal=False):
    """Register `function(scope)` that returns the queryset of rows; `narrow` gives a Q."""

    def register(function):
        SOURCES[name] = Source(name, function, narrow, columns, show, tuple(related), is_personal)
        return function

    return register
