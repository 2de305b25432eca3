"""Organizations of every kind: the list, the card, the form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, Value
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities import organizations
from communities.access import can, require
from communities.forms.organizations import OrganizationForm
from communities.models import (
    Association,
    Employment,
    Membership,
    Organization,
    OrganizationAlias,
    OrganizationKind,
)
from communities.sent_forms import keyed, once
from communities.text import RussianOrder, fold_yo, normalize_name
from network_portal.htmx import render_page
from network_portal.paging import page_of

NAME = ("last_name", "first_name", "patronymic")


@login_not_required
def organization_list(request):
    """Organizations by kind, found by any name they are known by."""
    if request.user.municipality is None:
        raise Http404
    today = request.user.municipality.today()
    visible = Organization.objects.visible_to(request.user).active_on(today)
    query = " ".join(request.GET.get("q", "").split())[:200]
    kind = request.GET.get("kind", "")
    kinds = list(OrganizationKind.objects.visible_to(request.user))
    found = visible.filter(kind__code=kind) if kind in {row.code for row in kinds} else visible
    context = {
        "page": page_of(_named(found, query).for_list(), request.GET),
        "kinds": [(_address(query, row, kind), row, row.code == kind) for row in kinds],
        "query": query,
        "kind": kind,
    }
    return render_page(request, "communities/organization_list.html", context)


def _address(query, kind, chosen):
    parameters = QueryDict(mutable=True)
    if query:
        parameters["q"] = query
    if kind.code != chosen:
        parameters["kind"] = kind.code
    return f"?{parameters.urlencode()}"


def _named(found, query):
    if not query:
        return found
    text = fold_yo(query)
    alias = OrganizationAlias.objects.filter(
        organization=OuterRef("pk"), normalized__contains=normalize_name(query)
    )
    for name in ("short_name", "full_name"):
        found = found.alias(**{f"{name}_key": RussianOrder(name)})
    names = Q(short_name_key__contains=text) | Q(full_name_key__contains=text)
    return found.filter(names | Exists(alias))


@login_not_required
def organization_detail(request, slug):
    """The card; its people for the department and the school's own coordinator."""
    organization = _visible(request, slug)
    today = organization.municipality.today()
    context = {
        "organization": organization,
        "groups": organization.online_communities.active_on(today),
        "may_change": can(request.user, "communities.change_organization", organization),
    }
    if request.user.is_authenticated:
        context["led"] = _led_from(organization, today)
    if can(request.user, "communities.view_organization_people", organization):
        context |= _staff(organization, today, request)
    return render_page(request, "communities/organization_detail.html", context)


def _led_from(organization, today):
    """Associations whose leader works here."""
    staff = Employment.objects.in_force(today).filter(organization=organization)
    terms = Membership.objects.in_force(today).filter(
        association=OuterRef("pk"),
        role=Membership.Role.LEADER,
        person__in=staff.values("person"),
    )
    return Association.objects.open_on(today).filter(Exists(terms)).for_list()


def _staff(organization, today, request):
    """People at work here now, with those who have no account counted."""
    staff = (
        organization.employments.in_force(today)
        .select_related("person")
        .prefetch_related("subjects")
        .order_by(*(RussianOrder(f"person__{part}") for part in NAME), "id")
    )
    without = staff.filter(person__is_active=False)
    if only_waiting := request.GET.get("account") == "none":
        staff = without
    return {
        "staff": page_of(staff, request.GET),
        "waiting": without.count(),
        "only_waiting": only_waiting,
        "shows_people": True,
        "may_keep": can(request.user, "communities.keep_people"),
    }


def organization_new(request):
    """A new organization, of whatever kind."""
    require(request.user, "communities.change_organization")
    organization = Organization(municipality=request.user.municipality)
    return _form_page(request, organization, _("New organization"))


def organization_edit(request, slug):
    """Names, kind, agency, dates; the former name stays as another spelling."""
    organization = _visible(request, slug)
    require(request.user, "communities.change_organization", organization)
    return _form_page(request, organization, organization.short_name)


def _form_page(request, organization, heading):
    form = OrganizationForm(request.POST or None, instance=organization)
    form = form if organization.pk else keyed(form)

    def saved():
        if not _saved(request, form):
            return None
        messages.success(request, _("The organization is saved."))
        return redirect(form.instance)

    if form.is_valid() and (answer := once(request, form, saved)):
        return answer
    context = {
        "form": form,
        "heading": heading,
        "title": _("Edit: %(title)s") % {"title": heading} if organization.pk else heading,
        "action": _("Save the organization"),
        "back": _back(organization),
    }
    return render_page(request, "form_page.html", context)


def _back(organization):
    if organization.pk:
        return organization.get_absolute_url()
    return reverse("communities:organization-list")


def _saved(request, form):
    try:
        organizations.save_organization(
            form.save(commit=False), actor=request.user, aliases=form.cleaned_data["aliases"]
        )
    except organizations.NameTaken as error:
        form.add_error("short_name", str(error))
        return False
    return True


def _visible(request, slug):
    found = Organization.objects.visible_to(request.user)
    spellings = ArrayAgg(
        "aliases__text",
        filter=Q(aliases__isnull=False),
        order_by="aliases__text",
        default=Value([]),
    )
    found = found.select_related("kind", "agency", "municipality").annotate(spellings=spellings)
    return get_object_or_404(found, slug=slug)
