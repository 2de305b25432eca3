"""Build the demo in a folder of its own, measure by turns, print ratios beside the goals."""

import argparse
import os
import platform
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def main():
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument(
        "--scale", type=int, default=1, help="so many times the demo's teachers, events, materials"
    )
    options.add_argument("--runs", type=int, default=5, help="the median of so many is printed")
    options.add_argument("--reset", action="store_true", help="build the database anew")
    given = options.parse_args()
    if given.scale < 1:
        options.error("--scale is 1 or more")
    own_environment(given.scale)
    import django

    django.setup()
    from django.conf import settings

    from network_portal.embedded.servers import Servers

    if given.reset:
        Servers.of(settings).forget()
    with Servers.of(settings).running() as servers:
        prepare(given.scale)
        report(servers.places.postgres_data, given.runs)


def own_environment(scale):
    """Whatever the machine is set up for: never another database than the one made here."""
    folder = "bench" if scale == 1 else f"bench-{scale}"
    os.environ |= {
        "LOCAL_DIR": str(CHECKOUT / ".local" / folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DEMO": "true",
        "DEBUG": "false",
        "SITE_URL": "http://localhost",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "network_portal.settings",
    }


def prepare(scale):
    """The tables, the static files and the demo; nothing where they are there already."""
    from django.core.management import call_command

    call_command("prepare", empty=True)
    call_command("demo", scale=scale)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def report(postgres_data, runs):
    """Everything, printed as it is measured."""
    from django.utils import timezone, translation

    from bench import cases
    from bench.measure import Clock
    from bench.site import Site

    clock, site = Clock(postgres_data), Site()
    demo = cases.Demo(site)
    counted = "with" if clock.counts_database else "WITHOUT"
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} processors; {demo.describe()}")
    print(f"Milliseconds of processor time, {counted} the database's; median of {runs} runs.\n")
    print(f"{'':44}{'ms':>8}{'wall':>8}{'floor':>8}{'ratio':>7}  floor, goal")
    with translation.override("ru"), timezone.override(demo.municipality.tz):
        for case in (*cases.pages(demo), *cases.annual_report(demo), *cases.files(demo)):
            print(line(case, clock.medians(runs, work=case.work, floor=case.floor)), flush=True)
    print("\nSQL statements of a page, goal ≤ 8")
    for what, address, name in cases.addresses(demo):
        count = site.queries(address, name)
        print(f"  {what + ', ' + name:30}{count:4}{'  above the goal' if count > 8 else ''}")
    weigh(site)


def line(case, costs):
    work, floor = costs["work"], costs["floor"]
    speed = f"; here {case.rows / work.cpu:,.0f} of {case.rows / floor.cpu:,.0f}"
    return (
        f"{case.name:44}{work.cpu * 1e3:8.2f}{work.wall * 1e3:8.2f}{floor.cpu * 1e3:8.2f}"
        f"{work.cpu / floor.cpu:7.1f}  {case.floor_name}, {case.goal}{speed if case.rows else ''}"
    )


def weigh(site):
    from bench.visit import weight

    print("\nFirst visit, goal ≤ 5 requests and ≤ 60 KB compressed")
    for address, name in (("/", "guest"), ("/materials/", "guest"), ("/", "teacher")):
        requests, size = weight(site, address, name)
        print(f"  {address + ', ' + name:30}{requests:4} requests, {size / 1024:.1f} KB")


if __name__ == "__main__":
    sys.exit(main())
