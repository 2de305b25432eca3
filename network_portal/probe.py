"""Health of a container from inside: `python -m network_portal.probe web|worker|beat`."""

import os
import socket
import sys
import time
import urllib.request
from pathlib import Path

BEAT_SCHEDULE = Path("/tmp/celerybeat-schedule")  # noqa: S108 - the container's own
BEAT_SILENCE = 300  # seconds; beat writes its schedule down every three minutes


def web() -> bool:
    """The page by its public name: another Host would be refused."""
    hosts = os.environ.get("ALLOWED_HOSTS") or "localhost"
    address = os.environ.get("BIND") or os.environ.get("PORT") or "8000"
    port = address.rpartition(":")[2]
    page = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz",
        headers={"Host": hosts.split(",")[0].strip(), "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(page, timeout=4) as answer:  # noqa: S310 - http, written above
        return answer.status == 200


def worker() -> bool:
    """The worker of this container answers through the broker."""
    from network_portal.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.ping(destination=[name], timeout=10))


def beat() -> bool:
    """The schedule has been written down lately."""
    return any(
        time.time() - path.stat().st_mtime < BEAT_SILENCE
        for path in BEAT_SCHEDULE.parent.glob(f"{BEAT_SCHEDULE.name}*")
    )


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
