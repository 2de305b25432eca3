"""Print the figures of an annual report: of the signed one, else computed now."""

import json

from django.core.management.base import BaseCommand, CommandError

from attestation import paper
from attestation.indicators import Scope, compute
from attestation.models import AnnualReport
from communities.models import Association, Municipality
from communities.school_year import parse_slug
from events.models import SchoolYear

State = AnnualReport.State


class Command(BaseCommand):
    help = "Print the figures of an annual report of a municipality or an association."

    def add_arguments(self, parser):
        parser.add_argument("--municipality", required=True, help="slug")
        parser.add_argument("--year", required=True, help="for example 2020-21")
        parser.add_argument("--association", default="", help="slug; the municipality by default")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--live", action="store_true", help="compute even if it is signed")

    def handle(self, *args, **options):
        place = Municipality.objects.filter(slug=options["municipality"]).first()
        start = parse_slug(options["year"])
        year = SchoolYear.objects.filter(municipality=place, start=start or 0).first()
        if place is None or year is None:
            raise CommandError("There is no such municipality or school year.")
        answer = figures_of(place, year, self.association(place, options), live=options["live"])
        self.stdout.write(
            json.dumps(answer, ensure_ascii=False) if options["json"] else as_table(answer)
        )

    def association(self, place, options):
        slug = options["association"]
        found = Association.objects.filter(municipality=place, slug=slug).first() if slug else None
        if slug and found is None:
            raise CommandError("There is no such association.")
        return found


def figures_of(place, year, association, *, live=False):
    """Figures by code and where they come from: the signed snapshot, or the rows as they are."""
    signed = None if live else _signed(place, year, association)
    told = {"municipality": place.slug, "year": year.slug}
    if signed:
        written = paper.of(signed)
        return {
            "figures": {code: one["value"] for code, one in written["figures"].items()},
            "labels": {code: one["label"] for code, one in written["figures"].items()},
            "source": "signed",
            "code": signed.seal.code,
            "counted_on": written["counted_on"],
            **told,
        }
    blank = AnnualReport(municipality=place, school_year=year, association=association)
    scope = Scope.of(blank)
    found = compute(scope)
    return {
        "figures": found.values,
        "labels": {code: one["label"] for code, one in found.meanings.items()},
        "source": "live",
        "counted_on": scope.counted_on.isoformat(),
        **told,
    }


def _signed(place, year, association):
    rows = AnnualReport.objects.filter(
        municipality=place, school_year=year, association=association, state=State.APPROVED
    )
    return rows.select_related("seal").first()


def as_table(answer):
    """Figures one under another, with their words."""
    lines = [f"{answer['municipality']} {answer['year']} ({answer['source']})"]
    width = max(map(len, answer["figures"]), default=0)
    lines += [
        f"{code:<{width}}  {value:>7}  {answer['labels'][code]}"
        for code, value in answer["figures"].items()
    ]
    return "\n".join(lines)
