"""What a visitor sees while the database does not answer."""

from django.db import InterfaceError, OperationalError

RETRY_AFTER = 30  # seconds


def is_outage(error: BaseException | None) -> bool:
    """Whether the database did not answer, also as the first cause of a later error."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def with_retry_after(response):
    """Tell programs when to come back, and nobody to keep the page."""
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
