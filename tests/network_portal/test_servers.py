"""Life and death of the embedded servers, with real servers in folders of their own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from network_portal.embedded.postgres import Postgres, check_trigrams
from network_portal.embedded.processes import ServerError, is_running, stop_process, wait_until
from network_portal.embedded.servers import Servers
from network_portal.embedded.services import Places
from network_portal.embedded.valkey import Valkey


@pytest.fixture
def places(tmp_path):
    """The folder of a checkout; whatever runs in it afterwards is ended."""
    places = Places(tmp_path)
    yield places
    Postgres(places).stop()
    Valkey(places).stop()


@pytest.fixture
def servers(places):
    servers = Servers(places.local, postgres=True, valkey=True, careless=True)
    yield servers
    servers.stop()


def pids(servers):
    return [server.pid() for server in servers.wanted]


def write(servers, value):
    with servers.wanted[0].connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def read(servers):
    with servers.wanted[0].connect() as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept")]


def test_started_servers_answer_and_stopped_ones_leave_no_process(servers):
    assert servers.start() is True
    assert servers.are_alive()
    started = pids(servers)
    servers.stop()
    assert not any(is_running(pid) for pid in started)
    assert not servers.places.sockets.exists()


def test_second_user_finds_them_running_and_does_not_stop_them(servers):
    servers.start()
    other = Servers(servers.places.local, postgres=True, valkey=True)
    assert other.start() is False
    other.stop()
    assert servers.are_alive()


def test_two_checkouts_run_side_by_side(tmp_path):
    one, two = (
        Servers(tmp_path / name, postgres=True, valkey=True, careless=True)
        for name in ("one", "two")
    )
    with one.running(), two.running():
        write(one, "раз")
        write(two, "два")
        assert (read(one), read(two)) == (["раз"], ["два"])


def test_killed_servers_start_again_with_their_data(places):
    servers = Servers(places.local, postgres=True, valkey=True)
    with servers.running():
        write(servers, "осталось")
        for pid in pids(servers):
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not any(one.is_alive() for one in servers.wanted), 5)
        servers.revive()
        assert read(servers) == ["осталось"]


def test_orphans_of_a_dead_owner_are_adopted_and_ended(servers):
    servers.start()
    orphans = pids(servers)
    servers.lock.release()  # what the kernel does for a dead owner
    heir = Servers(servers.places.local, postgres=True, valkey=True)
    assert heir.start() is True
    assert pids(heir) == orphans
    heir.stop()
    assert not any(is_running(pid) for pid in orphans)


def test_orphan_whose_socket_was_swept_away_is_replaced(servers):
    servers.start()
    write(servers, "цело")
    orphan = servers.wanted[0].pid()
    servers.places.postgres_socket.unlink()
    servers.revive()
    assert not is_running(orphan)
    assert read(servers) == ["цело"]


def test_notes_of_a_process_that_took_the_number_do_not_hinder(servers):
    with servers.running():
        note = (servers.wanted[0].data / "postmaster.pid").read_text()
    stale = note.replace(note.splitlines()[0], str(os.getpid()), 1)
    (servers.wanted[0].data / "postmaster.pid").write_text(stale)
    servers.places.sockets.mkdir()
    servers.wanted[1].pid_file.write_text(str(os.getpid()))
    with servers.running():
        assert servers.are_alive()


def test_half_made_cluster_is_made_anew(servers):
    half = servers.places.local / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with servers.running():
        write(servers, "x")
    assert not half.exists()


OWNER = """
import sys, time
from network_portal.embedded.servers import Servers
servers = Servers(sys.argv[1], postgres=True, valkey=True, careless=True)
servers.start()
print(*[server.pid() for server in servers.wanted], flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help exists on Linux only")
def test_killed_owner_takes_the_servers_along(places):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(places.local)], stdout=subprocess.PIPE, text=True
    )
    with owner.stdout:
        left = [int(pid) for pid in owner.stdout.readline().split()]
    owner.kill()
    owner.wait()
    assert len(left) == 2
    assert wait_until(lambda: not any(is_running(pid) for pid in left), 10)


def test_forget_refuses_while_somebody_uses_the_servers(servers):
    other = Servers(servers.places.local, postgres=True, valkey=True)
    with servers.running():
        assert other.forget() is False
        assert servers.are_alive()
    assert other.forget() is True
    assert not servers.places.postgres_data.exists()


def test_russian_search_works_in_the_embedded_server(servers):
    with servers.running(), servers.wanted[0].connect() as connection:
        check_trigrams(connection)
        sorted_words = connection.execute("SELECT lower('ЁЖ'), 'ё' ~ '[[:alpha:]]'").fetchone()
    assert sorted_words == ("ёж", True)


def test_server_blind_for_cyrillic_is_refused(places, monkeypatch):
    monkeypatch.setattr(
        "network_portal.embedded.postgres.INITDB_ARGS", ("--encoding=UTF8", "--locale=C")
    )
    server = Postgres(places, careless=True)
    with pytest.raises(ServerError, match="Cyrillic"):
        server.start()


def test_foreign_socket_folder_is_refused(servers, monkeypatch):
    servers.places.sockets.mkdir(mode=0o700)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    foreign = Servers(servers.places.local, postgres=False, valkey=True)
    foreign.places.sockets.symlink_to(servers.places.local)
    with pytest.raises(ServerError, match="belongs to somebody else"):
        foreign.start()
    foreign.places.sockets.unlink()
    foreign.stop()
    monkeypatch.undo()
    servers.places.sockets.rmdir()


def test_command_brings_its_servers_and_takes_them_away(places):
    """`manage.py` on a machine that has nothing: no variable, no server, no folder."""
    ask = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 41 + 1');"
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"{ask} print(k.fetchone())"],
        cwd=Path(__file__).parent.parent.parent,
        env={**os.environ, "LOCAL_DIR": str(places.local)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "(42,)\n", run.stderr
    assert Postgres(places).pid() is None
    assert not places.sockets.exists()


DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def test_stop_process_insists():
    deaf = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE)
    with deaf.stdout:
        deaf.stdout.readline()
    stop_process(deaf.pid, signal.SIGTERM, patience=0.2)
    assert not is_running(deaf.pid)
    deaf.wait()
