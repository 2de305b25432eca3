"""Make what is installed ready to serve: tables, static files and, in the demo, its people."""

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed

from network_portal.catalogue import PO_FILE, compile_catalogue


class Command(BaseCommand):
    help = "Migrates, collects static files, builds the demo district where it is missing."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--empty", action="store_true", help="without the demo's people")

    def handle(self, *args, empty, **options):
        if compile_catalogue():  # what this process has read before is the old one, or none
            translation_file_changed(self, PO_FILE.with_suffix(".mo"))
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not empty and "demo" in get_commands():
            call_command("demo", quiet=True)  # `make demo` tells the accounts at every start
