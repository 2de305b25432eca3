"""What every page knows: the current section and how the reader wants to see it."""

from network_portal.view_settings import read

SECTIONS = (
    ("/materials/", "materials"),
    ("/events/", "events"),
    ("/associations/", "associations"),
    ("/reports/", "reports"),
    ("/manage/", "manage"),
    ("/me/", "me"),
)


def section_of(path):
    """The part of the header a path belongs to."""
    if path == "/":
        return "home"
    return next((name for prefix, name in SECTIONS if path.startswith(prefix)), "")


def portal(request):
    """Never asks the database: it runs for every template, those of errors too."""
    return {"section": section_of(request.path), "look": read(request)}
