"""The hands of a reader: every click and every Enter is counted, by mouse or by keyboard."""

import re

from playwright.sync_api import expect

FOCUSED = """() => { const e = document.activeElement, box = e.getBoundingClientRect();
  const bar = document.querySelector('.tabbar');
  const fixed = bar && getComputedStyle(bar).display !== 'none' && !bar.contains(e) &&
    getComputedStyle(bar).position === 'fixed';
  return {ring: getComputedStyle(e).outlineStyle, onBody: e === document.body,
    covered: fixed && box.top >= bar.getBoundingClientRect().top}; }"""
HAS_FOCUS = "e => e === document.activeElement"
STOPS = 250  # no page has more; a trap does


class Mouse:
    """Clicks what carries these words; `actions` is what the job has cost so far."""

    def __init__(self, page, scripts=True):
        self.page, self.scripts, self.actions = page, scripts, 0

    def goto(self, address):
        self.page.goto(address)

    def find(self, words):
        """The button or link of this name: of the open dialog, of the page, of its margin."""
        words = re.escape(words).replace("\\ ", r"\s").replace(":", r"\s?:")
        name = re.compile("^" + words)
        named = self.page.get_by_role("button", name=name)
        named = named.or_(self.page.get_by_role("link", name=name))
        dialog = self.page.locator("dialog[open]")
        place = dialog if dialog.count() else self.page.locator("main, aside")
        return place.locator(named).first

    def press(self, words):
        """A press that leads to another page."""
        with self.page.expect_navigation():
            self.touch(words)

    def touch(self, words):
        """A press that changes the page where it is."""
        self.actions += 1
        self.act(self.find(words))

    def ask(self, words):
        """A press that asks back: in a dialog, or without scripts on a page."""
        if self.scripts:
            self.touch(words)
            expect(self.page.locator("dialog[open] h1")).to_be_visible()
        else:
            self.press(words)

    def act(self, target):
        target.click()

    def write(self, field, words):
        """Typing is no action: nobody counts letters."""
        self.page.locator(field).last.fill(words)

    def enter(self, field):
        self.actions += 1
        with self.page.expect_navigation():
            self.page.press(field, "Enter")

    def download(self, words):
        """The bytes of the file behind a link or a button."""
        with self.page.expect_download() as coming:
            self.touch(words)
        return coming.value.path().read_bytes()

    def sees(self, words, where="main"):
        expect(self.page.locator(where).first).to_contain_text(words)


class Keyboard(Mouse):
    """The same with Tab and Enter alone: the focus is always seen and never caught."""

    def act(self, target):
        expect(target).to_be_visible()
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, field, words):
        self.reach(self.page.locator(field).last)
        self.page.keyboard.type(words)

    def reach(self, target):
        """Tab until the target has the focus."""
        for _stop in range(STOPS):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUSED)
            assert focus["onBody"] or focus["ring"] != "none", self.page.url
            assert not focus["covered"], self.page.url
        raise AssertionError(f"the keyboard does not reach {target}")
