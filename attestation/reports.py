"""Everything that changes a report before it is signed: drafts, builds, texts, corrections."""

import datetime
import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from attestation import facts, findings, paper, tables
from attestation.indicators import SHARE, Scope, compute
from attestation.models import AnnualReport
from attestation.rules import EDITABLE
from communities import audit, jobs
from communities.access import require

DUE = {"association": (6, 10), "municipality": (6, 25)}  # month and day of the closing year


class ReportError(Exception):
    """A change that cannot be made; the text is for the reader."""


class EditConflict(Exception):
    """Somebody else changed the same place first: `theirs` stands there now."""

    def __init__(self, report, theirs):
        super().__init__(theirs)
        self.report, self.theirs = report, theirs


def base_of(text):
    """A short sign of what a form was opened over, to see whether it has changed since."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# Drafts and their building


@transaction.atomic
def open_draft(municipality, school_year, association=None, *, actor):
    """The report of this year that is being written; made when there is none at all."""
    same = AnnualReport.objects.filter(
        municipality=municipality, school_year=school_year, association=association
    )
    latest = same.order_by("-version").first()
    if latest is None:
        return _create(municipality, school_year, association, actor)
    if latest.state == AnnualReport.State.APPROVED:
        raise ReportError(_("The report is signed. Make a new version and say why."))
    return latest


def _create(municipality, school_year, association, actor):
    report = AnnualReport(
        municipality=municipality, school_year=school_year, association=association, author=actor
    )
    if actor is not None:
        require(actor, "attestation.build_report", report)
    report.title = default_title(report)
    report.due_on = default_due(report)
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:  # somebody pressed the button at the same moment
        return AnnualReport.objects.get(
            municipality=municipality,
            school_year=school_year,
            association=association,
            state__in=EDITABLE,
        )
    add_missing_texts(report)
    audit.record("report.create", report, actor=actor)
    return report


def default_title(report):
    """The title of the paper; people may change it as any text."""
    year = report.school_year.long_name
    if report.association:
        title = _("Report on the work of %(association)s for the school year %(year)s")
        return title % {"association": report.association.title, "year": year}
    return _(
        "Information on network interaction of teachers (methodical associations, professional "
        "communities) at the municipal level for the school year %(year)s"
    ) % {"year": year}


def default_due(report):
    month, day = DUE["association" if report.association else "municipality"]
    return datetime.date(report.school_year.start + 1, month, day)


def add_missing_texts(report):
    """First texts of sections nobody has written yet; what people wrote stays."""
    written = set(report.texts.values_list("section", flat=True))
    for section in paper.sections_of(report).filter(kind="text").exclude(code__in=written):
        report.texts.get_or_create(
            section=section.code, defaults={"text": section.template.strip()}
        )


def require_editable(report):
    if report.state not in EDITABLE:
        raise ReportError(_("The report is on approval or signed: it is not computed anew."))


def request_build(report, *, actor):
    """Queue the computing of a report; asked twice at once it is one job."""
    require(actor, "attestation.build_report", report)
    require_editable(report)
    title = _("Annual report: %(title)s") % {"title": report.title}
    return jobs.enqueue(
        "attestation.build_report",
        owner=actor,
        municipality=report.municipality,
        title=title[:200],
        key=f"report:{report.pk}",
        report=report.pk,
    )


def computed(report, counted_on=None, step=None):
    """All that a report gets from the rows, computed without touching the report."""
    scope = Scope.of(report, counted_on)
    with timezone.override(report.municipality.tz):
        return _computed(report, scope, step)


def _computed(report, scope, step):
    found = compute(scope, step)
    codes = paper.sections_of(report).filter(kind="table").values_list("code", flat=True)
    return {
        "figures": found.values,
        "evidence": found.evidence,
        "tables": {
            "indicators": found.meanings,
            "facts": facts.gather(scope),
            **tables.fill(codes, scope),
        },
        "findings": findings.about_data(scope),
        "counted_on": scope.counted_on,
    }


@transaction.atomic
def store(report, values, *, actor):
    """Put what was computed into the report, unless it has been handed in meanwhile."""
    report = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require_editable(report)
    for name, value in values.items():
        setattr(report, name, value)
    report.built_at = timezone.now()
    report.edition += 1
    report.save(update_fields=[*values, "built_at", "edition"])
    add_missing_texts(report)
    audit.record("report.build", report, actor=actor)
    return report


def build(report, *, actor, counted_on=None):
    """Compute a report and store it at once, without a job: for commands."""
    require(actor, "attestation.build_report", report)
    return store(report, computed(report, counted_on), actor=actor)


# What people write


def _opened(report, actor):
    """The report under its lock, for somebody who may change it now."""
    report = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require(actor, "attestation.change_report", report)
    return report


def _unless_changed(report, now, edition, base):
    """Refuse when the report has a later edition and this very place has changed in it."""
    if report.edition != edition and base_of(now) != base:
        raise EditConflict(report, now)


def _saved(report, action, actor, **data):
    report.edition += 1
    report.save(update_fields=["edition"])
    audit.record(action, report, actor=actor, **data)
    return report


@transaction.atomic
def save_text(report, section, text, *, actor, edition, base=""):
    """Write one section; `edition` and `base` are what the form was opened over."""
    report = _opened(report, actor)
    row, _created = report.texts.get_or_create(section=section)
    _unless_changed(report, row.text, edition, base)
    row.text = text
    row.save(update_fields=["text"])
    return _saved(report, "report.text", actor, section=section)


@transaction.atomic
def set_figure(report, code, value, reason, *, actor, edition, base=""):
    """Put a number by hand over a computed one; both are printed with the reason."""
    report = _opened(report, actor)
    if code not in report.figures or report.tables["indicators"][code]["source"] == SHARE:
        raise ReportError(_("This figure follows from others: change those."))
    row = report.overrides.filter(code=code).first()
    _unless_changed(report, figure_text(row), edition, base)
    report.overrides.update_or_create(
        code=code,
        defaults={"value": value, "reason": reason, "actor": actor, "made_at": timezone.now()},
    )
    return _saved(report, "report.figure", actor, code=code, value=value)


def figure_text(row):
    """A correction as one text, for comparing."""
    return f"{row.value}: {row.reason}" if row else ""


@transaction.atomic
def reset_figure(report, code, *, actor):
    """Take a correction back: the computed figure stands again."""
    report = _opened(report, actor)
    if report.overrides.filter(code=code).delete()[0]:
        _saved(report, "report.figure_reset", actor, code=code)
    return report


def proposal_values(row):
    """What people wrote in a proposal."""
    return {name: getattr(row, name) for name in ("addressees", "heading", "text", "due_on")}


def proposal_text(values):
    """A proposal with whom it is for and its deadline as one text, for comparing."""
    due = f"{values['due_on']:%d.%m.%Y}" if values.get("due_on") else ""
    whom = paper.addressees_in_words(values.get("addressees", ()))
    return "\n".join(filter(None, (values.get("heading"), whom, values.get("text"), due)))


@transaction.atomic
def save_proposal(report, proposal, values, *, actor, edition, base=""):
    """Add a proposal (`proposal` is None) or change one."""
    report = _opened(report, actor)
    if proposal is None:
        last = report.proposals.aggregate(last=Max("position"))["last"]
        report.proposals.create(position=(last or 0) + 1, **values)
        return _saved(report, "report.proposal_add", actor)
    row = report.proposals.filter(pk=proposal.pk).first()
    if row is None:
        raise ReportError(_("Somebody has deleted this proposal meanwhile."))
    _unless_changed(report, proposal_text(proposal_values(row)), edition, base)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return _saved(report, "report.proposal_change", actor, proposal=row.pk)


@transaction.atomic
def delete_proposal(report, proposal, *, actor):
    report = _opened(report, actor)
    if report.proposals.filter(pk=proposal.pk).delete()[0]:
        _saved(report, "report.proposal_delete", actor, proposal=proposal.pk)
    return report


# Versions


@transaction.atomic
def start_version(report, reason, *, actor):
    """A draft that will replace a signed report: its copy, with the reason."""
    signed = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require(actor, "attestation.replace_report", signed)
    if signed.state != AnnualReport.State.APPROVED or hasattr(signed, "successor"):
        raise ReportError(_("A new version is made of the last signed one, and once."))
    draft = AnnualReport.objects.get(pk=signed.pk)
    draft.pk = None
    draft._state.adding = True
    draft.version, draft.replaces, draft.version_reason = signed.version + 1, signed, reason
    draft.state, draft.seal, draft.author = AnnualReport.State.DRAFT, None, actor
    draft.pdf = draft.docx = ""
    draft.edition, draft.due_on = 0, None
    draft.save()
    _copy(signed.texts, draft)
    _copy(signed.overrides, draft)
    _copy(signed.proposals, draft)
    audit.record("report.version", draft, actor=actor, replaces=signed.pk)
    return draft


def _copy(rows, draft):
    copies = list(rows.all())
    for row in copies:
        row.pk, row.report = None, draft
    rows.model.objects.bulk_create(copies)
