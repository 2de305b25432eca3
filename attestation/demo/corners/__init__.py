"""Two small neighbours that hold every kind of row in every state, to prove isolation."""

from attestation.demo.corners import papers, reports, what, when, who
from attestation.demo.corners.place import NAMES, Place


def build(password):
    """Build the neighbours; every list of states is walked from the model's own choices."""
    for slug in NAMES:
        place = Place(slug, password)
        for step in (who, when, what, papers, reports):
            step.build(place)
