"""Computing the figures of a report, and putting corrections made by hand over them."""

import dataclasses
from collections import defaultdict

from attestation.indicators.registry import SHARE, SOURCES
from attestation.models import Indicator
from network_portal.formats import percent


@dataclasses.dataclass
class Computed:
    """Figures by code, the keys of the rows behind each, and what the codes mean."""

    values: dict = dataclasses.field(default_factory=dict)
    evidence: dict = dataclasses.field(default_factory=dict)
    meanings: dict = dataclasses.field(default_factory=dict)


def indicators_of(scope):
    """The municipality's indicators for this kind of report."""
    own = "association" if scope.association else "municipality"
    return Indicator.objects.filter(municipality=scope.municipality, scope__in=[own, "both"])


def compute(scope, step=None):
    """Every figure and the rows it was counted from: the same rows, so they cannot disagree.

    `step(done, total)` is told how far the work is.
    """
    found = Computed()
    rows = list(indicators_of(scope))
    found.meanings = {row.code: meaning(row) for row in rows}
    for name, same in by_source(rows).items():
        if step:
            step(len(found.evidence), len(rows))
        found.evidence |= evidence_keys(name, same, scope)
    counts = {code: len(keys) for code, keys in found.evidence.items()}
    found.values = with_shares(counts, found.meanings)
    return found


def by_source(rows):
    """Indicators by the source whose rows they count; a share counts none."""
    found = defaultdict(list)
    for row in rows:
        if row.source != SHARE:
            found[row.source].append(row)
    return found


def meaning(indicator):
    """What a report keeps of an indicator: its words as they stood, and where rows come from."""
    return {
        "label": indicator.label,
        "unit": indicator.unit,
        "source": indicator.source,
        "params": indicator.params,
    }


def evidence_keys(name, indicators, scope):
    """By code, the keys of the rows each indicator counts, in the order of its evidence page."""
    keys = SOURCES[name].keys(scope, [row.params for row in indicators])
    return {row.code: found for row, found in zip(indicators, keys, strict=True)}


def with_shares(values, meanings):
    """Percents over the other figures: whole, half up; nothing to divide by gives nought."""
    shares = {
        code: percent(values.get(told["params"]["part"], 0), values.get(told["params"]["whole"], 0))
        or 0
        for code, told in meanings.items()
        if told["source"] == SHARE
    }
    return {**values, **shares}


def effective(values, overrides, meanings):
    """Figures as printed: hand over computed, and percents of what is printed.

    `overrides` maps codes to numbers.
    """
    by_hand = {code: number for code, number in overrides.items() if code in meanings}
    return {**with_shares({**values, **by_hand}, meanings), **by_hand}


def rows_behind(code, told):
    """The code whose rows stand behind a figure: for a percent, those of its part."""
    return told["params"]["part"] if told["source"] == SHARE else code
