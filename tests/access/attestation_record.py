"""Pages of records, certificates and exports: see `tests.access`."""

from tests.access import Page

_held = {"args": lambda world: [world.held_event.pk]}
_paper = {"args": lambda world: [world.certificate.pk]}
_set = {"args": lambda world: [world.column_set.pk]}
_post = {"method": "post", "status": 302}
_why = {"data": lambda world: {"reason": "Ошибка в отметке"}}
TAKERS = "coordinator methodist head"
# Whose paper it is and who leads the association; the others do not learn that it exists.
HIDDEN = dict.fromkeys(("coordinator", "operator"), 404)
STRANGERS = {"teacher": 403, "leader": 403, **HIDDEN}

PAGES: dict[str, Page] = {
    "attestation:home": Page("all", "Home", neighbour=200),
    "attestation:me": Page("signed-in", "Own record of participation", neighbour=200),
    "attestation:record-xlsx": Page(
        "signed-in", "Own record as a table", method="post", neighbour=200
    ),
    "attestation:dossier-build": Page("signed-in", "Build the own dossier", neighbour=302, **_post),
    "attestation:dossier-file": Page(
        "teacher", "The own dossier", lambda world: [world.dossier_job.pk], deny=404
    ),
    "communities:profile": Page("signed-in", "Own subjects and contacts", neighbour=200),
    "communities:profile POST": Page(
        "signed-in",
        "Save own subjects and contacts",
        data=lambda world: {"contact_phone": "8 817"},
        neighbour=302,
        **_post,
    ),
    "attestation:certificate-list": Page(
        "methodist head", "Register of certificates", neighbour=200
    ),
    "attestation:certificate-pdf": Page(
        "teacher leader methodist head", "A certificate", but=HIDDEN, **_paper
    ),
    "attestation:certificate-annul": Page(
        "methodist", "Annul a certificate", but=STRANGERS, **_paper
    ),
    "attestation:certificate-annul POST": Page(
        "methodist", "Annul a certificate with a reason", but=STRANGERS, **_paper, **_post, **_why
    ),
    "attestation:certificate-reissue": Page(
        "methodist", "Issue a certificate anew", but=STRANGERS, **_paper
    ),
    "attestation:certificate-reissue POST": Page(
        "methodist",
        "Issue a certificate anew with a reason",
        but=STRANGERS,
        **_paper,
        **_post,
        **_why,
    ),
    "attestation:certificate-issue": Page(
        "signed-in", "Ask for the own certificate", **_held, **_post
    ),
    "attestation:certificates-issue": Page(
        "leader methodist", "Issue certificates to everybody", **_held, **_post
    ),
    "attestation:event-proof": Page("signed-in", "Certificates of an event", **_held),
    "attestation:organization-participation": Page(
        TAKERS,
        "Who of an organization takes part",
        lambda world: [world.organization.slug],
    ),
    "attestation:participation-export": Page(TAKERS, "Participation as a table", neighbour=200),
    "attestation:participation-download": Page(
        TAKERS,
        "Download the table of participation",
        lambda world: ["csv" if world.held_event else "xlsx"],  # there is a year to ask for
        "post",
        neighbour=302,
    ),
    "attestation:export-file": Page(
        "methodist",
        "A long table that is ready",
        lambda world: [world.export_job.pk],
        but={"head": 404, "coordinator": 404},
    ),
    "attestation:column-set-save": Page(
        "methodist",
        "Keep a set of columns",
        data=lambda world: {"label": "Набор", "column": ["date"]},
        neighbour=302,
        **_post,
    ),
    "attestation:column-set-delete": Page("methodist", "Delete a set of columns", **_set),
    "attestation:column-set-delete POST": Page(
        "methodist", "Delete a set of columns for good", **_set, **_post
    ),
}
