"""The address of the way back that comes in with a request: only a page of ours."""

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000  # characters of an address; browsers and proxies carry no more for certain


def way_back(request, otherwise):
    """The page the button stood on when it is one of ours, else the other address.

    Paths only, so that no word of `next` is ever taken for the name of a page.
    """
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_path = target.startswith("/") and len(target) <= LONGEST
    ours = is_path and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else otherwise
