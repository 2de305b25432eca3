"""`manage.py demo`: build the demo district and its two neighbours, once."""

from django.core.management.base import BaseCommand

from attestation.demo import accounts, build


class Command(BaseCommand):
    help = "Build the demo district «nikolsky» and its neighbours; does nothing when they exist."

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=int, default=1, help="Multiply people and materials, for benchmarks."
        )

        parser.add_argument(
            "--quiet", action="store_true", help="Leave the accounts to whoever starts the portal."
        )

    def handle(self, *, scale, quiet, **options):
        self.stdout.write(build.build(scale=scale))
        if not quiet:
            self.stdout.write(accounts.told())
