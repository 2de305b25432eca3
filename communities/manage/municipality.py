"""What the department is called and who signs for it, as pages and papers say it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import audit
from communities.access import require
from communities.manage.forms import MunicipalityForm
from communities.models import Municipality
from network_portal.htmx import render_page


def municipality_edit(request):
    """Names, the head and the phone; papers signed before keep what they were signed with."""
    require(request.user, "communities.change_municipality")
    place = Municipality.objects.get(pk=request.user.municipality_id)
    form = MunicipalityForm(request.POST or None, instance=place)
    if form.is_valid() and form.changed_data:
        save(place, actor=request.user, changed=form.changed_data)
        messages.success(request, _("The changes are saved."))
    if form.is_valid():
        return redirect("communities:manage")
    context = {
        "form": form,
        "heading": _("The municipality and its head"),
        "hint": _("New papers are signed with these words; those signed before stay as they are."),
        "action": _("Save"),
        "back": reverse("communities:manage"),
    }
    return render_page(request, "form_page.html", context)


@transaction.atomic
def save(place, *, actor, changed):
    """Write the row and the journal together."""
    place.save(update_fields=changed)
    audit.record("municipality.change", place, actor=actor, fields=sorted(changed))
