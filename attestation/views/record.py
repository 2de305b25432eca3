"""A person's own record: facts by year with their proof, the dossier, the own table."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from attestation import record, record_jobs
from attestation.models import Certificate
from attestation.views.exports import job_file, xlsx_answer
from communities import audit
from communities.school_year import parse_slug, slug_of
from events.models import Event, Minutes, SchoolYear
from network_portal.formats import school_year
from network_portal.htmx import render_page
from network_portal.paging import page_of

OWN_COLUMNS = (
    "number date event kind level format role topic association hours proof certificate link"
).split()


@require_GET
def me(request):
    """Own facts, newest first; by kind and school year, each with its proof."""
    user = request.user
    kind, year = _asked(request)
    facts = _of_year(user, year)
    counts = record.counts_by_kind(facts)
    rows = record.in_order(record.of_kind(facts, kind))
    page = page_of(rows, request.GET, count=counts[kind])  # counted already for the tab
    context = {
        "page": page,
        "rows": _rows(user, kind, list(page)),
        "tabs": _tabs(counts, kind, year),
        "years": _years(user, kind, year),
        "year": year,
        "kind": kind,
        "query": _query(kind, year),
        "work": user.main_employment,
    }
    return render_page(request, "attestation/me.html", context, fragment="rows")


def _asked(request):
    """The kind of facts and the school year of the address; what is not known is all."""
    kind, year = request.GET.get("kind", ""), parse_slug(request.GET.get("year", ""))
    return kind if kind in record.KINDS else "", year


def _of_year(user, year):
    facts = record.facts_of(user)
    return facts.filter(school_year__start=year) if year else facts


def _years(user, kind, chosen):
    """A chip for each school year; the chosen one leads back to all of them."""
    years = SchoolYear.objects.visible_to(user).values_list("start", flat=True)
    return [
        (f"?{_query(kind, None if year == chosen else year)}", school_year(year), year == chosen)
        for year in years
    ]


def _query(kind, year):
    """The address of a tab within a year."""
    parts = {"kind": kind, "year": slug_of(year) if year else ""}
    return "&".join(f"{name}={value}" for name, value in parts.items() if value)


def _rows(user, kind, facts):
    """Facts with everything the person did there, and the paper that proves it."""
    events = {fact.event_id for fact in facts if fact.event_id and not fact.material_id}
    together = {} if kind == "talks" else record.roles_at(record.facts_of(user), events)
    papers = Certificate.objects.filter(person=user, event__in=events, state="valid")
    papers = {row.event_id: row for row in papers.select_related("municipality")}
    return [_row(fact, together, papers) for fact in facts]


def _row(fact, together, papers):
    event = None if fact.material_id else fact.event
    same = together.get(fact.event_id, [fact]) if event else [fact]
    thing = event or fact.material or fact.association
    return {
        "fact": fact,
        "event": event,
        "title": event.title if event else fact.topic,
        "url": thing.get_absolute_url() if thing else "",
        "roles": list(dict.fromkeys(one.get_role_display() for one in same)),
        "topics": [one.topic for one in same if event and one.topic != event.title],
        "proof": same[-1].proven_by,
        "minutes": _signed_minutes(event),
        "certificate": papers.get(fact.event_id) if event else None,
        "may_ask": bool(event) and event.state == Event.State.CLOSED,
    }


def _signed_minutes(event):
    """The number of the minutes of an event, once they are signed and so open to colleagues."""
    minutes = getattr(event, "minutes", None)
    return minutes.number if minutes and minutes.state == Minutes.State.SIGNED else None


def _tabs(counts, kind, year):
    labels = {
        "": pgettext("facts", "All"),
        "events": _("Events"),
        "talks": _("Talks"),
        "materials": _("Materials"),
    }
    return [
        (f"?{_query(name, year)}", label, counts[name], name == kind)
        for name, label in labels.items()
    ]


@require_POST
def record_xlsx(request):
    """One's own record as a table, for the year and the kind on the screen."""
    kind, year = _asked(request)
    facts = _of_year(request.user, year)
    if kind:
        facts = facts.filter(record.KINDS[kind])
    audit.record("record.export", request.user, actor=request.user, rows=facts.count())
    name = _("My participation.%(kind)s") % {"kind": "xlsx"}
    return xlsx_answer(facts, OWN_COLUMNS, name)


@require_POST
def dossier_build(request):
    """Start the dossier of the last five years; the job page shows its link."""
    return redirect(record_jobs.order_dossier(request.user, actor=request.user))


@require_GET
def dossier_file(request, pk):
    """The finished dossier, to its owner only."""
    return job_file(request, pk, record_jobs.DOSSIER, "application/pdf")
