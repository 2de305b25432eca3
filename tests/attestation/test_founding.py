"""What the founding document changes in a municipality for as long as its report is made."""

from attestation.demo import founding
from attestation.models import ReportSection


def test_sections_of_other_years_come_back(people):
    def told():
        return list(ReportSection.objects.filter(municipality=people.municipality).values())

    before = told()
    with founding.sections(people.municipality):
        assert len(told()) < len(before)
    assert told() == before
