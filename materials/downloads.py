"""How often materials are downloaded: counted in Redis, added to the rows by a task."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F
from redis import Redis
from redis.exceptions import RedisError

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
    """Add what was counted to the rows; a half-done flush is finished by the next one."""
    with _redis() as redis:
        if not redis.exists(TAKEN) and not redis.exists(COUNTS):
            return 0
        if not redis.exists(TAKEN):
            redis.rename(COUNTS, TAKEN)
        counted = redis.hgetall(TAKEN)
        with transaction.atomic():
            for pk, number in sorted(counted.items()):
                Material.objects.filter(pk=pk).update(downloads=F("downloads") + int(number))
        redis.delete(TAKEN)
    return len(counted)
