"""The catalogue, the materials of an event, and the search over everything."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from events.models import Event
from materials import everything, facets
from materials.catalogue import Catalogue, for_rows
from materials.models import Material
from materials.rows import as_row
from network_portal.htmx import render_page


@login_not_required
@require_safe
def material_list(request):
    """Search and facets; every reader sees what they may."""
    catalogue = Catalogue(request.user, request.GET, request.path)
    page = catalogue.page()
    context = {
        "catalogue": catalogue,
        "page": page,
        "rows": [as_row(material, request.user) for material in page.object_list],
        "cells": list(facets.cells(catalogue)),
        "groups": list(facets.groups(catalogue)),
        "chips": facets.chips(catalogue),
        "orders": facets.orders(catalogue),
        "title": facets.title(catalogue),
        "kept": facets.kept(catalogue),
    }
    if not catalogue.total:
        context |= _ways_out(catalogue)
    return render_page(request, "materials/material_list.html", context, fragment="results")


def _ways_out(catalogue):
    suggestion = catalogue.suggestion()
    beyond = catalogue.search.grade_beyond
    return {
        "suggestion": suggestion,
        "suggestion_url": catalogue.address.put("q", suggestion),
        "beyond": beyond,
        "beyond_url": catalogue.address.put("q", beyond),
        "way_out": facets.way_out(catalogue),
    }


@login_not_required
@require_safe
def event_materials(request, pk):
    """Materials of one event: a part of its page, and a page by itself."""
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    found = Material.objects.visible_to(request.user).published().filter(event=event)
    rows = for_rows(found).order_by("published_at", "pk")[:100]
    context = {"event": event, "rows": [as_row(row, request.user) for row in rows]}
    return render_page(request, "materials/event_materials.html", context, fragment="rows")


@login_not_required
@require_safe
def search(request):
    """Materials, events, associations and, for colleagues, people by one query."""
    found = everything.Everything(request.user, request.GET)
    return render_page(request, "materials/search.html", found.context(), fragment="results")
