"""A real browser for tests: pages of the live server at a width, in a look, signed in."""

import contextlib
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import sync_playwright

from network_portal.browser import find_chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = Axe()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.contextmanager
def chromium():
    """One browser; Django is told that the loop of playwright is harmless here."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            path = find_chromium()
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(live_server, client):
    """`open_page("/help/", width=390, view="size:xl", person=…)` → a page and its complaints."""
    with chromium() as browser:

        def open_(path, width=1366, view="", person=None, scripts=True):
            context = browser.new_context(
                viewport={"width": width, "height": 844 if width < 600 else 768},
                java_script_enabled=scripts,
            )
            context.add_init_script(AXE.axe_script)
            cookies = {"view": view} if view else {}
            if person:
                client.force_login(person)
                cookies["sessionid"] = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
            )
            page = context.new_page()
            page.complaints = []
            page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(live_server.url + path)
            return page

        yield open_
        connections.close_all()  # beside the loop of playwright Django keeps connections apart


def violations(page, **rules):
    """What axe finds: rule and the first elements that break it; `rules` switch single ones."""
    switched = {name.replace("_", "-"): {"enabled": on} for name, on in rules.items()}
    # Nothing is loaded from elsewhere: style sheets need not be fetched once more to be read.
    options = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "preload": False,
        "rules": switched,
    }
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


CUT = """() => {
  const wide = document.documentElement.clientWidth;
  const free = '.scroll, .scroll *, .menu__p, .menu__p *, .vh, .skip, svg *';
  return [...document.querySelectorAll('body *')].filter((e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility() && box.width > 1 && !e.matches('input') &&
      Math.max(box.right, box.left + e.scrollWidth) > wide + 1 && !e.matches(free);
  }).map((e) => e.outerHTML.slice(0, 120)).slice(0, 5);
}"""


def cut_off(page):
    """Elements that reach beyond the right edge of the window."""
    return page.evaluate(CUT)
