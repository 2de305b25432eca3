"""Fixtures of PROOF."""

from tests.browser import open_page

__all__ = ["open_page"]
