"""Twenty rows of a list, whatever the address says."""

from django.core.paginator import Paginator

ROWS = 20


def page_of(rows, params, *, size=ROWS, count=None):
    """The page named in the address, or the nearest one; a known `count` is not asked again."""
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    return paginator.get_page(params.get("page"))
