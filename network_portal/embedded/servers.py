"""Both embedded servers together: found running, started, adopted after a crash, stopped."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from network_portal.embedded.postgres import Postgres
from network_portal.embedded.processes import Lock, ServerError, wait_until
from network_portal.embedded.services import Places
from network_portal.embedded.valkey import Valkey


class Servers:
    """The servers the settings ask for; whoever holds the lock stops them."""

    def __init__(self, local_dir, postgres: bool, valkey: bool, careless: bool = False):
        self.places = Places(Path(local_dir))
        self.lock = Lock(self.places.owner_lock)
        self.wanted = []
        if postgres:
            self.wanted.append(Postgres(self.places, careless))
        if valkey:
            self.wanted.append(Valkey(self.places))

    @classmethod
    def of(cls, settings, careless: bool = False):
        """Those whose address in Django's settings is the embedded one."""
        places = Places(Path(settings.LOCAL_DIR))
        return cls(
            settings.LOCAL_DIR,
            postgres=settings.DATABASES["default"]["HOST"] == str(places.sockets),
            valkey=str(places.valkey_socket) in settings.CELERY_BROKER_URL,
            careless=careless,
        )

    def are_alive(self) -> bool:
        return all(server.is_alive() for server in self.wanted)

    def start(self) -> bool:
        """Make the servers answer; True when it is ours to stop them.

        The lock tells a working owner from a dead one: free lock, so servers that still
        answer are orphans and become ours; held lock, so they are running, starting or
        about to stop, and in the last case the lock comes free for us.
        """
        if not self.wanted:
            return False
        if not wait_until(lambda: self.lock.acquire() or self.are_alive(), 90, pause=0.1):
            raise ServerError("Another process has been starting the servers for too long.")
        if not self.lock.file:
            return False
        self.revive()
        return True

    def revive(self) -> None:
        """Start what does not answer; only for the one who holds the lock."""
        for server in self.wanted:
            if not server.is_alive():
                server.start()

    def stop(self) -> None:
        """Stop what is ours and let the next one in."""
        if not self.lock.file:
            return
        for server in reversed(self.wanted):
            server.stop()
        shutil.rmtree(self.places.sockets, ignore_errors=True)
        self.lock.release()

    def forget(self) -> bool:
        """Remove everything the portal keeps here; False when somebody is using it."""
        if not self.lock.acquire():
            return False
        for server in self.wanted:
            server.stop()
        for path in self.places.local.iterdir():
            if path.is_dir() and not path.name.startswith("test-"):
                shutil.rmtree(path)
            elif path.is_file() and path != self.lock.path:
                path.unlink()
        self.lock.release()
        return True

    @contextmanager
    def running(self):
        """The servers for as long as the block runs."""
        try:
            self.start()
            yield self
        finally:
            self.stop()
