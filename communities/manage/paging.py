"""Twenty rows of a list, whatever the address says."""

from django.core.paginator import Paginator

ROWS = 20


def page_of(request, rows):
    """The page named in the address; the nearest one when there is no such page."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page", "1")[:6])
