"""What a first visit loads: the page, its style sheets, scripts and pictures, as sent."""

import gzip
import re

from django.conf import settings

LOADED = re.compile(r'<(?:link rel="(?:icon|stylesheet)" href|script src|img src)="([^"]+)"')


def weight(site, address, name="guest"):
    """Requests and bytes; a proxy in front compresses pages, static files already are."""
    _headers, page = site.get(address, name)
    addresses = set(LOADED.findall(page.decode()))
    files = [site.get(one) for one in sorted(addresses) if one.startswith(settings.STATIC_URL)]
    sizes = [_sent(headers, body) for headers, body in files]
    return 1 + len(sizes), len(gzip.compress(page)) + sum(sizes)


def _sent(headers, body):
    return len(body) if headers.get("Content-Encoding") else len(gzip.compress(body))
