"""What the filters and chips of the catalogue show; no queries here."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from materials.catalogue import COLUMNS, GRADES, TITLES, grade_label
from materials.models import PRESCHOOL
from network_portal.formats import capital, small

SHOWN = 6  # options of a facet before «Ещё»
NEXT_STEPS = 2  # kinds offered as grey chips


def cells(catalogue):
    """Grades as links: one tap filters, another tap takes it back."""
    chosen = set((catalogue.chosen or {}).get("grade", ()))
    worded = {word.value: word for word in catalogue.search.words if word.facet == "grade"}
    counts = catalogue.counts["grade"]
    for grade in GRADES:
        value, current = str(grade), True
        if grade in worded:
            url = _without(catalogue, worded[grade])
        elif value in chosen:
            url = catalogue.address.remove("grade", value)
        else:
            url, current = catalogue.address.add("grade", value), False
        is_disabled = not current and not counts.get(value)
        name = (_("pre"), _("kindergarten")) if grade == PRESCHOOL else (value, "")
        yield url, name[0], current, is_disabled, name[1]


def groups(catalogue):
    """Facets with checkboxes: the most frequent first, the rest folded."""
    for facet, title in TITLES.items():
        counts, picked = catalogue.counts[facet], catalogue.picked(facet)
        options = [
            (value, label, counts.get(value, 0), value in picked)
            for value, label in catalogue.options[facet]
        ]
        options.sort(key=lambda option: (not option[3], -option[2]))
        if options:
            yield {
                "name": facet,
                "title": title,
                "options": options[:SHOWN],
                "more": options[SHOWN:],
            }


def chips(catalogue):
    """What was chosen, in words and in boxes, then the most useful next steps."""
    return [*_chosen(catalogue), *_next(catalogue)]


def _chosen(catalogue):
    for word in catalogue.search.words:
        label = word.label or grade_label(word.value)
        yield _without(catalogue, word), capital(label), True
    worded = {(word.facet, str(word.value)) for word in catalogue.search.words}
    labels = {facet: dict(options) for facet, options in catalogue.options.items()}
    for facet in COLUMNS:
        for value in (catalogue.chosen or {}).get(facet, ()):
            if (facet, value) in worded:
                continue
            yield catalogue.address.remove(facet, value), capital(labels[facet][value]), True
    shown = {"mine": _("My materials"), "hidden": _("Hidden materials")}
    if catalogue.show:
        yield catalogue.address.drop("show"), shown[catalogue.show], True


def _without(catalogue, word):
    """The address without what a word of the query names, and without the box beside it."""
    value = str(word.value)
    boxes = [kept for kept in catalogue.params.getlist(word.facet) if kept != value]
    return catalogue.address.put_all({"q": [word.without], word.facet: boxes})


def kept(catalogue):
    """What the form of boxes sends along: words that name a facet become its boxes."""
    search, params = catalogue.search, catalogue.params
    pairs = [("q", search.rest)] if search.rest else []
    pairs += [(name, value) for name in ("text", "show", "order") for value in params.getlist(name)]
    return pairs + [("grade", value) for value in sorted(catalogue.picked("grade"))]


def _next(catalogue):
    if catalogue.user.is_authenticated and not catalogue.show:
        yield catalogue.address.put("show", "mine"), _("My materials"), False
    if catalogue.user.is_methodist and not catalogue.show:
        yield catalogue.address.put("show", "hidden"), _("Hidden materials"), False
    if (catalogue.chosen or {}).get("kind"):
        return
    labels = dict(catalogue.options["kind"])
    counts = sorted(catalogue.counts["kind"].items(), key=lambda pair: -pair[1])
    for value, number in counts[:NEXT_STEPS]:
        if number < catalogue.total and value in labels:
            yield catalogue.address.add("kind", value), labels[value], False


def orders(catalogue):
    """Ways to sort: name, address or nothing for the current one."""
    names = {
        "fit": pgettext("order of materials", "fitting"),
        "new": pgettext("order of materials", "new"),
        "popular": pgettext("order of materials", "popular"),
    }
    if not catalogue.search.rest:
        del names["fit"]
    return [
        (name, "" if key == catalogue.order else catalogue.address.put("order", key))
        for key, name in names.items()
    ]


def title(catalogue):
    """«Материалы: алгебра, 7 класс», as the window says it."""
    words = [text for _url, text, is_chosen in chips(catalogue) if is_chosen]
    words += [catalogue.search.rest] if catalogue.search.rest else []
    if not words:
        return _("Materials")
    return _("Materials: %(what)s") % {"what": ", ".join(small(word) for word in words)}


def way_out(catalogue):
    """The address without the condition chosen last."""
    chosen = [url for url, _text, is_chosen in chips(catalogue) if is_chosen]
    if not chosen and catalogue.chosen is None:
        return catalogue.path
    return chosen[-1] if chosen else ""
