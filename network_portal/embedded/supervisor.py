"""One parent of all processes of a demo: starts them, restarts what died, ends them all."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from attestation.demo import accounts
from network_portal.embedded.processes import (
    ServerError,
    die_with_parent,
    stop_process,
    wait_until,
)
from network_portal.embedded.servers import Servers

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# One machine carries them all: no copy of the URLs in worker and beat, few malloc arenas,
# one process that serves pages and one that works; each answers several readers by threads.
FRUGAL = {"CELERY_SKIP_CHECKS": "1", "MALLOC_ARENA_MAX": "2"}
ALONE = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "6"}
WORKER_MEMORY = 170_000  # KB: a process that papers have made larger is replaced by a fresh one
MAX_PAUSE = 30  # seconds before a process that keeps dying is started once more


class Child:
    """A process that has to run; each death in a row doubles the pause before the next start."""

    def __init__(self, name: str, command: list[str], log: Path, death: int = signal.SIGTERM):
        self.name, self.command, self.log, self.death = name, command, log, death
        self.process = None
        self.started = self.not_before = 0.0
        self.pause = 1.0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.started = time.monotonic()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=CHECKOUT,
                env={**ALONE, **os.environ, **FRUGAL},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on, in order
                preexec_fn=die_with_parent(self.death),
            )

    def look_after(self) -> None:
        """Start the process again when it died and its pause is over."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if not self.not_before:
            self.pause = 1.0 if now - self.started > 60 else min(self.pause * 2, MAX_PAUSE)
            self.not_before = now + self.pause
            say(f"{self.name} ended ({self.process.returncode}), see {self.log}; restarting")
            end_group(self.process.pid)
        elif now >= self.not_before:
            self.not_before = 0.0
            self.start()

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, patience: float = 20) -> None:
        if self.process:
            stop_process(self.process.pid, signal.SIGTERM, patience)
            self.process.wait()
            end_group(self.process.pid)


class Supervisor:
    """Everything `make demo` runs."""

    def __init__(self, servers: Servers, port: int, empty: bool = False):
        self.servers, self.port, self.empty = servers, port, empty
        self.ending = False
        log = servers.places.log
        celery = [sys.executable, "-m", "celery", "-A", "network_portal"]
        schedule = servers.places.local / "celerybeat-schedule"
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        memory = f"--max-memory-per-child={WORKER_MEMORY}"
        worker = [*celery, "worker", "-c", "1", memory, "-l", "INFO", *quiet]
        self.children = [
            Child(
                "web",
                [sys.executable, "-m", "gunicorn", "-c", "python:network_portal.gunicorn"],
                log("web"),
            ),
            Child("worker", worker, log("worker"), death=signal.SIGQUIT),
            Child(
                "beat",
                [*celery, "beat", "-l", "INFO", "--pidfile=", "-s", str(schedule)],
                log("beat"),
            ),
        ]

    def run(self) -> int:
        """Serve until somebody asks to end; 0 then, 1 when it could not be started."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self._end)
        try:
            return self._serve()
        except ServerError as error:
            say(f"The portal does not start: {error}")
            return 1
        finally:
            for child in self.children:
                child.ask_to_end()
            for child in self.children:
                child.stop()
            self.servers.stop()

    def _serve(self) -> int:
        began = time.monotonic()
        check_port(self.port)
        if not self.servers.start() and self.servers.wanted:
            raise ServerError("another process of this checkout holds its servers; end it first.")
        self._prepare()
        if self.ending:
            return 0
        for child in self.children:
            child.start()
        wait_until(lambda: self.ending or self._answers() or self._web_died(), 60, pause=0.1)
        if not self.ending:
            if not self._answers():
                raise ServerError(f"no page is served, see {self.children[0].log}")
            self._announce(time.monotonic() - began)
        while not self.ending:
            self._look_after_everything()
            time.sleep(0.5)
        say("Ending …")
        return 0

    def _prepare(self) -> None:
        say("Preparing the portal …")
        steps = subprocess.Popen(
            [sys.executable, "manage.py", "prepare", *(["--empty"] if self.empty else [])],
            cwd=CHECKOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        wait_until(lambda: self.ending or steps.poll() is not None, float("inf"), pause=0.05)
        if self.ending:
            stop_process(steps.pid, signal.SIGTERM)
        elif steps.returncode:
            raise ServerError("what stands above went wrong while preparing it.")

    def _look_after_everything(self) -> None:
        try:
            self.servers.revive()
        except ServerError as error:
            say(str(error))
        for child in self.children:
            child.look_after()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _web_died(self) -> bool:
        return self.children[0].process.poll() is not None

    def _announce(self, seconds: float) -> None:
        say(f"\nThe portal answers at http://localhost:{self.port}/ (after {seconds:.1f} s)\n")
        if not self.empty:
            say(accounts.told())
        say(f"\nLetters: {self.servers.places.local / 'mail'}   Ctrl-C ends the portal.\n")

    def _end(self, signum, frame) -> None:
        self.ending = True


def check_port(port: int) -> None:
    """Say it before anything is started when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServerError(f"port {port} is taken; try another: make demo PORT=8001") from None


def end_group(pid: int) -> None:
    """What a killed process left behind in its session."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--empty", action="store_true", help="tables without the demo's people")
    parser.add_argument("--reset", action="store_true", help="forget the demo's data first")
    given = parser.parse_args()
    port = given.port
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    os.environ.setdefault("BIND", f"127.0.0.1:{port}")  # known passwords stay on this machine
    from django.conf import settings

    servers = Servers.of(settings)
    if given.reset and not servers.forget():
        say("The portal of this checkout is running: end it first.")
        return 1
    return Supervisor(servers, port, given.empty).run()


if __name__ == "__main__":
    sys.exit(main())
