"""Annual reports and the public check: rows of the access matrix."""

from tests.access import Page

DEPARTMENT = "methodist head"


def year(world):
    return [world.report.school_year.slug]


def draft(world):
    return [world.report.pk]


def signed(world):
    return [world.signed_report.pk]


def proposal(world):
    return [world.report.pk, world.proposal.pk]


PAGES = {
    "attestation:report-list": Page("signed-in", "Reports", neighbour=200),
    "attestation:report-year": Page("signed-in", "Reports of a year", year),
    "attestation:report-build": Page(
        "methodist", "Build the municipal report", year, "post", status=302
    ),
    "attestation:report-build of an association": Page(
        "leader methodist",
        "Build the report of an association",
        year,
        "post",
        lambda world: {"association": world.association.slug},
        status=302,
    ),
    "attestation:report-build-all": Page(
        "methodist", "Build all reports", year, "post", status=302
    ),
    "attestation:report-review draft": Page(
        "methodist",
        "A report being written",
        year,
        query="?version=2",
        deny=404,
        but={"guest": 404},
    ),
    "attestation:report-review": Page("all", "A signed report", year, query="?version=1"),
    "attestation:report-review of an association": Page(
        "leader methodist",
        "The report of an association being written",
        lambda world: [*year(world), world.association_report.association.slug],
        deny=404,
        but={"guest": 404},
    ),
    "attestation:report-evidence": Page(
        "signed-in",
        "Organizations behind a figure",
        lambda world: [*year(world), "organizations.school"],
        query="?version=1",
    ),
    "attestation:report-evidence of people": Page(
        DEPARTMENT,
        "People behind a figure",
        lambda world: [*year(world), "teachers.total"],
        query="?version=1",
    ),
    "attestation:report-compare": Page(
        "methodist", "What changed between versions", year, query="?version=2", deny=404
    ),
    "attestation:report-text": Page(
        "methodist",
        "Write a section",
        lambda world: [*draft(world), "effect"],
        deny=404,
    ),
    "attestation:report-figure": Page(
        "methodist",
        "Correct a figure",
        lambda world: [*draft(world), "organizations.school"],
        deny=404,
    ),
    "attestation:report-figure-reset": Page(
        "methodist",
        "Take a correction back",
        lambda world: [*draft(world), "organizations.school"],
        "post",
        status=302,
        deny=404,
    ),
    "attestation:proposal-new": Page("methodist", "Add a proposal", draft, deny=404),
    "attestation:proposal-edit": Page("methodist", "Change a proposal", proposal, deny=404),
    "attestation:proposal-delete": Page("methodist", "Delete a proposal", proposal, deny=404),
    "attestation:report-transition submit": Page(
        "methodist", "Send for approval", lambda world: [*draft(world), "submit"], deny=404
    ),
    "attestation:report-transition": Page(
        "head",
        "Sign the municipal report",
        lambda world: [world.submitted_report.pk, "approve"],
        deny=404,
        but={"methodist": 403},
    ),
    "attestation:report-transition POST": Page(
        "head",
        "Confirm the signature",
        lambda world: [world.submitted_report.pk, "approve"],
        "post",
        lambda world: {"word": "подписать"},
        status=302,
        deny=404,
        but={"methodist": 403},
    ),
    "attestation:report-text POST": Page(
        "methodist",
        "Save a section",
        lambda world: [*draft(world), "effect"],
        "post",
        lambda world: {"text": "Правка", "edition": world.report.edition},
        status=302,
        deny=404,
    ),
    "attestation:report-new-version": Page("methodist", "Make a new version", signed),
    "attestation:report-pdf": Page(
        "all", "PDF of the signed report", lambda world: [world.printed_report.pk]
    ),
    "attestation:report-docx": Page(
        "all", "DOCX of the signed report", lambda world: [world.printed_report.pk]
    ),
    "attestation:verify-form": Page("all", "Check a paper", neighbour=200),
    "attestation:verify": Page(
        "all",
        "A paper by its code",
        lambda world: [world.signed_report.seal.code],
        neighbour=200,
        shared=True,
    ),
}
