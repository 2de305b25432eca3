"""A real browser for tests: pages of the live server at a width, in a look, signed in."""

import contextlib
import os
import threading
from functools import cache
from socketserver import ThreadingMixIn

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import sync_playwright

from network_portal import view_settings
from network_portal.browser import find_chromium
from network_portal.embedded.processes import wait_until
from tests import kept

# Pages of tests are left at once: code that is made fast costs more than it gives.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--js-flags=--no-opt",
]
# Draws no frames, which saves a third; nothing can be clicked then, and scripts wait for one.
STILL = "--disable-threaded-compositing"
AXE = Axe()
COLOURS = ["color-contrast", "link-in-text-block"]  # the only rules that a theme can break
THEMES = tuple(value for value, _label in view_settings.COLOURS if value)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


ANSWERING = ThreadingMixIn.process_request_thread.__name__  # a thread lives as its connection
_kept = contextlib.ExitStack()  # the browsers of this process, while browser tests follow


@contextlib.contextmanager
def chromium(*more):
    """The browser of this process with these arguments; the windows of a test are closed."""
    browser = _launch(*more)
    try:
        yield browser
    finally:
        for context in browser.contexts:
            context.close()
        assert wait_until(is_server_done, 10)
        connections.close_all()  # beside the loop of playwright Django keeps connections apart


def is_server_done():
    """Whether no thread of the server is left: else tables are emptied under its hands."""
    return not [one for one in threading.enumerate() if ANSWERING in one.name]


@cache
def _start():
    """Django is told that the loop of playwright is harmless, as long as it runs."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    _kept.callback(os.environ.pop, "DJANGO_ALLOW_ASYNC_UNSAFE")
    return _kept.enter_context(sync_playwright())


@cache
def _launch(*more):
    kind, path = _start().chromium, find_chromium()
    browser = kind.launch(executable_path=path, args=[*ARGUMENTS, *more])
    _kept.callback(browser.close)
    return browser


def leave():
    """End the browser and its loop, before a test that wants none."""
    _launch.cache_clear()
    _start.cache_clear()
    _kept.close()


@pytest.fixture
def open_page(live_server):
    """`open_page("/help/", width=390, view="size:xl", person=…)` → a page and its complaints."""
    with chromium() as browser:

        def open_(path, width=1366, view="", person=None, scripts=True):
            context = browser.new_context(
                viewport={"width": width, "height": 844 if width < 600 else 768},
                java_script_enabled=scripts,
            )
            cookies = {"view": view} if view else {}
            if person:
                cookies[settings.SESSION_COOKIE_NAME] = kept.session_of(person)
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


# Only what is wrong is carried over: the rest is thousands of elements that are right.
RUN = """async (options) => (await axe.run(options)).violations.map((one) => [
  one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)),
])"""


def violations(page, only=RULES, **rules):
    """What axe finds: rule and the first elements that break it; `rules` switch single ones."""
    switched = {name.replace("_", "-"): {"enabled": on} for name, on in rules.items()}
    if not page.evaluate("'axe' in window"):
        page.context.add_init_script(AXE.axe_script)  # for what it opens next
        page.evaluate(AXE.axe_script)
    # Nothing is loaded from elsewhere: style sheets need not be fetched once more to be read.
    options = {
        "runOnly": only,
        "resultTypes": ["violations"],
        "preload": False,
        "rules": switched,
    }
    return [tuple(one) for one in page.evaluate(RUN, options)]


WEAR = """(look) => {
  for (const [name, value] of Object.entries(look)) {
    if (value) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
  }
  document.getAnimations().forEach((one) => one.finish());
}"""


def wear(page, **choice):
    """What the server writes for this choice of the reader, into the page as it stands."""
    look = view_settings.chosen(choice)
    names = ("theme", "contrast", "size", "spacing", "pictures")
    page.evaluate(WEAR, {name: getattr(look, name) for name in names})


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


WIDE = "document.documentElement.scrollWidth - window.innerWidth"


def overflow(page):
    """What is cut off, or by how many pixels the page scrolls sideways; nothing if it fits."""
    return cut_off(page) or max(0, page.evaluate(WIDE))
