"""Pages of the app attestation: see `tests.access`."""

from tests.access import Page, attestation_record, attestation_reports

PAGES: dict[str, Page] = {**attestation_record.PAGES, **attestation_reports.PAGES}
