import os
import time

import pytest

from network_portal import browser, probe


@pytest.fixture
def schedule(monkeypatch, tmp_path):
    monkeypatch.setattr(probe, "BEAT_SCHEDULE", tmp_path / "celerybeat-schedule")
    return tmp_path / "celerybeat-schedule.db"


def test_beat_is_well_while_it_writes_its_schedule(schedule):
    assert probe.beat() is False
    schedule.touch()
    assert probe.beat() is True
    long_ago = time.time() - probe.BEAT_SILENCE - 1
    os.utime(schedule, (long_ago, long_ago))
    assert probe.beat() is False


def test_web_is_asked_by_its_public_name(live_server, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    monkeypatch.setenv("BIND", f"127.0.0.1:{live_server.thread.port}")
    monkeypatch.setenv("ALLOWED_HOSTS", "portal.example,other.example")
    assert probe.web() is True


def test_worker_without_an_answer_is_not_well(monkeypatch):
    monkeypatch.setattr("network_portal.celery.app.control.ping", lambda **kwargs: [])
    assert probe.worker() is False


def test_chromium_is_found_by_name_or_by_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert browser.find_chromium() is None
    (tmp_path / "chromium").touch(mode=0o755)
    assert browser.find_chromium() == str(tmp_path / "chromium")
    (tmp_path / "other").touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "other"))
    assert browser.find_chromium() == str(tmp_path / "other")
