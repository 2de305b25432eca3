"""Pages of plans: a year of an association, its lines, the plan of the whole municipality."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import can, require
from communities.models import Association
from communities.school_year import FIRST_YEAR, LAST_YEAR, months, parse_month, parse_slug, slug_of
from communities.sent_forms import keyed, once
from communities.workflow import TransitionError
from events import plan_table, plans
from events.models import AnnualPlan, Holiday, PlanItem
from events.plan_forms import ItemForm, OutcomeForm, PlanForm, RemarkForm
from events.states import decision_words, plan_state
from events.workflow import PLAN
from events.years import current_start
from network_portal.formats import month_year, school_year
from network_portal.htmx import render_page
from network_portal.paging import page_of

MANAGE = "communities.manage_association"


def start_or_404(year):
    """The first calendar year of `2026-27`; anything else has no page."""
    start = parse_slug(year)
    if start is None:
        raise Http404
    return start


def _association(user, slug):
    visible = Association.objects.visible_to(user).select_related("kind", "municipality")
    return get_object_or_404(visible, slug=slug)


def _found(user, slug, start):
    """The plan this person may see, or None, and its association."""
    visible = AnnualPlan.objects.visible_to(user).select_related(
        "association__kind", "association__municipality", "school_year", "municipality"
    )
    plan = visible.filter(association__slug=slug, school_year__start=start).first()
    return plan, plan.association if plan else _association(user, slug)


def _own_plan(user, slug, year, permission):
    """For writing: the plan, perhaps not opened yet, when the rules allow the change."""
    start = start_or_404(year)
    plan, association = _found(user, slug, start)
    if plan is None:
        require(user, MANAGE, association)
    else:
        require(user, permission, plan)
    return plan, association, start


def _item(user, pk, permission):
    items = PlanItem.objects.visible_to(user).select_related(
        "plan__association__municipality", "plan__school_year", "kind", "event"
    )
    item = get_object_or_404(items, pk=pk)
    require(user, permission, item.plan)
    return item


def plan_detail(request, slug, year):
    """The plan of an association for a school year."""
    start = start_or_404(year)
    plan, association = _found(request.user, slug, start)
    return _plan_page(request, plan, association, start)


def _plan_page(request, plan, association, start, form=None, error="", status=200):
    user = request.user
    lines = list(plans.lines_of(association.pk, [start - 1, start]))
    own = [line for line in lines if plan and line.plan_id == plan.pk]
    before = [line for line in lines if line.plan.school_year.start == start - 1]
    manages = can(user, MANAGE, association)
    before = before if manages or _is_agreed(before) else []
    holidays = Holiday.objects.visible_to(user).filter(school_year__start=start)
    unplanned = list(plans.unplanned_events(user, association.pk, start))
    carried = {line.copied_from_id for line in own}
    last = plan_table.fact_of(before)
    context = {
        "association": association,
        "plan": plan,
        "start": start,
        "year": slug_of(start),
        "months": plan_table.table_of(start, own, unplanned, holidays, user),
        "own_fact": plan_table.fact_of(own),
        "last_start": start - 1,
        "last": last,
        "missed": [(line, line.pk in carried) for line in last.missed],
        "previous_year": slug_of(start - 1) if start > FIRST_YEAR else "",
        "next_year": slug_of(start + 1) if start < LAST_YEAR else "",
        "manages": manages,
        "may_change": manages and (plan is None or can(user, "events.change_plan", plan)),
        **_route_of(plan, user),
        "remark": form or RemarkForm(),
        "form": form,
        "error": error,
        "has_lines": bool(own or unplanned),
    }
    return render_page(request, "events/plan_detail.html", context, status=status)


def _route_of(plan, user):
    """State, history and next steps of a plan."""
    if plan is None:
        return {"decisions": [], "arrows": []}
    decisions = list(plan.decisions.all())
    for decision in decisions:
        decision.words = decision_words(decision)
    arrows = PLAN.available(plan, user)
    return {
        "plan_said": plan_state(plan),
        "decisions": decisions,
        "returned": next((d for d in reversed(decisions) if d.action == "return"), None),
        "arrows": arrows,
        "can_return": any(arrow.needs_comment for arrow in arrows),
    }


def _is_agreed(lines):
    return bool(lines) and lines[0].plan.state == AnnualPlan.State.APPROVED


@require_POST
def plan_step(request, slug, year, action):
    """One arrow of the route: send, take back, agree, return with a remark."""
    start = start_or_404(year)
    plan, association = _found(request.user, slug, start)
    if plan is None or action not in PLAN.transitions:
        raise Http404
    require(request.user, PLAN.transitions[action].permission, plan)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, plan, association, start, form, status=422)
    try:
        comment = form.cleaned_data["comment"]
        plan = PLAN.perform(plan, action, actor=request.user, comment=comment)
    except TransitionError as error:
        if PLAN.transitions[action].needs_comment:
            form.add_error("comment", str(error))
            return _plan_page(request, plan, association, start, form, status=422)
        messages.error(request, str(error))
        return redirect(plan)
    messages.success(request, _step_words(action))
    return redirect(plan)


def _step_words(action):
    return {
        "submit": _("The plan is sent to the methodist."),
        "withdraw": _("The plan is taken back: you may change it."),
        "approve": _("The plan is agreed. The leader gets a letter."),
        "return": _("The plan is returned. The leader gets a letter with your remark."),
    }[action]


def _done(form, change, row, *, actor):
    """Whether a valid form was carried out; what the service refuses is said in the form."""
    if not form.is_valid():
        return False
    try:
        change(row, actor=actor, **form.cleaned_data)
    except plans.PlanError as error:
        form.add_error(None, str(error))
        return False
    return True


def plan_edit(request, slug, year):
    """Theme and goal of the year."""
    plan, association, start = _own_plan(request.user, slug, year, "events.change_plan")
    initial = {"theme": plan.theme, "goal": plan.goal} if plan else None
    form = PlanForm(request.POST or None, initial=initial)
    back = reverse("events:plan-detail", args=[slug, year])
    if request.method == "POST" and form.is_valid():
        plan = plans.open_plan(association, start, actor=request.user)
        if _done(form, plans.change_plan, plan, actor=request.user):
            return redirect(back)
    context = {
        "heading": _("Theme and goal of the plan for %(year)s") % {"year": school_year(start)},
        "form": form,
        "action": _("Save"),
        "back": back,
    }
    return render_page(request, "form_page.html", context)


@require_POST
def plan_copy(request, slug, year):
    """Take last year's plan: same week and weekday, holidays skipped, with undo."""
    _plan, association, start = _own_plan(request.user, slug, year, "events.change_plan")
    try:
        plan, items = plans.copy_last_year(association, start, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
        return redirect("events:plan-detail", slug, year)
    text = ngettext("%(n)s line is taken over.", "%(n)s lines are taken over.", len(items))
    messages.success(request, text % {"n": len(items)}, extra_tags=_undo_url(plan, items))
    return redirect(plan)


def _undo_url(plan, items):
    pks = [item.pk for item in items]
    args = [plan.association.slug, plan.school_year.slug, min(pks), max(pks)]
    return reverse("events:plan-copy-undo", args=args)


@require_POST
def plan_copy_undo(request, slug, year, first, last):
    """Take the copied lines out again."""
    plan, _association, _start = _own_plan(request.user, slug, year, "events.change_plan")
    if plan is None:
        raise Http404
    try:
        number = plans.undo_copy(plan, first, last, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
        return redirect(plan)
    text = ngettext("%(n)s line is removed.", "%(n)s lines are removed.", number)
    messages.success(request, text % {"n": number})
    return redirect(plan)


@require_POST
def plan_item_carry(request, slug, year, pk):
    """Take one line that was not held last year into this plan."""
    _plan, association, start = _own_plan(request.user, slug, year, "events.change_plan")
    lines = plans.lines_of(association.pk, [start - 1])
    item = get_object_or_404(lines.visible_to(request.user), pk=pk)
    try:
        copy = plans.carry_item(item, association, start, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
    else:
        undo = _undo_url(copy.plan, [copy])
        messages.success(request, _("The line is in the plan."), extra_tags=undo)
    return redirect("events:plan-detail", slug, year)


def plan_item_new(request, slug, year):
    """A new line."""
    _plan, association, start = _own_plan(request.user, slug, year, "events.change_plan")
    month = parse_month(request.GET.get("month"))
    form = ItemForm(request.POST or None, user=request.user, start=start, initial={"month": month})
    back = reverse("events:plan-detail", args=[slug, year])

    def added():
        plan = plans.open_plan(association, start, actor=request.user)
        if not _done(form, plans.add_item, plan, actor=request.user):
            return None
        messages.success(request, _("The line is in the plan."))
        return redirect(back)

    if keyed(form).is_valid() and (answer := once(request, form, added)):
        return answer
    context = {
        "heading": _("New line of the plan for %(year)s") % {"year": school_year(start)},
        "form": form,
        "action": _("Add the line"),
        "back": back,
    }
    return render_page(request, "form_page.html", context)


def plan_item_edit(request, pk):
    """Change a line of a plan that is still being written."""
    item = _item(request.user, pk, "events.change_plan")
    names = ("title", "month", "planned_on", "format", "place", "responsible")
    initial = {name: getattr(item, name) for name in names} | {"kind": item.kind_id}
    start = item.plan.school_year.start
    form = ItemForm(request.POST or None, user=request.user, start=start, initial=initial)
    if request.method == "POST" and _done(form, plans.change_item, item, actor=request.user):
        messages.success(request, _("The line is saved."))
        return redirect(item.plan)
    context = {
        "heading": item.title,
        "form": form,
        "action": _("Save the line"),
        "back": item.plan.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


def plan_item_delete(request, pk):
    """Delete a line after a page that names it."""
    item = _item(request.user, pk, "events.change_plan")
    if request.method == "POST":
        try:
            plans.delete_item(item, actor=request.user)
            messages.success(request, _("The line is deleted."))
        except plans.PlanError as error:
            messages.error(request, str(error))
        return redirect(item.plan)
    context = {
        "heading": _("Delete the line «%(title)s»?") % {"title": item.title},
        "consequences": [
            _("It leaves the plan of %(association)s.")
            % {"association": item.plan.association.name}
        ],
        "action": _("Delete the line"),
        "back": item.plan.get_absolute_url(),
        "danger": True,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


def plan_item_outcome(request, pk):
    """Moved or cancelled, with the reason: open in an agreed plan too."""
    item = _item(request.user, pk, MANAGE)
    initial = {name: getattr(item, name) for name in ("outcome", "month", "reason")}
    start = item.plan.school_year.start
    form = OutcomeForm(request.POST or None, start=start, initial=initial)
    if request.method == "POST" and form.is_valid():
        plans.set_outcome(item, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The line is saved."))
        return redirect(item.plan)
    context = {
        "heading": _("What became of «%(title)s»") % {"title": item.title},
        "form": form,
        "action": _("Save"),
        "back": item.plan.get_absolute_url(),
    }
    return render_page(request, "form_page.html", context)


def plan_list(request, year):
    """The plan of the municipality: lines of all plans this person may read, month by month."""
    start = start_or_404(year)
    user = request.user
    visible = AnnualPlan.objects.visible_to(user).filter(school_year__start=start)
    chosen = _month_to_show(request, start)
    lines = PlanItem.objects.visible_to(user).filter(plan__school_year__start=start)
    counts = _count_by_month(lines)
    lines = lines.select_related(
        "kind", "plan__association__kind", "plan__school_year", "event", "event__minutes"
    ).order_by("month", "planned_on", "id")
    page = page_of(lines.filter(month=chosen), request.GET)
    rows = plan_table.table_of(start, list(page.object_list), [], [], user)
    context = {
        "start": start,
        "year": slug_of(start),
        "page": page,
        "lines": [line for month in rows for line in month.lines],
        "tabs": [
            (f"?month={day:%Y-%m}", month_year(day), counts.get(day, 0), day == chosen)
            for day in months(start)
        ],
        "month": chosen,
        "plans": _plans_for_list(visible) if user.is_department else [],
        "previous_year": slug_of(start - 1) if start > FIRST_YEAR else "",
        "next_year": slug_of(start + 1) if start < LAST_YEAR else "",
    }
    return render_page(request, "events/plan_list.html", context)


def _month_to_show(request, start):
    chosen = parse_month(request.GET.get("month"))
    if chosen in months(start):
        return chosen
    today = request.user.municipality.today()
    if current_start(request.user.municipality) == start:
        return today.replace(day=1)
    return months(start)[0]


def _count_by_month(lines):
    return dict(lines.order_by().values_list("month").annotate(n=Count("id")))


def _plans_for_list(visible):
    waiting_first = visible.select_related("association__kind", "school_year").order_by(
        "association__kind__position", "association__name"
    )
    ordered = sorted(waiting_first, key=lambda plan: plan.state != AnnualPlan.State.SUBMITTED)
    return [(plan, plan_state(plan)) for plan in ordered]
