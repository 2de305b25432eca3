"""The order in which the demo district comes into being; all of it or nothing."""

import time

from django.db import connection, transaction
from django.utils import timezone

from attestation.demo import corners
from attestation.demo.bank import Bank
from attestation.demo.district import District
from attestation.demo.district.people import scale_of
from attestation.demo.papers import Papers
from attestation.demo.years import all_years
from communities.models import Municipality


def _analyze():
    """Tell the planner how large the tables have become: it has never seen them full."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def build(scale=1):
    """Build everything and say what was built; a second call finds it and changes nothing."""
    standing = Municipality.objects.filter(slug="nikolsky").first()
    if standing:
        return _left_alone(scale_of(standing), scale)
    started = time.monotonic()
    with transaction.atomic():
        district = District(timezone.localdate(), scale).build()
        years = list(all_years(district))
        Bank(district).build()
        _analyze()
        Papers(district, years).build()
        corners.build(district.password)
    return f"Built the demo district in {time.monotonic() - started:.0f} s."


def _left_alone(built, asked):
    if built == asked:
        return "The demo district is there already."
    return (
        f"The demo district is there already with --scale {built}: it is left as it is. "
        f"Build --scale {asked} in an empty database."
    )
