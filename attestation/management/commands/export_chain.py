"""Write a municipality's chain of papers into a file that is checked without the portal."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from attestation.chain_file import FORMAT
from communities import seals
from communities.models import Municipality, Seal

FIELDS = (
    "number kind code object_type object_id previous digest chain_hash signature payload".split()
)


class Command(BaseCommand):
    help = "Write the chain of papers into a file; `python -m attestation.chain_file` checks it."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--municipality", required=True, help="slug")

    def handle(self, *args, file, municipality, **options):
        place = Municipality.objects.filter(slug=municipality).first()
        if place is None:
            raise CommandError(f"No municipality {municipality!r}.")
        data = exported(place)
        Path(file).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(f"{len(data['links'])} links, head {data['head']}")


def exported(municipality):
    """The chain as plain data, with the key that has signed it."""
    rows = Seal.objects.filter(municipality=municipality).order_by("number")
    links = [
        {name: getattr(row, name) for name in FIELDS} | {"sealed_at": row.sealed_at.isoformat()}
        for row in rows
    ]
    return {
        "format": FORMAT,
        "municipality": municipality.slug,
        "public_key": seals.public_key_pem(),
        "head": links[-1]["chain_hash"] if links else "",
        "links": links,
    }
