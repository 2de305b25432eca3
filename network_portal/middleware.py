"""Middleware of the house: deaf to characters nobody types, discreet about personal pages."""

import codecs
import re

from django.core.exceptions import BadRequest

# Control characters, halves of surrogate pairs and the two non-characters: PostgreSQL refuses
# some, XML of office files the others. Tab and line ends stay.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_input_middleware(get_response):
    """Drop characters nobody types from what came in; refuse an address made of them."""

    def middleware(request):
        if UNWANTED.search(request.path_info) or not speaks_utf8(request):
            raise BadRequest("Control characters in the address or a foreign encoding.")
        request.GET = cleaned(request.GET)
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if not UNWANTED.search(value)
        }
        clean_when_read(request)
        return get_response(request)

    return middleware


def speaks_utf8(request) -> bool:
    """Whether the body is in the encoding of our pages; others can spell half a character."""
    return codecs.lookup(request.encoding or "utf-8").name == "utf-8"


def clean_when_read(request) -> None:
    """Clean the body when a view asks for it, so that an upload may still be streamed."""
    load = request._load_post_and_files

    def load_and_clean():
        load()
        request._post = cleaned(request._post)

    request._load_post_and_files = load_and_clean


def cleaned(data):
    """The same values without unwanted characters; the same object when it has none."""
    if not any(UNWANTED.search(text) for key, values in data.lists() for text in (key, *values)):
        return data
    copy = data.copy()
    copy.clear()
    for key, values in data.lists():
        copy.setlist(UNWANTED.sub("", key), [UNWANTED.sub("", value) for value in values])
    copy._mutable = False
    return copy


def personal_pages_middleware(get_response):
    """What a person who is signed in was answered is kept by no computer that others use too.

    An answer that says itself how long it may be kept, such as a preview, is left alone.
    """

    def middleware(request):
        response = get_response(request)
        # An answer made without looking into the session is the same for everybody.
        is_settled = response.has_header("Cache-Control") or not request.session.accessed
        if not is_settled and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware
