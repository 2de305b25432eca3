"""The page a reader came from, named in `next`."""

from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request, otherwise):
    """The address in `next` when it is one of ours: a form is no way to lead readers away."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else otherwise
