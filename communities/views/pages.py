"""Pages every reader may open: view settings, help, accessibility, personal data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_GET, require_http_methods

from network_portal import view_settings as settings_of_view
from network_portal.addresses import way_back
from network_portal.htmx import render_page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_settings(request):
    """Size, colours, spacing, pictures; kept in a cookie, so guests have it too."""
    back = way_back(request, resolve_url("attestation:home"))
    if request.method == "POST":
        response = HttpResponseRedirect(back)
        chosen = {} if "reset" in request.POST else request.POST
        settings_of_view.write(response, settings_of_view.chosen(chosen))
        return response
    return render_page(request, "communities/page_view.html", {"back": back})


@login_not_required
@require_GET
def page_help(request):
    """Short answers for the jobs people come with."""
    return render_page(request, "communities/page_help.html")


@login_not_required
@require_GET
def page_accessibility(request):
    """The level we hold, the gaps we know, the telephone."""
    return render_page(request, "communities/page_accessibility.html")


@login_not_required
@require_GET
def page_privacy(request):
    """What is stored about people, why, who sees it, how to take it back."""
    return render_page(request, "communities/page_privacy.html")
