"""Orders: the list, a draft that grows item by item, the step into force, the file."""

import functools

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from communities import fold, orders, school_year
from communities.access import can, require
from communities.forms.orders import FORMS, OrderForm, RollOverForm
from communities.models import Order, OrderItem
from communities.sent_forms import already, keyed, once
from network_portal.formats import UNSAVEABLE, day_full
from network_portal.formats import school_year as year_title
from network_portal.htmx import render_page
from network_portal.paging import page_of

Action = OrderItem.Action


def order_list(request):
    """Orders by date, drafts on top for those who write them."""
    found = Order.objects.visible_to(request.user).for_list().order_by("state", "-date", "-id")
    page = page_of(found, request.GET)
    return render_page(request, "communities/order_list.html", {"page": page})


def order_detail(request, pk):
    """One order: the heading, what it does, and while it is a draft how to go on."""
    order = _visible(request, pk)
    items = order.items.select_related("association__kind", "person").order_by("id")
    may_change = _is_draft(order) and can(request.user, "communities.change_order", order)
    idle = {item.pk for item in orders.idle_items(order)} if may_change else set()
    context = {
        "order": order,
        "items": [(item, item.pk in idle) for item in items],
        "may_change": may_change,
        "actions": [(action.value, label()) for action, label in ADD_LABELS.items()],
    }
    return render_page(request, "communities/order_detail.html", context)


ADD_LABELS = {
    Action.CREATE: lambda: _("Create an association"),
    Action.APPOINT_LEADER: lambda: _("Appoint a leader"),
    Action.APPOINT_SECRETARY: lambda: _("Appoint a secretary"),
    Action.RENAME: lambda: _("Rename an association"),
    Action.DISMISS: lambda: _("Dismiss a person"),
    Action.CLOSE: lambda: _("Close an association"),
}


def order_new(request):
    """A new draft."""
    order = _new_order(request)
    form = keyed(OrderForm(request.POST or None, request.FILES or None, instance=order))
    if answer := _made_once(request, form, lambda: _saved(request, form)):
        return answer
    return _form_page(request, form, _("New order"), reverse("communities:order-list"))


def _made_once(request, form, make):
    """The way to the new order, or to the one the same form has made before."""

    def answer():
        return redirect(form.instance) if make() else None

    made = once(request, form, answer) if form.is_valid() else None
    return made or already(request, form)


def order_next_year(request):
    """Next year's order as a draft: the leaders of today appointed once more."""
    order = _new_order(request)
    today = order.municipality.today()
    starts_on = school_year.next_start(today)
    title = _("On leaders of associations in the school year %(year)s")
    initial = {
        "title": title % {"year": year_title(starts_on.year)},
        "date": today,
        "issuer": order.municipality.department_name,
        "effective_on": starts_on,
    }
    form = RollOverForm(
        request.POST or None, request.FILES or None, instance=order, initial=initial
    )

    def save():
        day = form.cleaned_data["effective_on"]
        return _saved(request, form, _saver(orders.roll_over, effective_on=day))

    if answer := _made_once(request, keyed(form), save):
        return answer
    heading = _("Order for the next school year")
    hint = _("The draft will appoint today's leaders and secretaries of open associations.")
    return _form_page(request, form, heading, reverse("communities:order-list"), hint)


def of_draft(view):
    """Give the view a draft this person may change; one already in force leads to its page."""

    @functools.wraps(view)
    def with_draft(request, pk, **kwargs):
        order = _visible(request, pk)
        require(request.user, "communities.change_order", order)
        if _is_draft(order):
            return view(request, order, **kwargs)
        messages.error(request, _("The order is already in force: a new order mends it."))
        return redirect(order)

    return with_draft


@of_draft
def order_edit(request, order):
    """The heading of a draft."""
    heading = _("Heading of the order")
    form = OrderForm(request.POST or None, request.FILES or None, instance=order)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return redirect(order)
    return _form_page(request, form, heading, order.get_absolute_url())


