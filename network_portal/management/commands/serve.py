"""`manage.py serve`: the whole portal on one machine, under one parent."""

import os
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Runs servers, web, worker and beat together; Ctrl-C ends them all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args, port, **options):
        # A fresh process in place of this one: the parent of all needs no Django in memory.
        module = ["-m", "network_portal.embedded.supervisor", "--port", str(port)]
        os.execv(sys.executable, [sys.executable, *module])  # noqa: S606
