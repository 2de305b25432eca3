"""Figures of reports: registered sources, indicators over them, and their evidence."""

from attestation.indicators import when, who  # noqa: F401  (register their sources)
from attestation.indicators.figures import Computed, compute, effective, rows_behind
from attestation.indicators.registry import SHARE, SOURCES, Scope, source

__all__ = ["SHARE", "SOURCES", "Computed", "Scope", "compute", "effective", "rows_behind", "source"]