@of_draft
def order_item_add(request, order, action):
    """One more item, by the form of its action."""
    if action not in FORMS:
        raise Http404
    form = keyed(FORMS[action](request.POST or None, order=order))

    def added():
        return redirect(order) if _item_added(request, form, action) else None

    if form.is_valid() and (answer := once(request, form, added)):
        return answer
    return _form_page(
        request, form, ADD_LABELS[action](), order.get_absolute_url(), action=_("Add the item")
    )


def _item_added(request, form, action):
    try:
        if action == Action.CREATE:
            orders.add_association(form.order, actor=request.user, **form.arguments())
        else:
            orders.add_item(form.order, action, actor=request.user, **form.arguments())
    except orders.OrderError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_POST
@of_draft
def order_item_remove(request, order, item):
    """Take an item out of a draft."""
    item = get_object_or_404(order.items.select_related("order"), pk=item)
    _try(request, orders.remove_item, item)
    return redirect(order)


@of_draft
def order_put_in_force(request, order):
    """The step after which only a new order mends: confirm, then do."""
    if request.method == "POST":
        done = _("Order %(order)s is in force.") % {"order": order}
        _try(request, orders.put_in_force, order, done)
        return redirect(order)
    context = {
        "heading": _("Put order %(order)s of %(date)s in force?")
        % {"order": order, "date": day_full(order.date)},
        "consequences": [*_consequences(order), _("This cannot be undone: a new order mends.")],
        "action": _("Put the order in force"),
        "keep": _("Leave it a draft"),
        "back": order.get_absolute_url(),
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def _consequences(order):
    """The items counted by what they do."""
    counts = dict.fromkeys(("created", "appointed", "closed"), 0)
    for action in order.items.values_list("action", flat=True):
        counts["created"] += action == Action.CREATE
        counts["appointed"] += action in fold.APPOINTS
        counts["closed"] += action == Action.CLOSE
    texts = {
        "created": ngettext(
            "%(n)s association is created.", "%(n)s associations are created.", counts["created"]
        ),
        "appointed": ngettext(
            "%(n)s person is appointed.", "%(n)s people are appointed.", counts["appointed"]
        ),
        "closed": ngettext(
            "%(n)s association is closed.", "%(n)s associations are closed.", counts["closed"]
        ),
    }
    return [texts[what] % {"n": number} for what, number in counts.items() if number]


@of_draft
def order_delete(request, order):
    """A draft may be thrown away."""
    if request.method == "POST":
        done = pgettext("order", "The draft is deleted.")
        deleted = _try(request, orders.delete_draft, order, done)
        return redirect("communities:order-list" if deleted else order)
    context = {
        "heading": _("Delete the draft of order %(order)s?") % {"order": order},
        "consequences": [_("Its items and the associations it would create go with it.")],
        "action": pgettext("order", "Delete the draft"),
        "back": order.get_absolute_url(),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def order_file(request, pk):
    """The scan, always as a download."""
    order = _visible(request, pk)
    if not order.file:
        raise Http404
    try:
        stored = order.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = UNSAVEABLE.sub("_", order.file_name or order.file.name)
    response = FileResponse(stored, as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _visible(request, pk):
    return get_object_or_404(
        Order.objects.visible_to(request.user).select_related("municipality"), pk=pk
    )


def _is_draft(order):
    return order.state == Order.State.DRAFT


def _new_order(request):
    require(request.user, "communities.change_order")
    return Order(municipality=request.user.municipality, state=Order.State.DRAFT)


def _saver(service, **extra):
    return lambda order, actor: service(order, actor=actor, **extra)


def _saved(request, form, service=orders.save_draft):
    try:
        service(form.save(commit=False), actor=request.user)
    except orders.OrderError as error:
        form.add_error(None, str(error))
        return False
    return True


def _try(request, service, obj, done=""):
    """Call the service; what it refuses is said, not thrown."""
    try:
        service(obj, actor=request.user)
    except orders.OrderError as error:
        messages.error(request, str(error))
        return False
    if done:
        messages.success(request, done)
    return True


def _form_page(request, form, heading, back, hint="", action=None):
    context = {
        "form": form,
        "heading": heading,
        "back": back,
        "hint": hint,
        "action": action or pgettext("order", "Save the draft"),
    }
    return render_page(request, "form_page.html", context)
