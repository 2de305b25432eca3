"""Pages for what went wrong: each says what happened and what to do next."""

import logging
import re
import secrets
import sys
from urllib.parse import unquote

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from network_portal.outage import is_outage, with_retry_after

logger = logging.getLogger(__name__)
CODE = re.compile(r"[\w.]+")
WORD = re.compile(r"[а-яё]{3,}", re.IGNORECASE)


def reference():
    """A short number the reader can say over the telephone; the log holds the same."""
    return secrets.token_hex(2).upper()


def slug_words(path):
    """Russian words of an address: they may be what the reader was looking for."""
    return " ".join(WORD.findall(unquote(path.rstrip("/").rpartition("/")[2]).replace("-", " ")))


def bad_request(request, exception=None):
    """400: what the browser sent cannot be read, so nothing of it is used for the page."""
    return HttpResponse(render_to_string("400.html"), status=400)


def permission_denied(request, exception=None):
    """403: who may grant access."""
    reason = str(exception or "")
    reason = "" if CODE.fullmatch(reason) else reason  # a permission's code is not for people
    return render(request, "403.html", {"reason": reason}, status=403)


def page_not_found(request, exception=None):
    """404: nothing here, or nothing this reader may see; offers a search."""
    context = {"words": slug_words(request.path)[:100]}
    return render(request, "404.html", context, status=404)


def csrf_failure(request, reason=""):
    """403 for a form that grew old: what was typed is one step back."""
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """500: a page that needs no database; 503 when the database was what failed."""
    if is_outage(sys.exc_info()[1]):
        return with_retry_after(static_page("503.html", 503))
    return static_page("500.html", 500, getattr(request, "error_reference", None))


def static_page(template, status, number=None):
    """A page without request, session or database; the log has its number too."""
    number = number or reference()
    logger.error("The reader was told the number %s (%s).", number, status)
    return HttpResponse(render_to_string(template, {"reference": number}), status=status)
