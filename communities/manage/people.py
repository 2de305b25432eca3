"""Pages where the records of people are kept."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities import people
from communities.access import can, require
from communities.manage.forms import (
    EmploymentForm,
    NewPersonForm,
    PersonForm,
    organizations_kept_by,
)
from communities.models import Employment, User
from communities.sent_forms import already, keyed, once
from network_portal.htmx import render_page
from network_portal.paging import page_of


def person_list(request):
    """Search by name, organization and account."""
    user = request.user
    require(user, "communities.keep_people")
    organizations = list(organizations_kept_by(user))
    chosen = _chosen(request.GET.get("organization"), organizations)
    account = request.GET.get("account", "")
    words = request.GET.get("q", "")[:200].strip()
    context = {
        "page": page_of(_found(user, words, chosen, account), request.GET),
        "words": words,
        "organizations": [(row.pk, row.short_name, row == chosen) for row in organizations],
        "accounts": _account_options(account),
        "is_filtered": bool(words or chosen or account),
    }
    return render_page(request, "communities/person_list.html", context, fragment="found")


def _account_options(account):
    labels = (("", _("All")), ("yes", _("With an account")), ("no", _("Without an account")))
    return [(value, label, None, value == account) for value, label in labels]


def _chosen(text, organizations):
    return next((row for row in organizations if str(row.pk) == text), None)


def _found(user, words, organization, account):
    day = user.municipality.today()
    found = User.objects.visible_to(user).kept_by(user)
    if organization is not None:
        found = found.working_in([organization.pk], day)
    if account in ("yes", "no"):
        found = found.filter(is_active=account == "yes")
    if words:
        found = found.named(words)
    work = Employment.objects.in_force(day).select_related("organization").order_by("-is_main")
    return found.in_order().prefetch_related(Prefetch("employments", work, to_attr="work_now"))


def person_new(request):
    """A record with its first place of work."""
    user = request.user
    require(user, "communities.keep_people")
    form = keyed(NewPersonForm(request.POST or None, user=user, instance=_blank(user)))
    if form.is_valid():
        try:
            return once(request, form, lambda: _person_made(request, form))
        except people.Namesake:
            form.refuse_namesakes()
    if made := already(request, form):
        return made
    context = {
        "form": form,
        "heading": _("New record"),
        "action": _("Create the record"),
        "back": reverse("communities:person-list"),
    }
    return render_page(request, "form_page.html", context)


def _person_made(request, form):
    person = people.create_person(
        form.instance,
        form.employment(),
        actor=request.user,
        subjects=form.cleaned_data["subjects"],
        another=form.cleaned_data["another"],
    )
    messages.success(request, _("The record is created."))
    return redirect("communities:person-edit", person.pk)


def _blank(user):
    return User(municipality=user.municipality)


def person_edit(request, pk):
    """The record: name and contacts, places of work, the way in."""
    user = request.user
    person = get_object_or_404(_records(user), pk=pk)
    require(user, "communities.change_person", person)
    form = PersonForm(request.POST or None, user=user, instance=person)
    if form.is_valid():
        people.save_person(person, actor=user, changed=form.changed_data)
        messages.success(request, _("The record is saved."))
        return redirect("communities:person-edit", pk)
    shown = get_object_or_404(_records(user), pk=pk) if form.is_bound else person
    context = {
        "form": form,
        "person": shown,
        "employments": _employments(user, shown),
        "may_invite": can(user, "communities.invite_person", shown),
        "link": _link_shown_once(request, shown),
        "invitation": shown.invitations.order_by("-id").first(),
        "may_close": can(user, "communities.close_account", shown) and bool(shown.email),
    }
    return render_page(request, "communities/person_edit.html", context)


def _records(user):
    return User.objects.visible_to(user).select_related("municipality")


def _employments(user, person):
    rows = person.employments.select_related("organization").prefetch_related("subjects")
    rows = rows.order_by("ends_on", "-is_main", "id")
    return [(row, can(user, "communities.change_employment", row)) for row in rows]


def _link_shown_once(request, person):
    """The link just made; it is nowhere else but in the letter."""
    made = request.session.get("invitation_link") or [0, ""]
    if made[0] != person.pk:
        return ""
    del request.session["invitation_link"]
    return made[1]


def employment_new(request, pk):
    """One more place of work of a person."""
    person = get_object_or_404(_records(request.user), pk=pk)
    require(request.user, "communities.change_person", person)
    work = Employment(person=person, municipality_id=person.municipality_id)
    return _employment_page(request, work, person, _("New place of work"))


def employment_edit(request, pk):
    """A place of work: also where its last day is entered."""
    rows = Employment.objects.visible_to(request.user).select_related("person__municipality")
    work = get_object_or_404(rows, pk=pk)
    require(request.user, "communities.change_employment", work)
    return _employment_page(request, work, work.person, _("Place of work"))


def _employment_page(request, work, person, heading):
    back = reverse("communities:person-edit", args=[person.pk])
    form = EmploymentForm(request.POST or None, user=request.user, instance=work)
    if form.is_valid():
        try:
            subjects = form.cleaned_data["subjects"]
            people.save_employment(form.instance, actor=request.user, subjects=subjects)
        except people.PersonError as error:
            form.add_error("kind", str(error))
        else:
            messages.success(request, _("The place of work is saved."))
            return redirect(back)
    context = {"form": form, "heading": heading, "action": _("Save"), "back": back}
    return render_page(request, "form_page.html", {**context, "hint": person.full_name})


@require_POST
def person_account(request, pk, action):
    """Close the way in, or open it again."""
    if action not in ("open", "close"):
        raise Http404
    person = get_object_or_404(_records(request.user), pk=pk)
    require(request.user, "communities.close_account", person)
    try:
        people.set_account_open(person, is_open=action == "open", actor=request.user)
    except people.PersonError as error:
        messages.error(request, str(error))
    return redirect("communities:person-edit", pk)
