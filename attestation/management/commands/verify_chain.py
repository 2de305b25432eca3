"""Check the chains of signed papers, and that their rows and files still say what was signed."""

from django.core.management.base import BaseCommand, CommandError

from attestation import integrity
from communities import seals
from communities.models import Municipality


class Command(BaseCommand):
    help = "Check every chain of signed papers, the rows under it and the files of reports."

    def add_arguments(self, parser):
        parser.add_argument("--municipality", default="", help="slug; all by default")
        parser.add_argument("--head", default="", help="a hash that must be in the chain")

    def handle(self, *args, municipality, head, **options):
        places = Municipality.objects.all()
        if municipality:
            places = places.filter(slug=municipality)
            if not places:
                raise CommandError(f"No municipality {municipality!r}.")
        found = [line for place in places for line in self.verified(place, head)]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} problems.")

    def verified(self, place, head):
        """Lines about what is wrong in one municipality."""
        for problem in seals.verify_municipality(place):
            yield f"{place.slug}: link {problem.number}: {problem.what}"
        yield from (f"{place.slug}: {line}" for line in integrity.of_municipality(place))
        last = seals.head(place)
        if head and not place.seals.filter(chain_hash=head).exists():
            yield f"{place.slug}: no link has the head {head}"
        length, top = (last.number, last.chain_hash) if last else (0, "—")
        self.stdout.write(f"{place.slug}: {length} links, head {top}")
