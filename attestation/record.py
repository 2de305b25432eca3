"""A person's record: facts of the view, told once for each event, and what they add up to."""

from django.db.models import Count, Min, Q

from attestation.models import AS_MADE, Participation

TALK = Q(key__startswith="t")
MATERIAL = Q(material__isnull=False)
# The author of a material that belongs to an event has not been at the event for that.
AT_EVENT = Q(event__isnull=False, material=None)
KINDS = {"events": AT_EVENT, "talks": TALK, "materials": MATERIAL}

# Events, talks and materials of a set of facts, each counted once.
COUNTS = {
    "events": Count("event", filter=AT_EVENT, distinct=True),
    "talks": Count("key", filter=TALK),
    "materials": Count("material", filter=MATERIAL, distinct=True),
}


def facts_of(person):
    """All facts of a person in their municipality."""
    return Participation.objects.filter(person=person, municipality=person.municipality_id)


def in_order(facts):
    """Newest first, with what a row of the record or of the dossier names."""
    return facts.select_related(
        *("event__kind", "event__level", "event__minutes"),
        *("association__kind", "organization", "material"),
    ).order_by("-happened_on", *AS_MADE)


def of_kind(facts, kind):
    """The rows of one tab: each event once, each talk and each material by itself."""
    if kind == "talks":
        return facts.filter(TALK)
    return once(facts.filter(KINDS[kind]) if kind in KINDS else facts)


def once(facts):
    """One fact for everything taken part in: an event heard and spoken at is one row."""
    events = facts.filter(AT_EVENT).order_by().values("event")
    first = events.annotate(first=Min("key")).values("first")
    return facts.filter(Q(event=None) | MATERIAL | Q(key__in=first))


def counts_by_kind(facts):
    """How many rows each tab has; "" is everything."""
    counts = facts.aggregate(**COUNTS, alone=Count("key", filter=Q(event=None, material=None)))
    return {
        "": counts["events"] + counts["materials"] + counts.pop("alone"),
        **counts,
    }


def roles_at(facts, events):
    """Event id → the person's facts there, the talks last."""
    found = {}
    for fact in facts.filter(AT_EVENT, event__in=events).order_by(*AS_MADE):
        found.setdefault(fact.event_id, []).append(fact)
    return found
