"""Numbers of rows as they come back from a page: whatever stands there, no error of ours."""

BIGGEST_ID = 18  # digits: whatever they are, PostgreSQL's bigint holds them


def row_id(text):
    """The number of a row, or None when no row can have it."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= BIGGEST_ID
    return int(text) if is_number else None


def row_ids(texts):
    """The numbers of rows among these, as a set."""
    return {pk for text in texts if (pk := row_id(text)) is not None}
