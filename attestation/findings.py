"""What a reader of a report should know before it is signed, each with a way to mend it."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attestation import facts, texts
from attestation.indicators.when import held_events, year_events
from attestation.indicators.who import associations
from attestation.models import AnnualReport
from communities.models import Membership, Role, RoleGrant
from events.models import AnnualPlan, Attendance, Event
from network_portal.formats import day

DATA_CHECKS = []
TEXT_CHECKS = []


def check(registry):
    def register(function):
        registry.append(function)
        return function

    return register


def finding(code, text, url="", action="", blocking=False):
    return {"code": code, "text": text, "url": url, "action": action, "blocking": blocking}


def about_data(scope):
    """Findings in the rows behind the figures: kept with the report when it is built."""
    return [found for look in DATA_CHECKS for found in look(scope)]


def about_text(report, paper):
    """Findings in what would be printed: looked up each time the report is shown."""
    return [found for look in TEXT_CHECKS for found in look(report, paper)]


def of(report, paper):
    """All findings of a report, those that keep it from being handed in first."""
    found = [*report.findings, *about_text(report, paper)]
    return sorted(found, key=lambda one: not one["blocking"])


def number_of_checks():
    return len(DATA_CHECKS) + len(TEXT_CHECKS)


def _by_association(rows, code, words, page):
    """One finding for each association, its first event named, the others counted."""
    grouped = {}
    for event in rows.select_related("association__kind"):
        grouped.setdefault(event.association, []).append(event)
    for association, found in grouped.items():
        where = association.title if association else _("Outside associations")
        rest = len(found) - 1
        text = words % {"where": where, "day": day(found[0].starts_at)}
        if rest:
            text += " " + ngettext("and %(n)s more event", "and %(n)s more events", rest) % {
                "n": rest
            }
        yield finding(code, text, reverse(page, args=[found[0].pk]), _("Mend"))


@check(DATA_CHECKS)
def events_without_minutes(scope):
    """Of associations: what the department holds itself, a conference or a contest, has none."""
    rows = held_events(scope).without_minutes()
    words = _("%(where)s: there are no signed minutes of the event of %(day)s")
    return _by_association(rows, "minutes", words, "events:event-minutes")


@check(DATA_CHECKS)
def events_without_attendance(scope):
    rows = held_events(scope).filter(~Exists(Attendance.objects.filter(event=OuterRef("pk"))))
    words = _("%(where)s: nobody is marked at the event of %(day)s")
    return _by_association(rows, "attendance", words, "events:event-attendance")


@check(DATA_CHECKS)
def events_ahead(scope):
    """A year that still goes on: its figures will grow."""
    rows = year_events(scope).filter(state=Event.State.PUBLISHED, ends_at__gte=scope.until)
    if ahead := rows.count():
        text = ngettext(
            "The school year is not over: %(n)s event is ahead",
            "The school year is not over: %(n)s events are ahead",
            ahead,
        ) % {"n": ahead}
        url = f"{reverse('events:event-list')}?year={scope.school_year.slug}&state=ahead"
        url += f"&association={scope.association.slug}" if scope.association else ""
        yield finding("ahead", text, url, _("To the events"))


def _own_associations(scope):
    rows = associations(scope)
    return rows.filter(pk=scope.association.pk) if scope.association else rows


@check(DATA_CHECKS)
def associations_without_leader(scope):
    terms = Membership.objects.filter(association=OuterRef("pk"), role=Membership.Role.LEADER)
    for row in _own_associations(scope).filter(~Exists(terms.in_force(scope.counted_on))):
        text = _("%(where)s: no order appoints a leader") % {"where": row.title}
        yield finding("leader", text, reverse("communities:order-list"), _("To the orders"))


@check(DATA_CHECKS)
def associations_without_plan(scope):
    plans = AnnualPlan.objects.filter(
        ~Q(state=AnnualPlan.State.DRAFT),
        association=OuterRef("pk"),
        school_year=scope.school_year,
    )
    for row in _own_associations(scope).filter(~Exists(plans)):
        url = reverse("events:plan-detail", args=[row.slug, scope.school_year.slug])
        text = _("%(where)s: there is no plan of the year") % {"where": row.title}
        yield finding("plan", text, url, _("To the plan"))


@check(DATA_CHECKS)
def reports_not_agreed(scope):
    """The municipal report sums up those of the associations."""
    if scope.association:
        return
    signed = AnnualReport.objects.filter(
        association=OuterRef("pk"),
        school_year=scope.school_year,
        state=AnnualReport.State.APPROVED,
    )
    missing = associations(scope).filter(~Exists(signed)).count()
    if missing:
        text = ngettext(
            "%(n)s report of an association is not approved yet",
            "%(n)s reports of associations are not approved yet",
            missing,
        ) % {"n": missing}
        url = reverse("attestation:report-year", args=[scope.school_year.slug])
        yield finding("reports", text, url, _("To the reports"))


@check(DATA_CHECKS)
def nobody_to_sign(scope):
    role = Role.METHODIST if scope.association else Role.HEAD
    today = scope.municipality.today()
    grants = RoleGrant.objects.in_force(today).filter(
        municipality=scope.municipality, role=role, person__is_active=True
    )
    if not grants.exists():
        text = _("Nobody on the portal may sign this report: give somebody the role")
        yield finding("signer", text, reverse("communities:manage"), _("To people"), blocking=True)


@check(TEXT_CHECKS)
def printed_figures_without_rows(report, paper):
    """A nought that is printed, and a number by hand over no rows at all."""
    printed = {
        part["code"]
        for section in paper["sections"]
        for paragraph in section.get("paragraphs", ())
        for part in paragraph["parts"]
        if not isinstance(part, str)
    }
    for code, told in paper["figures"].items():
        if told["rows"] or code not in printed:
            continue
        by_hand = told["value"] != 0
        text = (
            _("“%(label)s”: the number is written by hand, no row of the portal confirms it")
            if by_hand
            else _("“%(label)s”: no evidence, nought is printed")
        ) % {"label": told["label"]}
        url = reverse("attestation:report-figure", args=[report.pk, code])
        yield finding("evidence", text, url, _("To the figure"), blocking=by_hand)


@check(TEXT_CHECKS)
def empty_sections(report, paper):
    for section in paper["sections"]:
        if section["kind"] == "text" and not paper["texts"].get(section["code"], "").strip():
            url = reverse("attestation:report-text", args=[report.pk, section["code"]])
            text = _("The section “%(label)s” is empty") % {"label": section["heading"]}
            yield finding("text", text, url, _("Write"))


@check(TEXT_CHECKS)
def no_proposals(report, paper):
    """The municipal report ends with what the next year is to bring."""
    if not report.association_id and not paper["proposals"]:
        url = reverse("attestation:proposal-new", args=[report.pk])
        yield finding("proposals", _("There are no proposals"), url, _("Add a proposal"))


@check(TEXT_CHECKS)
def unknown_places(report, paper):
    """A place whose figure has gone from the dictionary would be printed in braces."""
    known = {*paper["figures"], *facts.codes_of(report)}
    for section in paper["sections"]:
        if texts.unknown_places(paper["texts"].get(section["code"], ""), known):
            url = reverse("attestation:report-text", args=[report.pk, section["code"]])
            text = _("In “%(label)s” something stands in braces that is no figure") % {
                "label": section["heading"]
            }
            yield finding("place", text, url, _("Edit the text"), blocking=True)
