"""`manage.py check_catalogue`: is every sentence of the sources there in Russian."""

import shutil

import polib
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from network_portal.catalogue import PO_FILE, problems


class Command(BaseCommand):
    help = "Finds empty and fuzzy entries and, with gettext, sentences the catalogue lacks."
    requires_system_checks = []

    def handle(self, *args, **options):
        found = problems()
        if shutil.which("xgettext"):
            found += missing_from_catalogue()
        else:
            self.stdout.write("NOT CHECKED: gettext is absent, new sentences are not looked for.")
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems in {PO_FILE}")
        self.stdout.write("The Russian catalogue is complete.")


def missing_from_catalogue() -> list[str]:
    """Sentences of the sources that the file does not have; the file is left as it was."""
    kept = PO_FILE.read_bytes()
    before = _sentences()
    try:
        call_command(
            "makemessages",
            locale=["ru"],
            no_location=True,
            no_wrap=True,
            ignore_patterns=[".venv", ".local"],
            verbosity=0,
        )
        after = _sentences()
    finally:
        PO_FILE.write_bytes(kept)
    return [f"not in the catalogue: {sentence[-1]}" for sentence in sorted(after - before, key=str)]


def _sentences() -> set[tuple]:
    return {
        (entry.msgctxt, entry.msgid_plural, entry.msgid)
        for entry in polib.pofile(str(PO_FILE))
        if not entry.obsolete
    }
