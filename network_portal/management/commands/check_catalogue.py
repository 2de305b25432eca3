"""`manage.py check_catalogue`: is every sentence of the sources there in Russian."""

import shutil

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from network_portal.catalogue import PO_FILE, differences, problems, sentences


class Command(BaseCommand):
    help = "Finds empty and fuzzy entries and, with gettext, those missing and those out of use."
    requires_system_checks = []

    def handle(self, *args, **options):
        found = problems()
        if shutil.which("xgettext"):
            found += differences(*catalogue_and_sources())
        else:
            self.stdout.write("NOT CHECKED: gettext is absent, the sources are not read.")
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems in {PO_FILE}")
        self.stdout.write("The Russian catalogue is complete.")


def catalogue_and_sources() -> tuple[set, set]:
    """What the file has and what the sources say; the file is left as it was."""
    kept = PO_FILE.read_bytes()
    before = sentences()
    try:
        call_command(
            "makemessages",
            locale=["ru"],
            no_location=True,
            no_wrap=True,
            ignore_patterns=[".venv", ".local"],
            verbosity=0,
        )
        return before, sentences()
    finally:
        PO_FILE.write_bytes(kept)
