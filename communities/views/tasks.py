"""Assignments: the list with what is overdue on top, and the steps of one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from communities import assignments
from communities.access import can, require
from communities.forms.tasks import DoneForm
from communities.models import Assignment
from network_portal.htmx import render_page
from network_portal.paging import page_of

State = Assignment.State


def task_list(request):
    """What is asked of me; the department sees what is asked of anybody."""
    visible = Assignment.objects.visible_to(request.user)
    today = request.user.municipality.today()
    shown = {
        "open": visible.open(),
        "overdue": visible.open().filter(due_on__lt=today),
        "in_progress": visible.filter(state=State.IN_PROGRESS),
        "done": visible.filter(state=State.DONE),
    }
    state = request.GET.get("state", "")
    state = state if state in shown else "open"
    page = page_of(shown[state].for_list(), request.GET)
    context = {
        "page": page,
        "rows": [_row(request.user, task, today) for task in page],
        "tabs": [(f"?state={key}", _tab(key), None, key == state) for key in shown],
        "state": state,
        "heading": _tab(state),
    }
    return render_page(request, "communities/task_list.html", context)


def _tab(key):
    return {
        "open": pgettext("assignments", "To do"),
        "overdue": pgettext("assignments", "Overdue"),
        "in_progress": pgettext("assignments", "In progress"),
        "done": pgettext("assignments", "Done"),
    }[key]


def _row(user, task, today):
    """A task with its state in words, its tone, and whether this reader may do it."""
    may_do = can(user, "communities.do_assignment", task)
    if task.is_overdue(today):
        days = (today - task.due_on).days
        label = ngettext("overdue by %(n)s day", "overdue by %(n)s days", days) % {"n": days}
        return task, label, "bad", may_do
    tone = {State.DONE: "ok", State.IN_PROGRESS: "wait"}.get(task.state, "")
    return task, task.get_state_display(), tone, may_do


def task_complete(request, pk):
    """«Выполнено», with a note for whoever asked."""
    task = _task_to_do(request, pk)
    form = DoneForm(request.POST if request.method == "POST" else None, initial={"note": task.note})
    if request.method == "POST" and form.is_valid():
        assignments.complete(task, actor=request.user, note=form.cleaned_data["note"])
        undo = reverse("communities:task-reopen", args=[task.pk])
        messages.success(request, _("The assignment is done."), extra_tags=undo)
        return redirect("communities:task-list")
    context = {
        "heading": _("Is the assignment done?"),
        "consequences": [task.text],
        "form": form,
        "action": _("Mark as done"),
        "keep": _("Not yet"),
        "back": reverse("communities:task-list"),
    }
    return render_page(request, "confirm.html", context, fragment="confirm")


@require_POST
def task_start(request, pk):
    """Take it up."""
    task = _task_to_do(request, pk)
    assignments.start(task, actor=request.user)
    undo = reverse("communities:task-reopen", args=[task.pk])
    messages.success(request, _("The assignment is in progress."), extra_tags=undo)
    return redirect("communities:task-list")


@require_POST
def task_reopen(request, pk):
    """Take «done» or «in progress» back."""
    assignments.reopen(_task_to_do(request, pk), actor=request.user)
    messages.success(request, _("The assignment is to do again."))
    return redirect("communities:task-list")


def _task_to_do(request, pk):
    visible = Assignment.objects.visible_to(request.user)
    task = get_object_or_404(visible.select_related("municipality"), pk=pk)
    require(request.user, "communities.do_assignment", task)
    return task
