"""Addresses of PROOF, and the home page that rests on everything."""

from django.urls import path

from attestation.views import (
    certificates,
    exports,
    home,
    organizations,
    record,
    report_edit,
    report_evidence,
    reports,
    verify,
)

app_name = "attestation"

urlpatterns = [
    path("", home.home, name="home"),
    path("me/", record.me, name="me"),
    path("me/record.xlsx", record.record_xlsx, name="record-xlsx"),
    path("me/dossier/", record.dossier_build, name="dossier-build"),
    path("me/dossier/<uuid:pk>/", record.dossier_file, name="dossier-file"),
    path("certificates/", certificates.certificate_list, name="certificate-list"),
    path("certificates/<int:pk>/", certificates.certificate_pdf, name="certificate-pdf"),
    path("certificates/<int:pk>/annul/", certificates.certificate_annul, name="certificate-annul"),
    path(
        "certificates/<int:pk>/reissue/",
        certificates.certificate_reissue,
        name="certificate-reissue",
    ),
    path("events/<int:pk>/certificate/", certificates.certificate_issue, name="certificate-issue"),
    path(
        "events/<int:pk>/certificates/",
        certificates.certificates_issue,
        name="certificates-issue",
    ),
    path("events/<int:pk>/proof/", certificates.event_proof, name="event-proof"),
    path(
        "organizations/<slug:slug>/participation/",
        organizations.organization_participation,
        name="organization-participation",
    ),
    path("reports/participation/", exports.participation, name="participation-export"),
    path("reports/participation/columns/", exports.column_set_save, name="column-set-save"),
    path(
        "reports/participation/columns/<int:pk>/delete/",
        exports.column_set_delete,
        name="column-set-delete",
    ),
    path("reports/participation/files/<uuid:pk>/", exports.export_file, name="export-file"),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/annual/<slug:year>/", reports.report_year, name="report-year"),
    path("reports/annual/<slug:year>/build/", report_edit.report_build, name="report-build"),
    path(
        "reports/annual/<slug:year>/build-all/",
        report_edit.report_build_all,
        name="report-build-all",
    ),
    path("reports/annual/<slug:year>/review/", reports.report_review, name="report-review"),
    path(
        "reports/annual/<slug:year>/evidence/<str:code>/",
        report_evidence.report_evidence,
        name="report-evidence",
    ),
    path(
        "reports/annual/<slug:year>/compare/",
        report_evidence.report_compare,
        name="report-compare",
    ),
    # The same pages of an association's report.
    path(
        "reports/annual/<slug:year>/<slug:association>/review/",
        reports.report_review,
        name="report-review",
    ),
    path(
        "reports/annual/<slug:year>/<slug:association>/evidence/<str:code>/",
        report_evidence.report_evidence,
        name="report-evidence",
    ),
    path(
        "reports/annual/<slug:year>/<slug:association>/compare/",
        report_evidence.report_compare,
        name="report-compare",
    ),
    path("reports/<int:pk>/texts/<slug:section>/", report_edit.report_text, name="report-text"),
    path("reports/<int:pk>/figures/<str:code>/", report_edit.report_figure, name="report-figure"),
    path(
        "reports/<int:pk>/figures/<str:code>/reset/",
        report_edit.report_figure_reset,
        name="report-figure-reset",
    ),
    path("reports/<int:pk>/proposals/new/", report_edit.proposal_edit, name="proposal-new"),
    path(
        "reports/<int:pk>/proposals/<int:proposal>/",
        report_edit.proposal_edit,
        name="proposal-edit",
    ),
    path(
        "reports/<int:pk>/proposals/<int:proposal>/delete/",
        report_edit.proposal_delete,
        name="proposal-delete",
    ),
    path(
        "reports/<int:pk>/paper.pdf",
        report_evidence.report_paper,
        {"kind": "pdf"},
        name="report-pdf",
    ),
    path(
        "reports/<int:pk>/paper.docx",
        report_evidence.report_paper,
        {"kind": "docx"},
        name="report-docx",
    ),
    path(
        "reports/<int:pk>/new-version/",
        report_edit.report_new_version,
        name="report-new-version",
    ),
    # submit, withdraw, return, approve
    path(
        "reports/<int:pk>/<slug:action>/",
        report_edit.report_transition,
        name="report-transition",
    ),
    path("verify/", verify.verify_form, name="verify-form"),
    path("verify/<str:code>/", verify.verify, name="verify"),
    path("reports/participation/<slug:kind>/", exports.download, name="participation-download"),
]
