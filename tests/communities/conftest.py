"""The browser for pages of communities."""

from tests.browser import open_page

__all__ = ["open_page"]
