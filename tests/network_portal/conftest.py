"""Fixtures of the frame."""

from tests.browser import open_page
from tests.browser.conftest import stills_of

__all__ = ["open_page", "stills_of"]
