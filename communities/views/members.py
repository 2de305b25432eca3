"""Members of an association: join, leave, enter a colleague, end a membership."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities import associations
from communities.access import require
from communities.forms.associations import LeaveForm, MemberForm
from communities.forms.people import SHOWN, colleagues, label_of, name_in
from communities.models import Membership
from communities.views.associations import visible
from network_portal.htmx import render_page
from network_portal.undo import give_back


@require_POST
def association_join(request, slug):
    """Join by own wish, with one press."""
    association = visible(request, slug)
    try:
        associations.join(association, actor=request.user)
    except associations.AssociationError as error:
        messages.error(request, str(error))
    else:
        undo = reverse("communities:association-leave", args=[slug])
        messages.success(request, _("You are a member now."), extra_tags=undo)
    return redirect(association)


@require_POST
def association_leave(request, slug):
    """Leave by own wish; coming back at once changes nothing."""
    association = visible(request, slug)
    if associations.leave(association, actor=request.user):
        undo = give_back(reverse("communities:association-join", args=[slug]))
        messages.success(request, _("You have left the association."), extra_tags=undo)
    return redirect(association)


def member_add(request, slug):
    """A leader or a methodist enters a colleague."""
    association = visible(request, slug)
    require(request.user, "communities.manage_association", association)
    today = association.municipality.today()
    form = MemberForm(request.POST or None, association=association, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        associations.add_member(
            association, person, actor=request.user, starts_on=form.cleaned_data["starts_on"]
        )
        messages.success(request, _("%(name)s is a member.") % {"name": person.full_name})
        return redirect(association)
    return _form_page(request, form, association, _("Add a member"), _("Add the member"))


def member_end(request, slug, pk):
    """A leader or a methodist enters the last day of a member and the reason."""
    association = visible(request, slug)
    require(request.user, "communities.manage_association", association)
    rows = association.memberships.filter(role=Membership.Role.MEMBER).select_related("person")
    row = get_object_or_404(rows, pk=pk)
    today = association.municipality.today()
    form = LeaveForm(request.POST or None, initial={"ends_on": today})
    if request.method == "POST" and form.is_valid() and _ended(request, row, form):
        return redirect(association)
    heading = _("End the membership: %(name)s") % {"name": row.person.full_name}
    return _form_page(request, form, association, heading, _("End the membership"))


def _ended(request, row, form):
    try:
        associations.end_membership(row, actor=request.user, **form.cleaned_data)
    except associations.AssociationError as error:
        form.add_error("ends_on", str(error))
        return False
    messages.success(request, _("The membership is ended."))
    return True


def _form_page(request, form, association, heading, action):
    context = {
        "form": form,
        "heading": heading,
        "hint": association.name,
        "action": action,
        "back": association.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


def person_options(request):
    """Suggestions for a field of a person: whatever field asks, its text is the only value."""
    text = next(iter(request.GET.values()), "")[:300]
    people = []
    if len(name := name_in(text)) > 1:
        people = colleagues(request.user.municipality).named(name).in_order()[:SHOWN]
    context = {"labels": [label_of(person) for person in people]}
    response = render_page(request, "communities/person_options.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
