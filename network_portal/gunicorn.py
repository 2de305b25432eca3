"""How the web server runs: a few processes of several threads, one database pool each."""

import gc
import os
from pathlib import Path

from environs import Env

# gunicorn asks before the settings are loaded, which read the same file.
Env().read_env(str(Path(__file__).resolve().parent.parent / ".env"), recurse=False)

bind = os.environ.get("BIND") or f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)  # DATABASE_POOL must not be smaller
wsgi_app = "network_portal.wsgi:application"

preload_app = workers > 1  # the processes share the memory of the code
timeout = 60
graceful_timeout = 15
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats of workers, not on a slow disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108
control_socket_disable = True  # one per home folder would be shared by two checkouts
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1"


def when_ready(server):
    """What is loaded by now stays: the collector must not touch, and so copy, its pages."""
    gc.collect()
    gc.freeze()
