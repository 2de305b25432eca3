import logging
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from network_portal import cache as module
from network_portal.cache import ForgivingRedisCache


@pytest.fixture
def forgiving(monkeypatch, tmp_path):
    """A cache whose server does not exist."""
    monkeypatch.setattr(ForgivingRedisCache, "_next_attempt", 0.0)
    cache = ForgivingRedisCache(f"unix://{tmp_path}/nobody.sock?db=1", {})
    cache._spare.clear()
    return cache


def test_cache_of_the_portal_is_real_and_forgets_nothing():
    cache = caches["default"]
    cache.set("word", "слово", 30)
    assert cache.get("word") == "слово"
    assert cache.incr("count") if cache.add("count", 1, 30) else True
    cache.delete_many(["word", "count"])
    assert cache.get("word") is None


def test_server_gone_is_a_miss_and_one_line_in_the_log(forgiving, caplog):
    with caplog.at_level(logging.WARNING):
        assert forgiving.get("word") is None
        assert forgiving.get_many(["a", "b"]) == {}
        assert forgiving.has_key("word") is False
        forgiving.delete("word")
        forgiving.touch("word", 5)
    assert [record.name for record in caplog.records] == ["network_portal.cache"]


def test_server_gone_does_not_make_a_page_wait(forgiving):
    began = time.monotonic()
    for number in range(50):
        forgiving.get(f"key-{number}")
    assert time.monotonic() - began < 0.5


def test_server_gone_does_not_lift_limits(forgiving):
    assert forgiving.add("tries", 1, 60) is True
    assert forgiving.add("tries", 1, 60) is False
    assert [forgiving.incr("tries") for _ in range(3)] == [2, 3, 4]
    assert forgiving.get_or_set("tries", 0) == 4


def test_server_back_is_used_again_after_the_pause(forgiving, monkeypatch, settings):
    forgiving.set("word", "in the process", 60)
    real = RedisCache(settings.CACHES["default"]["LOCATION"], {})
    real.set("word", "on the server", 60)
    forgiving.__dict__["_cache"] = real._cache
    assert forgiving.get("word") == "in the process"
    monkeypatch.setattr(ForgivingRedisCache, "_next_attempt", time.monotonic() - module.PAUSE)
    assert forgiving.get("word") == "on the server"
    real.delete("word")
