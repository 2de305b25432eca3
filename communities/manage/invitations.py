"""Inviting a person, and the page where the person claims the record."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from communities import invitations
from communities.access import require
from communities.manage.forms import ClaimForm, InviteForm
from communities.models import User
from network_portal.htmx import render_page


def person_invite(request, pk):
    """Ask where the link should go, make it, show it once."""
    people = User.objects.visible_to(request.user).select_related("municipality")
    person = get_object_or_404(people, pk=pk)
    require(request.user, "communities.invite_person", person)
    back = reverse("communities:person-edit", args=[pk])
    form = InviteForm(request.POST or None, initial={"email": person.contact_email})
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        try:
            link = invitations.invite(person, actor=request.user, email=email)
        except invitations.InvitationError as error:
            messages.warning(request, str(error))
        else:
            request.session["invitation_link"] = [person.pk, link]
            messages.success(request, _("The invitation goes to %(email)s.") % {"email": email})
        return redirect(back)
    context = {
        "form": form,
        "heading": _("Invitation: %(name)s") % {"name": person.short_name},
        "hint": _("The person sets the own address and password at the link."),
        "action": _("Send the invitation"),
        "back": back,
    }
    return render_page(request, "form_page.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def invitation(request, token):
    """Claim the record: check the address, set a password, be signed in."""
    found = invitations.find(token)
    if found is None or not found.is_open or found.person.is_active:
        return _closed(request, found)
    form = ClaimForm(
        request.POST or None,
        person=found.person,
        initial={"email": found.person.contact_email},
    )
    if form.is_valid():
        try:
            return _claimed(request, token, form.cleaned_data)
        except invitations.AddressTaken as error:
            form.add_error("email", str(error))
    work = found.person.main_employment
    context = {"form": form, "person": found.person, "work": work}
    return render_page(request, "communities/invitation.html", context)


def _claimed(request, token, data):
    try:
        person = invitations.claim(token, **data)
    except invitations.AddressTaken:
        raise
    except invitations.InvitationError:
        return _closed(request, invitations.find(token))
    login(request, person, backend="communities.accounts.Backend")
    messages.success(request, _("You are in. Next time sign in with your address."))
    return redirect("attestation:home")


def _closed(request, found):
    """A used, late or foreign link: says what to do, names nobody."""
    used = found is not None and found.used_at is not None
    context = {"is_used": used, "is_late": found is not None and not used}
    return render_page(request, "communities/invitation_closed.html", context, status=410)
