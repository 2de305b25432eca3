"""The own subjects, grades and contacts."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.forms.profile import ProfileForm
from communities.profile import change_profile
from network_portal.htmx import render_page


def profile(request):
    """A short form; the name and the place of work are changed by those who keep people."""
    form = ProfileForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        fields = {"subjects": [], **form.cleaned_data}
        change_profile(request.user, **fields, actor=request.user)
        messages.success(request, _("Saved: the home page searches by your subjects now."))
        return redirect("attestation:home")
    context = {
        "form": form,
        "heading": _("Subjects, grades and contacts"),
        "hint": _("The name and the place of work are changed by a coordinator or a methodist."),
        "action": _("Save the profile"),
        "back": reverse("attestation:me"),
    }
    return render_page(request, "form_page.html", context)
