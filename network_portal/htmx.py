"""One helper: a full page, or the part of it htmx asked for."""

from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request):
    """True when htmx swaps a part, false when it loads or restores a whole page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(request, template, context=None, fragment=None, status=200):
    """Render `template`, or only its partial `fragment` for a swap by htmx."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
