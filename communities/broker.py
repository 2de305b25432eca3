"""Tell a worker something at once, without ever waiting for a broker that is gone."""

import logging

from django.conf import settings
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
FIRST, LAST = 0, 9  # Redis knows the lowest number as the first


def send(task, *args, priority=FIRST):
    """Send one task, and say whether that went; what it was about waits as a row anyway."""
    try:
        with task.app.connection(transport_options=_impatient()) as connection:
            task.apply_async(args, connection=connection, priority=priority)
    except (KombuError, RedisError, OSError) as error:
        log.warning("%s%s waits for the broker: %s", task.name, args, error)
        return False
    return True


def _impatient():
    """A worker may wait for the broker; a page that has just saved its change may not."""
    return {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_timeout": 1, "max_retries": 0}
