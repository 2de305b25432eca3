"""`manage.py check_files`: stored files and rows compared both ways, and mended."""

import sys

from django.core.management.base import BaseCommand

from materials import checking


class Command(BaseCommand):
    help = "Compare stored files with the rows that name them; exit 1 when they disagree."

    def add_arguments(self, parser):
        parser.add_argument(
            "--mend",
            action="store_true",
            help="remove files without a row older than an hour, make lost previews again",
        )

    def handle(self, *args, mend, **options):
        found = checking.check(mend=mend)
        for name in found.orphans:
            self.stdout.write(f"file without a row: {name}")
        for label, pk, field, name in found.missing:
            self.stdout.write(f"row without its file: {label} {pk} {field}: {name}")
        for name in found.damaged:
            self.stdout.write(f"file changed since its upload: {name}")
        if mend:
            self.stdout.write(f"removed {found.removed}, previews ordered {found.ordered}")
        self.stdout.write("clean" if found.is_clean else "found disagreements")
        if not found.is_clean and not mend:
            sys.exit(1)
