"""The cache that forgives: without its server a page is slower, never broken."""

import logging
import time
from functools import wraps

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds between two attempts to reach a server that is gone
OPERATIONS = (
    "add",
    "clear",
    "delete",
    "delete_many",
    "get",
    "get_many",
    "has_key",
    "incr",
    "set",
    "set_many",
    "touch",
)


class ForgivingRedisCache(RedisCache):
    """Redis; while it is gone, the memory of this process.

    Not simply a miss: limits on sign-in attempts are counted here, and a server that is
    gone must not lift them.
    """

    _next_attempt = 0.0  # of the process, a cache object lives as long as a thread

    def __init__(self, server, params):
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    @cached_property
    def _spare(self):
        return LocMemCache("outage", {"OPTIONS": {"MAX_ENTRIES": 5000}})

    def _begin_outage(self, error) -> None:
        cls = type(self)
        if time.monotonic() > cls._next_attempt + PAUSE:
            self._spare.clear()  # what an earlier outage left is out of date
            logger.warning("The cache is gone, using the memory of the process: %s", error)
        cls._next_attempt = time.monotonic() + PAUSE


def _forgiving(name):
    remote, local = getattr(RedisCache, name), getattr(LocMemCache, name)

    @wraps(remote)
    def operation(self, *args, **kwargs):
        if time.monotonic() >= self._next_attempt:
            try:
                return remote(self, *args, **kwargs)
            except RedisError as error:
                self._begin_outage(error)
        return local(self._spare, *args, **kwargs)

    return operation


for _name in OPERATIONS:
    setattr(ForgivingRedisCache, _name, _forgiving(_name))
