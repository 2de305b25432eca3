"""The portal as `make demo` runs it, and what happens to it when something is killed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from attestation.demo import accounts
from network_portal.embedded.postgres import Postgres
from network_portal.embedded.processes import is_running, wait_until
from network_portal.embedded.servers import Servers
from network_portal.embedded.services import Places
from network_portal.embedded.supervisor import Child, Supervisor
from network_portal.embedded.valkey import Valkey

ROOT = Path(__file__).parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=15) as page:
            return page.status, page.headers, page.read().decode()
    except urllib.error.HTTPError as page:
        with page:
            return page.code, page.headers, page.read().decode()
    except OSError:
        return 0, {}, ""


def descendants(pid):
    """The process and everything started under it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(stat[1]), []).append(int(folder.name))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += parents.get(found[-1], [])
    return found


class Portal:
    """A supervisor in a folder of its own, without demo data."""

    def __init__(self, local):
        self.places, self.port = Places(local), free_port()
        self.output = (local / "output").open("w+")
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "network_portal.embedded.supervisor"),
                *("--port", str(self.port), "--empty"),
            ],
            cwd=ROOT,
            stdout=self.output,
            stderr=self.output,
            env={**environment, "LOCAL_DIR": str(local)},
        )
        assert wait_until(lambda: "answers at" in self.said(), 90, 0.2), self.said()

    def said(self):
        return Path(self.output.name).read_text()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)  # where a test left it asleep
            self.process.send_signal(signal.SIGINT)
            self.process.wait(40)
        self.output.close()
        Postgres(self.places).stop()
        Valkey(self.places).stop()


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@contextlib.contextmanager
def portal_in(folder):
    portal = Portal(folder)
    try:
        yield portal
    finally:
        portal.end()


def test_portal_outlives_its_parts_and_leaves_nothing_behind(tmp_path):
    with portal_in(tmp_path) as portal:
        assert set(states(portal).values()) == {"ok"}
        check_calm_page_without_database(portal)
        os.kill(Valkey(portal.places).pid(), signal.SIGKILL)
        assert wait_until(lambda: set(states(portal).values()) == {"ok"}, 30, 0.2), portal.said()
        check_killed_supervisor_takes_everything_along(portal)
    with portal_in(tmp_path) as portal:  # the next start recovers
        family = descendants(portal.process.pid)
        assert len(family) > 8
        portal.process.send_signal(signal.SIGINT)
        assert portal.process.wait(40) == 0
        assert [pid for pid in family if is_running(pid)] == []
        assert not portal.places.sockets.exists()


def states(portal):
    return json.loads(get(portal.port, "/readyz")[2])["parts"]


def check_calm_page_without_database(portal):
    os.kill(portal.process.pid, signal.SIGSTOP)  # nobody revives it meanwhile
    os.kill(Postgres(portal.places).pid(), signal.SIGKILL)
    # Its children answer until they notice.
    assert wait_until(lambda: states(portal)["database"] == "down", 10, 0.1)
    status, headers, text = get(portal.port, "/", Cookie="sessionid=" + "a" * 32)
    assert (status, headers["Retry-After"]) == (503, "30")
    assert 'lang="ru"' in text
    assert get(portal.port, "/healthz")[0] == 200
    os.kill(portal.process.pid, signal.SIGCONT)
    assert wait_until(lambda: get(portal.port, "/readyz")[0] == 200, 30, 0.2), portal.said()


def check_killed_supervisor_takes_everything_along(portal):
    family = descendants(portal.process.pid)
    portal.process.kill()
    portal.process.wait()
    assert wait_until(lambda: not any(is_running(pid) for pid in family), 20)


def test_child_that_died_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr("network_portal.embedded.supervisor.say", lambda text: None)
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child("sleeper", command, tmp_path / "log" / "sleeper.log")
    child.start()
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    child.look_after()
    assert child.not_before > 0
    child.not_before = 0.1  # its pause is over
    child.look_after()
    assert child.process.pid != first
    assert is_running(child.process.pid)
    child.stop()
    assert not is_running(child.process.pid)


def test_accounts_are_told_when_the_portal_answers(tmp_path, capsys):
    servers = Servers(tmp_path, postgres=False, valkey=False)
    Supervisor(servers, 8000)._announce(1.0)
    assert capsys.readouterr().out.count(accounts.told()) == 1
    Supervisor(servers, 8000, empty=True)._announce(1.0)
    assert "demo.example" not in capsys.readouterr().out


def test_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = subprocess.run(
            [
                *(sys.executable, "-m", "network_portal.embedded.supervisor"),
                *("--port", str(taken.getsockname()[1])),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "LOCAL_DIR": str(tmp_path)},
            timeout=30,
        )
    assert run.returncode == 1
    assert "is taken" in run.stdout
    assert not (tmp_path / "postgres").exists()
