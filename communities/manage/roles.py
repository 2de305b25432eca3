"""Who holds which role, and giving and taking it."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import people
from communities.access import require
from communities.manage.forms import EndRoleForm, RoleForm
from communities.models import Role, RoleGrant, User
from network_portal.htmx import render_page
from network_portal.paging import page_of


def role_list(request):
    """Roles in force first, then the past ones."""
    user = request.user
    require(user, "communities.view_roles")
    chosen = request.GET.get("role", "")
    grants = RoleGrant.objects.visible_to(user).select_related("person", "organization")
    if chosen in Role.values:
        grants = grants.filter(role=chosen)
    grants = grants.order_by(F("ends_on").desc(nulls_first=True), "role", "id")
    choices = [("", _("All")), *Role.choices]
    context = {
        "page": page_of(grants, request.GET),
        "today": user.municipality.today(),
        "tabs": [(f"?role={value}", label, None, value == chosen) for value, label in choices],
    }
    return render_page(request, "communities/role_list.html", context)


def role_new(request, pk):
    """Give a role to a person."""
    user = request.user
    rows = User.objects.visible_to(user).select_related("municipality")
    person = get_object_or_404(rows, pk=pk)
    require(user, "communities.grant_role", person)
    form = RoleForm(
        request.POST or None, user=user, initial={"starts_on": user.municipality.today()}
    )
    if form.is_valid():
        try:
            people.grant_role(person, actor=user, **form.cleaned_data)
        except people.PersonError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, _("The role is given."))
            return redirect("communities:role-list")
    context = {
        "form": form,
        "heading": _("A role for %(name)s") % {"name": person.short_name},
        "action": _("Give the role"),
        "back": reverse("communities:role-list"),
    }
    return render_page(request, "form_page.html", context)


def role_end(request, pk):
    """Enter the last day of a role."""
    user = request.user
    rows = RoleGrant.objects.visible_to(user).select_related("municipality", "person")
    grant = get_object_or_404(rows, pk=pk)
    require(user, "communities.grant_role", grant)
    form = EndRoleForm(request.POST or None, initial={"ends_on": user.municipality.today()})
    if form.is_valid():
        try:
            people.end_role(grant, actor=user, **form.cleaned_data)
        except people.PersonError as error:
            form.add_error("ends_on", str(error))
        else:
            messages.success(request, _("The last day of the role is set."))
            return redirect("communities:role-list")
    context = {
        "form": form,
        "heading": _("End of a role"),
        "hint": f"{grant.person}: {grant.get_role_display()}",
        "action": _("End the role"),
        "back": reverse("communities:role-list"),
    }
    return render_page(request, "form_page.html", context)
