"""The door to management: one row per thing one may look after."""

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.access import can, require
from network_portal.htmx import render_page


def manage(request):
    """What this person may manage."""
    require(request.user, "communities.view_manage")
    places = [
        (reverse(url), title, text)
        for url, permission, title, text in _places()
        if can(request.user, permission)
    ]
    return render_page(request, "communities/manage.html", {"places": places})


def _places():
    yield (
        "communities:person-list",
        "communities.keep_people",
        _("People"),
        _("Records of teachers, their work, invitations"),
    )
    yield (
        "communities:import-list",
        "communities.import_people",
        _("Import of people"),
        _("From a spreadsheet, with a check before anything is written"),
    )
    yield (
        "communities:dictionary-list",
        "communities.change_dictionary",
        _("Labels"),
        _("Kinds, subjects, categories: as they are called in your municipality"),
    )
    yield (
        "communities:role-list",
        "communities.view_roles",
        _("Roles"),
        _("Methodists, coordinators, operators and the head"),
    )
    yield (
        "communities:municipality",
        "communities.change_municipality",
        _("The municipality and its head"),
        _("What papers call the department and who signs for it"),
    )
    yield (
        "communities:audit-list",
        "communities.view_audit",
        _("Journal"),
        _("Who changed what and when"),
    )
