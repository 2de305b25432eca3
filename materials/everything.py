"""One query over materials, events, associations and people."""

from django.contrib.postgres.search import SearchVector
from django.db.models import IntegerField, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Association, Employment, Municipality, User
from events.models import Event
from materials import search
from materials.catalogue import Catalogue
from materials.models import plain
from materials.rows import as_row
from network_portal.paging import page_of

TABS = ("materials", "events", "associations", "people")


class Everything:
    """The answer to `/search/?q=…&tab=…`: counts of all tabs, rows of one."""

    def __init__(self, user, params):
        self.user, self.params = user, params
        self.query = " ".join(params.get("q", "")[: search.LONGEST_QUERY].split())
        self.tab = params.get("tab") if params.get("tab") in self.tabs else ""
        self.catalogue = Catalogue(user, _only_query(params), reverse("materials:material-list"))
        self.found = {
            "events": self._events(),
            "associations": self._associations(),
            "people": self._people(),
        }

    @property
    def tabs(self):
        return TABS if self.user.is_authenticated else TABS[:-1]

    def _events(self):
        events = Event.objects.visible_to(self.user).for_list().order_by("-starts_at", "-pk")
        return self._by_words(events, "title", "summary")

    def _associations(self):
        associations = Association.objects.visible_to(self.user).for_list()
        return self._by_words(associations, "name", "about")

    def _by_words(self, queryset, *fields):
        if not self._has_words:
            return queryset.none()
        vector = SearchVector(*(plain(field) for field in fields), config="russian")
        return queryset.alias(words=vector).filter(words=search.tsquery(self.query))

    @property
    def _has_words(self):
        return any(letter.isalnum() for letter in self.query)

    def _people(self):
        return User.objects.visible_to(self.user).named(self.query).in_order()

    def context(self):
        counts = {"materials": self.catalogue.total if self.query else 0}
        counts |= self._counts()
        tab = self.tab or next((name for name in self.tabs if counts[name]), TABS[0])
        return {
            "query": self.query,
            "tab": tab,
            "tabs": [self._tab(name, counts[name], name == tab) for name in self.tabs],
            "total": sum(counts.values()),
            **self._rows(tab),
            **({} if counts[tab] or not self.query else self._ways_out()),
        }

    def _ways_out(self):
        """What the catalogue offers in place of nothing: the nearest words, the nearest grade."""
        return {
            "suggestion": self.catalogue.suggestion(),
            "beyond": self.catalogue.search.grade_beyond,
        }

    def _counts(self):
        """How many of each of the others there are, in one statement."""
        found = {name: _Count(rows.order_by()) for name, rows in self.found.items()}
        own = Municipality.objects.filter(pk=self.user.municipality_id)
        row = own.annotate(**{f"n_{name}": number for name, number in found.items()})
        counts = row.values(*(f"n_{name}" for name in found)).first() or {}
        return {name: counts.get(f"n_{name}") or 0 for name in found}

    def _tab(self, name, count, is_current):
        labels = {
            "materials": _("Materials"),
            "events": _("Events"),
            "associations": _("Associations"),
            "people": pgettext("search", "People"),
        }
        address = f"{reverse('materials:search')}?{urlencode({'q': self.query, 'tab': name})}"
        return address, labels[name], count, is_current

    def _rows(self, tab):
        if tab == "materials":
            page = self.catalogue.page() if self.query else page_of([], {})
            rows = [as_row(material, self.user) for material in page.object_list]
            return {"page": page, "rows": rows}
        page = page_of(self.found[tab], self.params)
        rows = list(page.object_list)
        return {"page": page, "rows": self._with_work(rows) if tab == "people" else rows}

    def _with_work(self, people):
        """People with their main post and organization, found in one statement."""
        today = self.user.municipality.today()
        jobs = Employment.objects.in_force(today).filter(person__in=people).one_each()
        main = {job.person_id: job for job in jobs.select_related("organization")}
        return [{"person": person, "job": main.get(person.pk)} for person in people]


class _Count(Subquery):
    """The number of rows of a queryset, as a value."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _only_query(params):
    """The catalogue here answers the query alone."""
    kept = params.copy()
    for name in set(kept) - {"q", "page"}:
        kept.pop(name)
    return kept
