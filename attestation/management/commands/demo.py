"""`manage.py demo`: build the demo district and its two neighbours, once."""

from django.core.management.base import BaseCommand, CommandError

from attestation.demo import accounts, build


class Command(BaseCommand):
    help = "Build the demo district «nikolsky» and its neighbours; does nothing when they exist."

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale",
            type=int,
            default=1,
            help=(
                "For benchmarks: so many times the teachers, the events with their talks, "
                "attendance and minutes, and the materials. Organizations, orders and "
                "associations stay those of the district."
            ),
        )

        parser.add_argument(
            "--quiet", action="store_true", help="Leave the accounts to whoever starts the portal."
        )

    def handle(self, *, scale, quiet, **options):
        if scale < 1:
            raise CommandError(f"--scale is 1 or more, not {scale}.")
        self.stdout.write(build.build(scale=scale))
        if not quiet:
            self.stdout.write(accounts.told())
