"""The labels of a municipality: every dictionary of every app, found by its base class."""

from django.apps import apps
from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.forms import modelform_factory
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities import audit
from communities.access import require
from communities.models import DictionaryRow, Municipality
from communities.sent_forms import keyed, once
from network_portal.forms import PortalModelForm
from network_portal.htmx import render_page

OWN_FIELDS = {"id", "municipality", "code"}
# What the words of a field are, whichever dictionary it stands in.
FIELDS = {
    "label": gettext_lazy("Label"),
    "label_plural": gettext_lazy("Label of many"),
    "usual_post": gettext_lazy("Usual post"),
    "abbreviation": gettext_lazy("Abbreviation"),
    "about": gettext_lazy("Explanation"),
    "unit": gettext_lazy("Unit"),
    "template": gettext_lazy("First text of the section"),
    "shape": gettext_lazy("Sign of the kind"),
    "side": gettext_lazy("Side of the sheet"),
    "is_education": gettext_lazy("A body of education"),
    "is_educational": gettext_lazy("Counts as an educational organization"),
    "is_heading_shown": gettext_lazy("The heading is printed"),
    "valid_until": gettext_lazy("In use until"),
    "position": gettext_lazy("Place in the list"),
}
TITLES = {
    "communities-agency": gettext_lazy("Agencies"),
    "communities-organizationkind": gettext_lazy("Kinds of organizations"),
    "communities-associationkind": gettext_lazy("Kinds of associations"),
    "communities-subject": gettext_lazy("Subjects"),
    "communities-qualificationcategory": gettext_lazy("Qualification categories"),
    "events-eventkind": gettext_lazy("Kinds of events"),
    "events-level": gettext_lazy("Levels of events"),
    "materials-materialkind": gettext_lazy("Kinds of materials"),
    "materials-licence": gettext_lazy("Terms of use of materials"),
    "attestation-indicator": gettext_lazy("Figures of reports"),
    "attestation-reportsection": gettext_lazy("Sections of reports"),
    "attestation-approvalmark": gettext_lazy("Approval marks"),
    "attestation-exportcolumnset": gettext_lazy("Column sets of exports"),
}


def dictionaries():
    """Name in the address → model, for every dictionary installed, lower apps first."""
    found = {
        f"{model._meta.app_label}-{model._meta.model_name}": model
        for model in apps.get_models()
        if issubclass(model, DictionaryRow)
    }
    return dict(sorted(found.items(), key=lambda pair: _place(pair[0])))


def _place(name):
    names = list(TITLES)
    return (names.index(name) if name in names else len(names), name)


def title_of(name, model):
    return str(TITLES.get(name, model._meta.verbose_name_plural))


def may_grow(model):
    """Whether a row of this dictionary makes sense with what the page asks for."""
    known = OWN_FIELDS | set(FIELDS)
    others = [field for field in model._meta.concrete_fields if field.name not in known]
    return all(field.has_default() or field.blank for field in others)


def _form_class(model):
    names = [field.name for field in model._meta.concrete_fields if field.name in FIELDS]
    names.sort(key=list(FIELDS).index)
    return modelform_factory(
        model, form=PortalModelForm, fields=names, labels={name: FIELDS[name] for name in names}
    )


@transaction.atomic
def save_row(row, *, actor):
    """Store a label; a new one gets a code nobody needs to invent."""
    is_new = row.pk is None
    if is_new:
        Municipality.objects.select_for_update(no_key=True).get(pk=row.municipality_id)
        last = type(row).objects.filter(municipality=row.municipality).aggregate(Max("id"))
        row.code = f"own-{(last['id__max'] or 0) + 1}"
    row.save()
    audit.record("dictionary.create" if is_new else "dictionary.change", row, actor=actor)
    return row


def _model(name):
    model = dictionaries().get(name)
    if model is None:
        raise Http404
    return model


def dictionary_list(request):
    """Every dictionary there is."""
    require(request.user, "communities.change_dictionary")
    rows = [
        (reverse("communities:dictionary-detail", args=[name]), title_of(name, model))
        for name, model in dictionaries().items()
    ]
    return render_page(request, "communities/dictionary_list.html", {"rows": rows})


def dictionary_detail(request, name):
    """The labels of one dictionary."""
    model = _model(name)
    require(request.user, "communities.change_dictionary")
    context = {
        "title": title_of(name, model),
        "name": name,
        "rows": model.objects.visible_to(request.user),
        "may_grow": may_grow(model),
    }
    return render_page(request, "communities/dictionary_detail.html", context)


def dictionary_row_new(request, name):
    """One more label."""
    model = _model(name)
    require(request.user, "communities.change_dictionary")
    if not may_grow(model):
        raise Http404
    places = model.objects.visible_to(request.user).aggregate(Max("position"))
    place = (places["position__max"] or 0) + 1
    row = model(municipality=request.user.municipality, position=place)
    return _row_page(request, name, row, _("New label"))


def dictionary_row(request, name, pk):
    """Another wording of a label; what it counts stays the same."""
    row = get_object_or_404(_model(name).objects.visible_to(request.user), pk=pk)
    require(request.user, "communities.change_dictionary", row)
    return _row_page(request, name, row, row.label)


def _row_saved(request, name, form):
    save_row(form.instance, actor=request.user)
    messages.success(request, _("The label is saved."))
    return redirect("communities:dictionary-detail", name)


def _row_page(request, name, row, heading):
    form = _form_class(type(row))(request.POST or None, instance=row)
    form = form if row.pk else keyed(form)
    if form.is_valid():
        return once(request, form, lambda: _row_saved(request, name, form))
    context = {
        "form": form,
        "heading": heading,
        "action": _("Save the label"),
        "back": reverse("communities:dictionary-detail", args=[name]),
    }
    return render_page(request, "form_page.html", context)
