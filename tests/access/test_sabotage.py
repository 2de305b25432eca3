"""Nothing of ours shows to the neighbour, and a `visible_to` that forgets to ask is noticed."""

import pytest
from django.apps import apps
from django.core.cache import cache

from communities.access import Guest
from events import check_in
from tests.access.matrix import PAGES, address_of, ask

# The neighbour's refusals, and the pages he has at home; a page that shows one object to
# everybody, such as the check of a paper, isolates nothing.
KEYS = [key for key, page in PAGES.items() if page.neighbour in {200, 404} and not page.shared]


def models():
    """Every model of the apps that says what a person may see of it."""
    for app in ("communities", "events", "materials", "attestation"):
        for model in apps.get_app_config(app).get_models():
            if hasattr(model._default_manager, "visible_to"):
                yield model


def source(model):
    """The queryset class that `visible_to` of this model is written in."""
    kinds = model._default_manager._queryset_class.__mro__
    return next(kind for kind in kinds if "visible_to" in vars(kind))


MODELS = list(models())
QUERYSETS = {source(model).__name__: source(model) for model in MODELS}
# Rows reached only through a row that is restricted itself.
BEHIND = {"MinutesQuerySet": "EventQuerySet", "AnnualPlanQuerySet": "AssociationQuerySet"}
# Rows that no page shows without a second restriction: only the test of rows notices.
TWICE_GUARDED = {
    "AttendanceQuerySet",
    "MembershipQuerySet",
    "ParticipationQuerySet",
    "ProposalQuerySet",
    "RegistrationQuerySet",
    "TalkSpeakerQuerySet",
}
# Where the municipality of a row is written, if not in the row.
HOME = {
    "Attendance": "event__municipality",
    "Holiday": "school_year__municipality",
    "MaterialVersion": "material__municipality",
    "PlanItem": "plan__municipality",
    "Proposal": "report__municipality",
    "Registration": "event__municipality",
    "Talk": "event__municipality",
    "TalkSpeaker": "talk__event__municipality",
}
# Pages to ask first, where they are named otherwise than the rows.
WORDS = {
    "assignment": ["task"],
    "auditentry": ["audit"],
    "holiday": ["month"],
    "materialversion": ["material-download", "material-preview"],
    "membership": ["member"],
    "onlinecommunity": ["group"],
    "planitem": ["plan-item"],
    "rolegrant": ["role"],
    "schoolyear": ["event-list", "report"],
}


@pytest.fixture
def everything(standing):
    return standing.everything()


@pytest.fixture(autouse=True)
def _patience(standing):
    """The neighbour tries a wrong check-in code with every test: nobody is tired of it here."""
    cache.delete(check_in.guesses_key(f"person:{standing.people.neighbour.pk}"))


@pytest.fixture
def marks(everything):
    """Words that only pages of our municipality may hold."""
    return everything.marks()


def leak(key, world, session, marks):
    """What the neighbour gets to see on a page that is not his."""
    page = PAGES[key]
    answer = ask(session, page.method, address_of(key, world), page.data(world))
    if answer.status_code != page.neighbour:
        return f"status {answer.status_code}"
    text = answer.whole.decode(errors="replace")
    return ", ".join(mark for mark in marks if mark in text)


def test_the_neighbour_sees_nothing_of_ours(everything, marks, sessions):
    leaks = {key: leak(key, everything, sessions["neighbour"], marks) for key in KEYS}
    assert {key: found for key, found in leaks.items() if found} == {}


def seen_next_door(model, world):
    """Rows of ours that a methodist or a guest of another municipality may see."""
    strangers = (world.people.neighbour, Guest(world.people.other))
    return [row for who in strangers for row in ours(model.objects.visible_to(who), world)]


def ours(rows, world):
    """Those of them that are of our municipality."""
    return rows.filter(**{HOME.get(rows.model.__name__, "municipality"): world.municipality})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_row_of_ours_is_visible_to_the_neighbour(model, everything):
    assert ours(model.objects.all(), everything).exists()
    assert seen_next_door(model, everything) == []


@pytest.mark.parametrize("queryset", sorted(TWICE_GUARDED))
def test_the_test_of_rows_notices_a_forgotten_restriction(queryset, everything, monkeypatch):
    forget(QUERYSETS[queryset], monkeypatch)
    for model in MODELS:
        assert bool(seen_next_door(model, everything)) is (source(model).__name__ == queryset)


@pytest.mark.parametrize("queryset", sorted(QUERYSETS.keys() - TWICE_GUARDED))
def test_a_forgotten_restriction_is_noticed(queryset, everything, marks, sessions, monkeypatch):
    """Also behind another row's restriction: there the page opens only when both are gone."""
    keys = sorted(KEYS, key=lambda key: not any(word in key for word in words(queryset)))
    session = sessions["neighbour"]
    if queryset in BEHIND:
        keys = [key for key in keys if any(word in key for word in words(queryset))]
        forget(QUERYSETS[BEHIND[queryset]], monkeypatch)
        half_open = {key: leak(key, everything, session, marks) for key in keys}
    else:
        half_open = dict.fromkeys(keys, "")
    forget(QUERYSETS[queryset], monkeypatch)
    assert any(leak(key, everything, session, marks) != half_open[key] for key in keys)


def words(queryset):
    """How addresses of its pages are named."""
    name = queryset.removesuffix("QuerySet").lower().removeprefix("annual")
    return WORDS.get(name, [name])


def forget(queryset, monkeypatch):
    """What a slip of the pen would do."""
    monkeypatch.setattr(queryset, "visible_to", lambda rows, user: rows.all())
