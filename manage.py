#!/usr/bin/env python
"""Entry point of the management commands, with the embedded servers around them."""

import os
import sys

SERVERLESS = {"collectstatic", "compilemessages", "help", "makemessages", "version"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    from django.core.management import execute_from_command_line

    if len(sys.argv) < 2 or sys.argv[1] in SERVERLESS or {"-h", "--help"} & set(sys.argv):
        execute_from_command_line(sys.argv)
        return
    from django.conf import settings

    from network_portal.embedded.servers import Servers

    with Servers.of(settings).running():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
