"""Health pages for whoever watches the portal: alive, and ready part by part."""

import os
import tempfile

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection


@never_cache
@login_not_required
@require_safe
def healthz(request):
    """The process answers; says nothing about what it rests on."""
    return JsonResponse({"status": "ok"})


@never_cache
@login_not_required
@require_safe
def readyz(request):
    """Which part is down. Without its broker the portal still serves: jobs wait as rows."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(parts[name] == "ok" for name in NEEDED)
    return JsonResponse(
        {"status": "ok" if ready else "down", "parts": parts}, status=200 if ready else 503
    )


def _state(check) -> str:
    try:
        check()
    except Exception:
        return "down"
    return "ok"


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _files():
    os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as probe:
        probe.write(b"x")


def _broker():
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.default_channel.client.ping()


CHECKS = {"database": _database, "files": _files, "broker": _broker}
NEEDED = ("database", "files")
