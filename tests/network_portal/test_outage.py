import pytest
from django.db import OperationalError, connection

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.network_portal.pages")]


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("how", ["gone", "pool", "chain"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_lost_database_is_a_calm_page(visitor, how, headers):
    response = visitor.get(f"/break/{how}/", headers=headers)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Портал" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_another_error_is_not_called_an_outage(visitor):
    response = visitor.get("/break/bug/")
    assert response.status_code == 500
    assert "Retry-After" not in response


def test_lost_database_in_a_middleware_is_the_same_page(visitor, monkeypatch, settings):
    """The session is read before any view: that too has to be calm."""

    def gone():
        raise OperationalError("the database is starting up")

    monkeypatch.setattr(connection, "ensure_connection", gone)
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = visitor.get("/echo/")
    assert response.status_code in {200, 503}
    response = visitor.get("/nowhere/")
    assert response.status_code == 503
