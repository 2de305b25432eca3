"""Associations: the list by kind, the page of one, what its leader edits."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from communities import associations, fold, school_year
from communities.access import can, require
from communities.forms.associations import AboutForm, AssociationForm
from communities.forms.days import DayForm
from communities.models import Association, Employment, Membership, Order, OrderItem, User
from communities.text import RussianOrder
from network_portal.htmx import render_page
from network_portal.paging import page_of

NAME = ("last_name", "first_name", "patronymic")


@login_not_required
def association_list(request):
    """Associations by kind; leaders are named to the signed-in only."""
    if request.user.municipality is None:
        raise Http404
    today = request.user.municipality.today()
    found = Association.objects.visible_to(request.user).filter(opened_on__isnull=False)
    closed = found.filter(closed_on__lte=today)
    show_closed = request.GET.get("show") == "closed"
    found = closed if show_closed else found.exclude(closed_on__lte=today)
    if request.user.is_authenticated:
        found = found.prefetch_related(_leaders(today))
    page = page_of(found.for_list(), request.GET)
    context = {"page": page, "today": today, "show_closed": show_closed}
    return render_page(request, "communities/association_list.html", context)


def _leaders(today):
    terms = Membership.objects.in_force(today).filter(role=Membership.Role.LEADER)
    return Prefetch("memberships", queryset=terms.select_related("person"), to_attr="leader_terms")


@login_not_required
def association_detail(request, slug):
    """One association: who, since which order, groups outside, members, ways onward."""
    association = visible(request, slug)
    today = association.municipality.today()
    user = request.user
    context = {
        "association": association,
        "today": today,
        "is_open": association.is_open(today),
        "groups": association.online_communities.active_on(today),
        "order": _last_order(association, today),
        "year": school_year.slug_on(today),
        "may_manage": can(user, "communities.manage_association", association),
    }
    if user.is_authenticated:
        context |= _people_of(association, today, request)
        context |= _state_asked_for(association, request)
    return render_page(request, "communities/association_detail.html", context)


def _last_order(association, today):
    """The order that created the association or appointed someone last."""
    appointing = (OrderItem.Action.CREATE, *fold.APPOINTS)
    return (
        Order.objects.filter(
            state=Order.State.IN_FORCE,
            items__association=association,
            items__action__in=appointing,
            items__effective_on__lte=today,
        )
        .order_by("-items__effective_on", "-date", "-id")
        .first()
    )


def _people_of(association, today, request):
    in_force = association.memberships.in_force(today)
    held = in_force.exclude(role=Membership.Role.MEMBER).select_related("person")
    terms = {term.role: term for term in held}
    return {
        "leader": terms.get(Membership.Role.LEADER),
        "secretary": terms.get(Membership.Role.SECRETARY),
        "is_member": association.pk in request.user.association_ids,
        "leads": association.pk in request.user.led_association_ids,
        "members": page_of(_members(in_force, today), request.GET),
    }


def _members(in_force, today):
    """Members by their main place of work, then by name."""
    place = Employment.objects.in_force(today).place_of("person_id")
    return (
        in_force.filter(role=Membership.Role.MEMBER)
        .annotate(workplace=place)
        .select_related("person")
        .order_by("workplace", *(RussianOrder(f"person__{part}") for part in NAME), "id")
    )


def _state_asked_for(association, request):
    """The answer to `?on=2026-03-12`, folded from the orders."""
    form = DayForm(request.GET if "on" in request.GET else None, auto_id="id_day_%s")
    if not form.is_valid():
        return {"form": form}
    day = form.cleaned_data["on"]
    state = fold.state_on(association, day)
    people = User.objects.in_bulk({state.leader_id, state.secretary_id} - {None})
    answer = {
        "day": day,
        "name": state.name,
        "is_open": state.is_open,
        "leader": people.get(state.leader_id),
        "secretary": people.get(state.secretary_id),
    }
    return {"form": form, "asked": answer}


def association_edit(request, slug):
    """The text about it; for a methodist also the kind and the subject."""
    association = visible(request, slug)
    require(request.user, "communities.manage_association", association)
    change_all = can(request.user, "communities.change_association", association)
    form_class = AssociationForm if change_all else AboutForm
    form = form_class(request.POST or None, instance=association)
    if request.method == "POST" and form.is_valid():
        associations.save_association(form.save(commit=False), actor=request.user)
        return redirect(association)
    context = {
        "form": form,
        "heading": _("About the association"),
        "hint": _("The name, the leader and the dates are changed by an order."),
        "action": _("Save"),
        "back": association.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


def visible(request, slug):
    """The association at this address, or 404."""
    found = Association.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("kind", "subject", "municipality"), slug=slug)
