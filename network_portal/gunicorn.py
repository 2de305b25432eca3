"""How the web server runs: a few processes of several threads, one database pool each."""

import gc
from pathlib import Path

from environs import Env

# gunicorn asks before the settings are loaded, which read the same file.
env = Env()
env.read_env(str(Path(__file__).resolve().parent.parent / ".env"), recurse=False)

bind = env.str("BIND", default="") or f"0.0.0.0:{env.str('PORT', default='') or 8000}"
workers = int(env.str("WEB_CONCURRENCY", default="") or 2)
worker_class = "gthread"
threads = int(env.str("WEB_THREADS", default="") or 4)  # DATABASE_POOL must not be smaller
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
forwarded_allow_ips = env.str("FORWARDED_ALLOW_IPS", default="") or "127.0.0.1"


def when_ready(server):
    """What is loaded by now stays: the collector must not touch, and so copy, its pages."""
    gc.collect()
    gc.freeze()
