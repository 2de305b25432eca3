"""Work over untrusted bytes stays within its time and memory, and leaves nothing running."""

import os
import sys
import time
from pathlib import Path

import pytest

from communities.limited import LimitedError, run_limited
from network_portal.embedded.processes import is_running, wait_until

HERE = "tests.communities.test_limited."


def double(number):
    sys.stdout.write("noise on stdout")
    return {"doubled": number * 2, "text": "ёж"}


def eat_memory():
    return len(b"x" * (2 << 30))


def sleep_forever(pid_file):
    if os.fork() == 0:
        Path(pid_file).write_text(str(os.getpid()))
    time.sleep(60)


def refuse():
    raise ValueError("нет листов")


def die():
    os._exit(3)


def secrets():
    return sorted(set(os.environ) & {"SECRET_KEY", "DATABASE_URL"})


def run(name, *args, seconds=10, megabytes=600):
    return run_limited(HERE + name, *args, seconds=seconds, megabytes=megabytes)


def test_result_comes_back_whole():
    assert run("double", 21) == {"doubled": 42, "text": "ёж"}


def test_too_much_memory_is_refused():
    with pytest.raises(LimitedError) as refused:
        run("eat_memory")
    assert refused.value.reason == "memory"


def test_too_long_work_is_killed_with_its_children(tmp_path):
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    with pytest.raises(LimitedError) as refused:
        run("sleep_forever", str(pid_file), seconds=4)
    assert refused.value.reason == "time"
    assert time.monotonic() - started < 10
    child = int(pid_file.read_text())
    assert wait_until(lambda: not is_running(child), 5)


def test_error_of_the_work_is_told():
    with pytest.raises(LimitedError) as refused:
        run("refuse")
    assert (refused.value.reason, refused.value.name) == ("error", "ValueError")
    assert str(refused.value) == "нет листов"


def test_crash_is_told():
    with pytest.raises(LimitedError) as refused:
        run("die")
    assert refused.value.reason == "crash"


def test_secrets_stay_outside(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody")
    assert run("secrets") == []
