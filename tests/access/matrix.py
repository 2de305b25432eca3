"""The whole access matrix, the addresses behind it, and how one of them is asked."""

import re

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import attestation, communities, events, materials, portal

PAGES = portal.PAGES | communities.PAGES | events.PAGES | materials.PAGES | attestation.PAGES
HANDLERS = {csrf: ClientHandler(csrf) for csrf in (False, True)}  # middleware is loaded once
WRITES = re.compile(r'\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b(?!.*"django_session")', re.S)


def name_of(key):
    """The URL name of a row: "events:event-new POST" → "events:event-new"."""
    return key.partition(" ")[0]


def rows_of(name):
    """Every row of one URL: a page may be opened and posted to, by different people."""
    return [page for key, page in PAGES.items() if name_of(key) == name]


def named_urls(patterns=None, prefix="", route="/"):
    """Each named URL with its view and its address as the code spells it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_urls(pattern.url_patterns, namespace, address)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name, pattern.callback, address


def is_public(view):
    """What `LoginRequiredMiddleware` asks."""
    return not getattr(view, "login_required", True)


def address_of(key, world):
    page = PAGES[key]
    return reverse(name_of(key), args=page.args(world)) + page.query


def ask(session, method, address, data=None, *, headers=None, csrf=False):
    """One request; whatever it changed is rolled back, what it wrote is in `response.writes`."""
    client = Client()
    client.handler = HANDLERS[csrf]
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    writes = []

    def note(execute, sql, params, many, context):
        if WRITES.match(str(sql)):
            writes.append(str(sql)[:200])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = getattr(client, method)(address, data or {}, headers=headers)
            response.whole = whole(response)
        transaction.set_rollback(True)
    response.writes = writes
    return response


def whole(response):
    """What the reader gets; a download that was read to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content
