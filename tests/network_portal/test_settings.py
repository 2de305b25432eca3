import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from network_portal.embedded.postgres import INITDB_ARGS

SHOW = """import runpy, sys
print(*(runpy.run_path(sys.argv[1])[name] for name in ("bind", "workers", "threads")))"""
ROOT = Path(__file__).parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnop",
    "DATABASE_URL": "postgresql://portal@localhost/portal",
    "REDIS_URL": "redis://localhost:6379",
    "SITE_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
}


def manage(*arguments, without=(), **environment):
    """A command in an environment that holds nothing of ours but what is given."""
    given = {**PRODUCTION, **environment}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, **{name: value for name, value in given.items() if name not in without}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_has_nothing_to_warn_about():
    checked = manage("check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize("missing", [{"without": ["SECRET_KEY"]}, {"SECRET_KEY": ""}])
def test_missing_secret_stops_the_start(missing):
    checked = manage("check", **missing)
    assert checked.returncode != 0
    assert "SECRET_KEY" in checked.stderr


def test_web_server_reads_the_same_file_of_settings(tmp_path):
    config = tmp_path / "network_portal" / "gunicorn.py"
    config.parent.mkdir()
    shutil.copy(ROOT / "network_portal" / "gunicorn.py", config)
    (tmp_path / ".env").write_text("BIND=127.0.0.1:8123\nWEB_THREADS=3\n")
    told = subprocess.run(
        [sys.executable, "-c", SHOW, config],
        env={"PATH": os.environ["PATH"], "WEB_THREADS": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["127.0.0.1:8123", "2", "7"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_production_is_not_given_an_embedded_server(name):
    checked = manage("check", DEMO="false", without=[name])
    assert checked.returncode != 0
    assert name in checked.stderr


def test_every_variable_is_explained_in_the_example():
    sources = [*(ROOT / "network_portal").rglob("*.py"), ROOT / "docker-compose.yml"]
    reading = re.compile(
        r"""(?:env\.(?!read_env)\w+\(\s*|environ(?:\.get\(|\[))"([A-Z_]+)"|\$\{([A-Z_]+)"""
    )
    read = {
        first or second
        for source in sources
        for first, second in reading.findall(source.read_text())
    }
    told = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    inner = {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "CHROMIUM"}
    assert sorted(read - inner - told) == []
    assert sorted(told - read) == []
    for page in ("README.md", "README.ru.md"):
        table = set(re.findall(r"`([A-Z_]+)`", (ROOT / page).read_text()))
        assert sorted(told - table) == [], page


def test_production_database_is_made_like_the_embedded_one():
    compose = (ROOT / "docker-compose.yml").read_text()
    assert all(argument in compose for argument in INITDB_ARGS)


def test_locks_name_hashes_and_no_index():
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n(\s+--hash=sha256:[0-9a-f]{64})", text, re.M)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.M)) > 0
        assert "://" not in text
        assert "--index" not in text
