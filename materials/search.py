"""Search in Russian: words that name a subject or a grade, the rest of the text, typos."""

import dataclasses
import difflib
import re

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import connection, transaction
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import mark_safe

from communities.text import fold_yo
from materials.models import PRESCHOOL, Material, MaterialVersion, plain

LONGEST_QUERY = 200
FEW = 5  # fewer hits in titles than this, and the text of files is searched too
NEAR = "0.4"  # share of common triples of letters that makes a word worth a closer look
BODY_LIMIT = 2000  # hits in files that are looked at
SNIPPET_FROM = 200_000  # characters of a file a snippet is taken from
START, STOP = "\ue000", "\ue001"  # private characters: no file text has a meaning for them
STOP_WORDS = frozenset("в|во|для|и|из|к|ко|на|о|об|от|по|с|со|у|за|до|при|а|но|не|или".split("|"))

GRADE = re.compile(
    r"(?<![\w,.])(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?(?:\s*-?\s*(?:й|х|ый|ых|го|м))?\s*"
    r"(?:«?[а-гА-Г]»?\s+)?(?:класс(?:а|е|у|ом|ы|ов|ам|ах|ами)?|кл)\b\.?",
    re.IGNORECASE,
)
PRESCHOOLERS = re.compile(r"\b(?:доо|доу|детск\w+ сад\w*|дошкольник\w*)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Word:
    """A part of the query that names a facet, and the query without it."""

    facet: str
    value: int
    label: str
    text: str
    without: str


@dataclasses.dataclass(frozen=True)
class Search:
    """A query taken apart: what names a facet, and the text that remains."""

    query: str = ""
    words: tuple[Word, ...] = ()
    rest: str = ""
    grade_beyond: str = ""  # «12 класс»: the query with the nearest grade there is

    @property
    def is_empty(self):
        return not self.words and not self.rest

    def values(self, facet):
        return [word.value for word in self.words if word.facet == facet]


def parse(query, subjects=()):
    """Take a query apart; `subjects` are `(pk, label)` rows whose label stands in it."""
    query = " ".join(query[:LONGEST_QUERY].split())
    taken = [*_grades_in(query), *_subjects_in(query, subjects)]
    rest = query
    for _facet, _value, _label, text in taken:
        rest = rest.replace(text, " ")
    words = tuple(Word(*part, " ".join(query.replace(part[3], " ").split())) for part in taken)
    return Search(query, words, _without_stop_words(rest), _beyond(query))


def _without_stop_words(text):
    if not re.search(r"\w", text):
        return ""
    kept = [word for word in text.split() if fold_yo(word) not in STOP_WORDS]
    return " ".join(kept)


def grades_in(text):
    """The grades a text names: «7 класс», «5–6 классы», «детский сад»."""
    found = set()
    for match in GRADE.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        found.update(grade for grade in range(first, last + 1) if 1 <= grade <= 11)
    if PRESCHOOLERS.search(text):
        found.add(PRESCHOOL)
    return sorted(found)


def _grades_in(query):
    """Only a single grade becomes a facet; «5–9 классы» is searched as it is."""
    match = GRADE.search(query)
    if match and not match[2] and 1 <= int(match[1]) <= 11:
        yield "grade", int(match[1]), "", match[0]
    elif match := PRESCHOOLERS.search(query):
        yield "grade", PRESCHOOL, "", match[0]


def _beyond(query):
    match = GRADE.search(query)
    if match and int(match[1]) > 11:
        return query.replace(match[0], match[0].replace(match[1], "11", 1))
    return ""


def _subjects_in(query, subjects):
    """The longest label first: «английский язык» is not also «язык»."""
    for pk, label in sorted(subjects, key=lambda row: -len(row[1])):
        text = _as_written(query, label)
        if text:
            yield "subject", pk, label, text
            query = query.replace(text, " ")


def _as_written(query, label):
    """The words of a label in the form they have in the query: «алгебре» for «Алгебра»."""
    words = re.findall(r"\w+", fold_yo(label))
    stems = [rf"{re.escape(word[: max(3, len(word) - 3)])}\w*" for word in words]
    pattern = r"\W+".join(stems)
    match = re.search(rf"\b{pattern}", query.replace("ё", "е").replace("Ё", "Е"), re.IGNORECASE)
    return query[match.start() : match.end()] if match else ""


def names_label(query, field="label"):
    """Condition on a dictionary: its label stands in the query, in any grammatical form."""
    return RawSQL(  # noqa: S611 the parts are constants
        f"to_tsvector('russian', %s) @@ phraseto_tsquery('russian', {field})",
        [fold_yo(query[:LONGEST_QUERY])],
        output_field=BooleanField(),
    )


def tsquery(text):
    return SearchQuery(fold_yo(text), config="russian", search_type="websearch")


# Conditions


def in_titles(queryset, search, user):
    """Rows whose title, annotation or authors answer what names no facet in the query."""
    if not search.query:
        return queryset
    if search.is_empty:
        return queryset.none()
    queryset = _for_guest(queryset, user)
    return queryset.filter(_head(search.rest, user)) if search.rest else queryset


def anywhere(queryset, search, user):
    """The same, or with the text in the file."""
    if not search.rest:
        return in_titles(queryset, search, user)
    queryset = _for_guest(queryset, user)
    heads = _for_guest(Material.objects.all(), user).filter(
        _head(search.rest, user), municipality_id=user.municipality_id
    )
    bodies = MaterialVersion.objects.filter(
        body=tsquery(search.rest),
        pk=F("material__current_id"),
        material__municipality_id=user.municipality_id,
    )
    hits = heads.values("pk").union(bodies.values("material_id")[:BODY_LIMIT])
    return queryset.filter(pk__in=hits)


def named(search, user):
    """`{facet: condition}` of the words that name one: its value, or the word in the title."""
    found = {}
    for word in search.words:
        condition = _facet(word) | _head(word.text, user)
        found[word.facet] = found.get(word.facet, Q()) & condition
    return found


def _facet(word):
    if word.facet == "grade":
        return Q(grades__contains=[word.value])
    return Q(subject_id=word.value)


def _for_guest(queryset, user):
    if user.is_authenticated:
        return queryset
    return queryset.alias(
        open_head=SearchVector(plain("title"), plain("annotation"), config="russian")
    )


def _head(text, user):
    """Guests do not find by authors: whose work it is they may not know either."""
    condition = Q(head=tsquery(text))
    return condition if user.is_authenticated else condition & Q(open_head=tsquery(text))


def ranked(queryset, search):
    """Best first; what answers only in the file comes after."""
    return queryset.annotate(rank=SearchRank(F("head"), tsquery(search.rest))).order_by(
        "-rank", F("published_at").desc(nulls_last=True), "-pk"
    )


# What the page shows about the hits


def snippets(rows, search):
    """Marked pieces of the files of those rows that do not have the text in the title."""
    wanted = [row.current_id for row in rows if not getattr(row, "rank", 1) and row.current_id]
    if not search.rest or not wanted:
        return {}
    text = plain(Left("text", SNIPPET_FROM))
    headline = SearchHeadline(
        text,
        tsquery(search.rest),
        config="russian",
        start_sel=START,
        stop_sel=STOP,
        max_words=16,
        min_words=8,
        max_fragments=1,
    )
    found = MaterialVersion.objects.filter(pk__in=wanted).annotate(snippet=headline)
    return {pk: marked(text) for pk, text in found.values_list("material_id", "snippet")}


def marked(text):
    """A headline as safe HTML: escaped first, then marked."""
    if START not in text:
        return ""
    html = escape(f"«…{' '.join(text.split())}…»")
    return mark_safe(html.replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S308


def suggestion(queryset, search, labels=()):
    """The query with its unknown words replaced by the nearest known ones, or nothing.

    Known are the words of similar titles and of `labels`.
    """
    words = [word for word in re.findall(r"\w{4,}", fold_yo(search.rest)) if word.isalpha()][:6]
    if not words:
        return ""
    near = Q()
    for word in words:
        near |= Q(title__trigram_word_similar=word)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [NEAR])
        titles = list(queryset.filter(near).order_by().values_list("title", flat=True)[:300])
    texts = [*titles, *labels, "класс"]
    known = {word for text in texts for word in re.findall(r"\w{4,}", fold_yo(text))}
    better = fold_yo(search.query)
    for word in words:
        nearest = difflib.get_close_matches(word, known, 1, 0.72)
        if nearest and word not in known:
            better = better.replace(word, nearest[0])
    return better if better != fold_yo(search.query) else ""
