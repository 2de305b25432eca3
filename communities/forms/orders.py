"""Forms of orders: the heading, and one small form for each thing an order may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities import files, fold
from communities.forms.people import PersonField, colleagues
from communities.models import Association, AssociationKind, Order, OrderItem, Subject
from network_portal.forms import FileDrop, PortalForm, PortalModelForm

Action = OrderItem.Action


class OrderForm(PortalModelForm):
    """The heading of an order and its scan."""

    layout = [("", [("number", "date"), "title", "issuer", "file"])]

    class Meta:
        model = Order
        fields = ["number", "date", "title", "issuer", "file"]
        help_texts = {"number": _("As printed, for example 199/01-03")}
        widgets = {"file": FileDrop(types=files.TYPES, limit=files.LIMIT)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].max_length = None  # stored under a name of our own

    def clean_number(self):
        return " ".join(self.cleaned_data["number"].split())

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.files and file:
            kind = files.check_paper(file)
            self.instance.file_name = file.name[-200:]
            file.name = f"order.{kind}"
        elif not file:
            self.instance.file_name = ""
        return file

    def clean(self):
        own = Order.objects.filter(
            municipality_id=self.instance.municipality_id,
            number=self.cleaned_data.get("number"),
            date=self.cleaned_data.get("date"),
        )
        if own.exclude(pk=self.instance.pk).exists():
            self.add_error("number", _("There is already an order with this number and date."))
        return self.cleaned_data


class RollOverForm(OrderForm):
    """The heading of next year's order, and the day from which it appoints."""

    layout = [("", [("number", "date"), "title", "issuer", "effective_on", "file"])]
    effective_on = forms.DateField(label=_("In force from"))


class ItemForm(PortalForm):
    """What every item has: the association and the day; subclasses add the rest."""

    association = forms.ModelChoiceField(Association.objects.none(), label=_("Association"))
    effective_on = forms.DateField(label=_("In force from"))

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["effective_on"].initial = order.date
        if "association" in self.fields:
            self.fields["association"].queryset = associations_for(order)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.people = colleagues(order.municipality)

    def arguments(self):
        """What `orders.add_item` takes."""
        return dict(self.cleaned_data)


def associations_for(order):
    """Those that exist by now, and those this very order creates."""
    own = Association.objects.filter(municipality_id=order.municipality_id)
    born = own.filter(opened_on__isnull=False, closed_on=None)
    created = own.filter(items__order=order, items__action=Action.CREATE)
    return (born | created).distinct().order_by("name", "pk")


class CreateForm(ItemForm):
    """A new association, if they know already with its leader."""

    layout = [("", [("kind", "subject"), "name", "leader", "effective_on"])]
    association = None
    kind = forms.ModelChoiceField(AssociationKind.objects.none(), label=_("Kind"))
    subject = forms.ModelChoiceField(Subject.objects.none(), label=_("Subject"), required=False)
    name = forms.CharField(label=_("Name"), max_length=200)
    leader = PersonField(label=_("Leader"), required=False)

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, order=order, **kwargs)
        self.fields["kind"].queryset = _labels(AssociationKind, order)
        self.fields["subject"].queryset = _labels(Subject, order)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


def _labels(model, order):
    return model.objects.filter(municipality_id=order.municipality_id)


class RenameForm(ItemForm):
    """The new name of an association."""

    layout = [("", ["association", "name", "effective_on"])]
    name = forms.CharField(label=_("New name"), max_length=200)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class CloseForm(ItemForm):
    """The first day on which an association is no more."""


class AppointForm(ItemForm):
    """Who leads or keeps the papers from a day on; whoever held the place leaves it."""

    layout = [("", ["association", "person", "effective_on"])]
    person = PersonField(label=_("Person"))


class DismissForm(AppointForm):
    """Who is no longer leader or secretary; the person has to hold the place by then."""

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        association, person = cleaned.get("association"), cleaned.get("person")
        day = cleaned.get("effective_on")
        if association and person and day and not self._holds(association, person, day):
            self.add_error("person", _("This person is neither leader nor secretary then."))
        return cleaned

    def _holds(self, association, person, day):
        drafted = self.order.items.filter(association=association).select_related("order")
        state = fold.fold([*fold.history(association), *drafted], day)
        return person.pk in (state.leader_id, state.secretary_id)


FORMS = {
    Action.CREATE: CreateForm,
    Action.RENAME: RenameForm,
    Action.CLOSE: CloseForm,
    Action.APPOINT_LEADER: AppointForm,
    Action.APPOINT_SECRETARY: AppointForm,
    Action.DISMISS: DismissForm,
}
