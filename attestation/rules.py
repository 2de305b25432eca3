"""The permissions of PROOF."""

import rules

from attestation.models import AnnualReport
from communities.rules import (
    coordinates_some_organization,
    is_department,
    is_head,
    is_methodist,
    is_signed_in,
    leads_association,
    same_municipality,
)

EDITABLE = (AnnualReport.State.DRAFT, AnnualReport.State.RETURNED)


@rules.predicate
def is_editable(user, report):
    return report is not None and report.state in EDITABLE


@rules.predicate
def is_author(user, report):
    return report is not None and report.author_id == user.pk


@rules.predicate
def is_of_association(user, report):
    return report is not None and report.association_id is not None


# A leader writes the association's report and a methodist approves it; a methodist writes
# the municipal one and the head approves it. Nobody approves what they wrote.
writes_report = (is_methodist & ~is_of_association) | (leads_association & is_of_association)
approves_report = ((is_head & ~is_of_association) | (is_methodist & is_of_association)) & ~is_author

rules.add_perm("attestation.view_reports", is_signed_in)
rules.add_perm("attestation.build_report", (writes_report | is_methodist) & same_municipality)
rules.add_perm("attestation.change_report", writes_report & is_editable & same_municipality)
rules.add_perm("attestation.submit_report", writes_report & same_municipality)
rules.add_perm("attestation.withdraw_report", writes_report & same_municipality)
rules.add_perm("attestation.review_report", approves_report & same_municipality)
rules.add_perm("attestation.replace_report", writes_report & same_municipality)
# Rows behind figures may name people: for those who write or sign, whatever the state.
rules.add_perm(
    "attestation.view_evidence",
    (is_department | (leads_association & is_of_association)) & same_municipality,
)
rules.add_perm("attestation.export_participation", is_department | coordinates_some_organization)
rules.add_perm("attestation.change_column_sets", is_methodist)
rules.add_perm("attestation.view_certificates", is_department)
rules.add_perm("attestation.annul_certificate", is_methodist & same_municipality)
