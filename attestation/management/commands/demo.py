"""`manage.py demo`: build the demo district and its two neighbours, once."""

from django.core.management.base import BaseCommand

from attestation.demo import build


class Command(BaseCommand):
    help = "Build the demo district «nikolsky» and its neighbours; does nothing when they exist."

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=int, default=1, help="Multiply people and materials, for benchmarks."
        )

    def handle(self, *, scale, **options):
        self.stdout.write(build.build(scale=scale))
