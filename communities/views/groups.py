"""Groups and chats outside the portal, of an association or of an organization."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from communities import associations
from communities.forms.associations import OnlineCommunityForm
from communities.models import OnlineCommunity, Organization
from communities.views.associations import visible
from network_portal.htmx import render_page


def association_group_add(request, slug):
    """A new group of an association."""
    association = visible(request, slug)
    group = OnlineCommunity(municipality=association.municipality, association=association)
    return _group_page(request, group, _("Group outside the portal"))


def organization_group_add(request, slug):
    """A new group of an organization."""
    found = Organization.objects.visible_to(request.user).select_related("municipality")
    organization = get_object_or_404(found, slug=slug)
    group = OnlineCommunity(municipality=organization.municipality, organization=organization)
    return _group_page(request, group, _("Group outside the portal"))


def group_edit(request, pk):
    """Its name, address, openness; the date on which it closed."""
    found = OnlineCommunity.objects.visible_to(request.user)
    group = get_object_or_404(found.select_related("association", "organization"), pk=pk)
    return _group_page(request, group, group.name)


def _group_page(request, group, heading):
    owner = group.association or group.organization
    associations.require_owner(group, request.user)
    form = OnlineCommunityForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect(owner)
    context = {
        "form": form,
        "heading": heading,
        "title": f"{heading}: {owner}",
        "hint": str(owner),
        "action": _("Save the group"),
        "back": owner.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


def _saved(request, form):
    try:
        associations.save_online_community(form.save(commit=False), actor=request.user)
    except associations.AssociationError as error:
        form.add_error("name", str(error))
        return False
    return True
