"""What the list of events is filtered by, read from the query string."""

import datetime

import django_filters
from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.school_year import parse_slug
from communities.text import RussianOrder, fold_yo
from events.models import Event
from network_portal.formats import day_year
from network_portal.forms import PortalForm

UPCOMING, PAST, ALL = "upcoming", "past", "all"
PERIODS = [
    (UPCOMING, pgettext_lazy("events", "Coming")),
    (PAST, pgettext_lazy("events", "Past")),
    (ALL, pgettext_lazy("events", "All")),
]

STATES = [
    ("ahead", pgettext_lazy("events", "to take place")),
    ("held", pgettext_lazy("events", "took place")),
    ("without_minutes", pgettext_lazy("events", "took place, no minutes")),
]


class EventFilter(django_filters.FilterSet):
    """An answer that does not exist finds nothing, and the page says so."""

    q = django_filters.CharFilter(method="by_words", label=_("Words"), max_length=200)
    kind = django_filters.ChoiceFilter(field_name="kind__code", label=_("Kind of event"))
    association = django_filters.ChoiceFilter(
        field_name="association__slug", label=_("Association")
    )
    format = django_filters.ChoiceFilter(label=_("How people take part"))
    level = django_filters.ChoiceFilter(field_name="level__code", label=_("Level"))
    year = django_filters.ChoiceFilter(method="by_year", label=_("School year"))
    state = django_filters.ChoiceFilter(method="by_state", label=_("State"))
    day = django_filters.DateFilter(method="by_day", label=_("Day"))
    period = django_filters.ChoiceFilter(choices=PERIODS, method="by_period", label=_("Period"))

    class Meta:
        model = Event
        form = PortalForm
        fields = ["q", "kind", "association", "format", "level", "year", "state", "day", "period"]

    def __init__(self, data, queryset, *, user, choices, now):
        self.zone, self.now = user.municipality.tz, now
        super().__init__(data, queryset)
        for name, options in {**choices, "state": STATES}.items():
            self.filters[name].extra |= {"choices": options, "empty_label": _("Any")}

    def by_words(self, queryset, name, value):
        parts = (RussianOrder("title"), Value(" "), RussianOrder("summary"))
        text = Concat(*parts, output_field=TextField())
        queryset = queryset.alias(words=text)
        for word in fold_yo(value).split()[:6]:
            queryset = queryset.filter(words__contains=word)
        return queryset

    def by_year(self, queryset, name, value):
        return queryset.filter(school_year__start=parse_slug(value))

    def by_day(self, queryset, name, value):
        if not 1950 <= value.year <= 2100:
            return queryset.none()
        morning = datetime.datetime.combine(value, datetime.time.min, self.zone)
        evening = morning + datetime.timedelta(days=1)
        return queryset.filter(starts_at__gte=morning, starts_at__lt=evening)

    def by_state(self, queryset, name, value):
        return getattr(queryset, value)()

    def by_period(self, queryset, name, value):
        return queryset

    @property
    def shown_period(self):
        """Coming events, unless a day, a year or a state asks for all of it."""
        answers = self._answers()
        wide = any(answers.get(name) for name in ("day", "year", "state"))
        return answers.get("period") or (ALL if wide else UPCOMING)

    def found(self):
        """Filtered and in the order of the period."""
        if not self.form.is_valid():
            return self.queryset.none()
        events = self.qs
        if self.shown_period == UPCOMING:
            return events.filter(ends_at__gte=self.now).order_by("starts_at", "id")
        if self.shown_period == PAST:
            return events.filter(ends_at__lt=self.now).order_by("-starts_at", "-id")
        return events.order_by("starts_at", "id")

    def chosen(self):
        """Chosen filters as (name, label of the answer), for the chips."""
        answers = []
        for name, value in self._answers().items():
            if value and name != "period":
                answers.append((name, self._label(name, value)))
        return answers

    def _answers(self):
        self.form.is_valid()
        return self.form.cleaned_data

    def _label(self, name, value):
        if name == "day":
            return day_year(value)
        options = dict(self.filters[name].extra.get("choices", ()))
        return str(options.get(value, value))
