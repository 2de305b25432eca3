"""The journal as a page: what was done, by whom, when."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.access import require
from communities.manage.dictionaries import dictionaries
from communities.manage.journal_words import ACTIONS, LABEL, OBJECTS
from communities.manage.paging import page_of
from communities.models import AuditEntry, User
from network_portal.forms import PortalForm
from network_portal.htmx import render_page


class JournalForm(PortalForm):
    """Filters of the journal."""

    action = forms.ChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Who did it"), required=False, max_length=200)
    since = forms.DateField(label=pgettext_lazy("period", "From"), required=False)
    until = forms.DateField(label=pgettext_lazy("period", "To"), required=False)

    def __init__(self, *args, actions, **kwargs):
        super().__init__(*args, **kwargs)
        labels = sorted((str(ACTIONS.get(code, code)), code) for code in actions)
        self.fields["action"].choices = [("", _("All")), *((c, text) for text, c in labels)]


def audit_list(request):
    """Lines of the journal, the newest first."""
    user = request.user
    require(user, "communities.view_audit")
    entries = AuditEntry.objects.visible_to(user)
    actions = entries.order_by("action").values_list("action", flat=True).distinct()
    form = JournalForm(request.GET or None, actions=actions)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = _filtered(entries, user, chosen).select_related("actor")
    page = page_of(request, found)
    context = {"form": form, "page": page, "lines": _lines(page, user)}
    return render_page(request, "communities/audit_list.html", context, fragment="found")


def _filtered(entries, user, chosen):
    zone = user.municipality.tz
    if chosen.get("action"):
        entries = entries.filter(action=chosen["action"])
    if chosen.get("actor"):
        people = User.objects.visible_to(user).named(chosen["actor"])
        entries = entries.filter(actor__in=people.values("pk"))
    if chosen.get("since"):
        entries = entries.filter(at__gte=_midnight(chosen["since"], zone))
    if chosen.get("until"):
        after = chosen["until"] + datetime.timedelta(days=1)
        entries = entries.filter(at__lt=_midnight(after, zone))
    return entries


def _midnight(day, zone):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()), zone)


def _lines(page, user):
    """Entries with their words; people are named, other objects numbered."""
    entries = list(page)
    ids = [int(row.object_id) for row in entries if _is_person(row) and row.object_id.isdigit()]
    people = User.objects.visible_to(user).in_bulk(ids)
    return [
        {
            "entry": entry,
            "action": ACTIONS.get(entry.action, entry.action),
            "object": _object_words(entry.object_type),
            "person": people.get(int(entry.object_id)) if _is_person(entry) else None,
        }
        for entry in entries
    ]


def _object_words(kind):
    """What a row is called; rows of every dictionary are labels."""
    is_label = kind.replace(".", "-") in dictionaries()
    return OBJECTS.get(kind, LABEL if is_label else kind)


def _is_person(entry):
    return entry.object_type == User._meta.label_lower
