"""A full page, or the part htmx asked for."""

import pytest
from django_htmx.middleware import HtmxDetails

from network_portal.htmx import render_page

CONTEXT = {"heading": "Удалить?", "action": "Удалить", "back": "/"}


def answer(rf, **headers):
    request = rf.get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return render_page(request, "confirm.html", CONTEXT, fragment="confirm")


def test_htmx_gets_the_fragment(rf):
    response = answer(rf, **{"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "Удалить?" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ],
)
def test_whole_pages_are_whole(rf, headers, people):
    assert "<html" in answer(rf, **headers).content.decode()


def test_caches_keep_both_apart(rf):
    assert "HX-Request" in answer(rf, **{"HX-Request": "true"})["Vary"]
