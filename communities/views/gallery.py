"""The gallery: every component in every state, which the visual tests look at."""

from django.contrib import messages
from django.views.decorators.http import require_http_methods

from communities import gallery_samples as samples
from communities.access import require
from network_portal.htmx import render_page
from network_portal.paging import page_of


@require_http_methods(["GET", "HEAD", "POST"])
def gallery(request):
    """Components with made-up contents; a POST shows the form with its errors."""
    require(request.user, "communities.view_manage")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = samples.SampleForm(*sent)
    if request.GET.get("toast"):
        messages.success(request, samples.TOAST, extra_tags="/manage/gallery/")
        messages.warning(request, samples.WARNING)
        messages.error(request, samples.ERROR)
    context = {
        **samples.context(),
        "form": form,
        "page": page_of(range(960), {"page": 2, **request.GET.dict()}),
    }
    return render_page(request, "communities/gallery.html", context)


@require_http_methods(["GET", "HEAD"])
def gallery_confirm(request):
    """The confirm page, which the script opens as a dialog."""
    require(request.user, "communities.view_manage")
    return render_page(request, "confirm.html", samples.confirm(), fragment="confirm")
