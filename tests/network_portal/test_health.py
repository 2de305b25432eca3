import pytest

from network_portal import health

pytestmark = pytest.mark.django_db


def broken():
    raise OSError("down")


def test_healthz_asks_nobody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_readyz_names_every_part(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "parts": {"database": "ok", "files": "ok", "broker": "ok"},
    }


@pytest.mark.parametrize(("part", "status"), [("database", 503), ("files", 503), ("broker", 200)])
def test_readyz_tells_which_part_is_down(client, monkeypatch, part, status):
    monkeypatch.setitem(health.CHECKS, part, broken)
    response = client.get("/readyz")
    assert response.status_code == status
    assert response.json()["parts"][part] == "down"
    assert list(response.json()["parts"].values()).count("ok") == 2


def test_a_broker_that_is_gone_is_seen_at_once(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0"
    assert client.get("/readyz").json()["parts"]["broker"] == "down"


def test_health_cannot_be_posted_to(client):
    assert client.post("/healthz").status_code == 405
