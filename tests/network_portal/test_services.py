import os

import pytest

from network_portal.embedded import services


def test_secret_is_made_once_and_for_the_owner_only(tmp_path):
    first = services.local_secret(tmp_path / "new")
    assert services.local_secret(tmp_path / "new") == first
    assert len(first) >= 50
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_database_without_an_address_is_the_checkouts_own(tmp_path):
    ours = services.database("", tmp_path)
    assert ours["HOST"] == str(services.Places(tmp_path).sockets)
    assert ours["HOST"] != services.database("", tmp_path / "other")["HOST"]


def test_socket_path_fits_however_deep_the_checkout_lies(tmp_path):
    places = services.Places(tmp_path / ("глубоко" * 30))
    assert len(os.fsencode(places.postgres_socket)) < 100


def test_database_address_is_read_with_its_escapes(tmp_path):
    assert services.database("postgresql://us%40er:p%2Fw@db.example:6543/po", tmp_path) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "po",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": 6543,
    }


def test_database_address_may_name_a_socket_folder(tmp_path):
    assert services.database("postgresql:///po?host=/run/pg", tmp_path)["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://a/b", "portal", "http://x"])
def test_another_engine_is_refused(url, tmp_path):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        services.database(url, tmp_path)


def test_queue_and_cache_do_not_share_a_database(tmp_path):
    named = services.redis_urls("redis://:secret@broker:6379", tmp_path)
    assert named == services.RedisUrls(
        "redis://:secret@broker:6379/0", "redis://:secret@broker:6379/1"
    )
    own = services.redis_urls("", tmp_path)
    assert own.broker.endswith("virtual_host=0")
    assert own.cache.endswith("db=1")


def test_another_broker_is_refused(tmp_path):
    with pytest.raises(ValueError, match="REDIS_URL"):
        services.redis_urls("amqp://broker", tmp_path)
