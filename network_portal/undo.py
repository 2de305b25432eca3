"""The button beside a message: it undoes what was done, or gives back what was taken away."""

TAKEN = "taken "


def give_back(url):
    """Tags of a message about something taken away: its button says «Вернуть»."""
    return TAKEN + url
