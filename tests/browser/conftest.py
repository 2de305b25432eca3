"""Fixtures of whole walks: one browser, one context for each reader."""

import pytest
from django.conf import settings

from tests import kept
from tests.browser import STILL, chromium, open_page

__all__ = ["open_page"]


@pytest.fixture
def pages_of(live_server):
    """`pages_of(person)` → one page that stays signed in as this person, or as a guest."""
    with chromium() as browser:
        yield _kept_pages(browser, live_server.url)


@pytest.fixture
def stills_of(live_server):
    """The same pages to look at only, not to work with."""
    with chromium(STILL) as browser:
        yield _kept_pages(browser, live_server.url)


def _kept_pages(browser, url):
    made = {}

    def page_of(person, width=1366, scripts=True):
        key = (person and person.pk, width, scripts)
        if key not in made:
            made[key] = _signed_in(browser, url, person, width, scripts)
        return made[key]

    return page_of


def _signed_in(browser, url, person, width, scripts):
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 768},
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    if person:
        session = {"name": settings.SESSION_COOKIE_NAME, "value": kept.session_of(person)}
        context.add_cookies([{**session, "url": url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.complaints = []
    page.on("console", lambda message: _note(page, message))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def _note(page, message):
    """A bare file has no icon of its own: the browser asks for one in vain, nobody sees it."""
    address = message.location["url"]
    if message.type == "error" and not address.endswith("/favicon.ico"):
        page.complaints.append((message.text, address))
