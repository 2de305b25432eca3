"""Servers of the test run: fresh, careless about power cuts, shared by all its processes.

They live in a folder of their own, so a running demo and a second run are left in peace.
The environment carries the folder's name to the worker processes and to what tests start.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from network_portal.catalogue import compile_catalogue
from network_portal.embedded.processes import Lock
from network_portal.embedded.servers import Servers

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_run = pytest.StashKey[Servers]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        clear_leftovers(CHECKOUT / ".local")
        os.environ["LOCAL_DIR"] = new_folder(CHECKOUT / ".local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    from django.conf import settings

    prepare(settings)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_catalogue()
        servers = early_config.stash[_run] = Servers.of(settings, careless=True)
        servers.start()


def pytest_unconfigure(config):
    """After the last process has dropped its database."""
    if servers := config.stash.get(_run, None):
        servers.stop()
        shutil.rmtree(servers.places.local, ignore_errors=True)


def new_folder(parent: Path) -> str:
    parent.mkdir(exist_ok=True)
    return tempfile.mkdtemp(prefix="test-", dir=parent)


def clear_leftovers(parent: Path) -> None:
    """Runs that were killed: the lock of such a run is free, its servers may still live."""
    for folder in parent.glob("test-*"):
        if not (folder / "servers.lock").exists():
            continue  # a run that is just beginning
        lock = Lock(folder / "servers.lock")
        if lock.acquire():
            servers = Servers(folder, postgres=True, valkey=True)
            servers.lock.release()
            servers.lock = lock
            servers.stop()
            shutil.rmtree(folder, ignore_errors=True)


def own_cache(location: str) -> str:
    """Processes of one run share a server: each has a database of its own to clear."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return location.replace("?db=1", f"?db={2 + int(number) % 14}")


def prepare(settings) -> None:
    """What a test run may do more cheaply than a portal."""
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Tests of races have more threads than a web process; they queue for a connection.
    settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 60
    settings.DEFAULT_MUNICIPALITY = "nikolsky"  # a guest's, in whatever order rows are made
    settings.CACHES["default"]["LOCATION"] = own_cache(settings.CACHES["default"]["LOCATION"])
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
