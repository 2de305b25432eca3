"""How often materials are downloaded: counted in Redis, added to the rows by a task."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F
from redis import Redis
from redis.exceptions import RedisError

from materials import stored
from materials.models import Material

log = logging.getLogger(__name__)
COUNTS, TAKEN = "materials:downloads", "materials:downloads:taken"


def _redis():
    options = settings.CACHES["default"]["OPTIONS"]
    return Redis.from_url(
        settings.CACHES["default"]["LOCATION"],
        socket_connect_timeout=options["socket_connect_timeout"],
        socket_timeout=options["socket_timeout"],
        decode_responses=True,
    )


def count(pk):
    """One more download; without the counter the download goes on uncounted."""
    try:
        with _redis() as redis:
            redis.hincrby(COUNTS, str(pk), 1)
    except RedisError as error:
        log.warning("a download is not counted: %s", error)


def flush():
    """Add what was counted to the rows, and return of how many materials.

    What a dead flush had taken is added by the next one. The counts are forgotten last, yet
    before the rows are committed: death between the two loses them and never counts twice.
    """
    with _redis() as redis, transaction.atomic():
        stored.lock(TAKEN)  # another flush waits until this one has forgotten the counts
        if not redis.exists(TAKEN, COUNTS):
            return 0
        if not redis.exists(TAKEN):
            redis.rename(COUNTS, TAKEN)
        counted = redis.hgetall(TAKEN)
        for pk, number in sorted(counted.items()):
            Material.objects.filter(pk=pk).update(downloads=F("downloads") + int(number))
        redis.delete(TAKEN)
    return len(counted)
