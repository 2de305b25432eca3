"""The journal as a page: what was done, by whom, when."""

import datetime
from collections import defaultdict

from django import forms
from django.apps import apps
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.access import require
from communities.manage.dictionaries import dictionaries
from communities.manage.journal_words import ACTIONS, LABEL, OBJECTS
from communities.models import AuditEntry, User
from network_portal.formats import quoted
from network_portal.forms import PortalForm
from network_portal.htmx import render_page
from network_portal.paging import page_of

PERSON = User._meta.label_lower
FULL_NAME = Concat("last_name", Value(" "), "first_name", Value(" "), "patronymic")
NAMES = ("title", "short_name", "name", "label")  # fields that rows are called by, best first


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
    page = page_of(found, request.GET)
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
    """Entries with their words; what the reader may not see, or has no name, keeps its number."""
    entries = list(page)
    names = names_of(entries, user)
    return [
        {
            "entry": entry,
            "action": ACTIONS.get(entry.action, entry.action),
            "object": "" if entry.object_type == PERSON else _object_words(entry.object_type),
            "name": names.get((entry.object_type, entry.object_id), entry.object_id),
        }
        for entry in entries
    ]


def names_of(entries, user):
    """`{(type, id): name}` of the rows these entries tell of, found in one question."""
    wanted = defaultdict(set)
    for entry in entries:
        if entry.object_id.isdigit():
            wanted[entry.object_type].add(int(entry.object_id))
    parts = [rows for kind, pks in wanted.items() if (rows := _named(kind, pks, user)) is not None]
    found = parts[0].union(*parts[1:], all=True) if parts else ()
    return {
        (kind, str(pk)): name.strip() if kind == PERSON else quoted(name)
        for kind, pk, name in found
    }


def _named(kind, pks, user):
    """Rows (type, id, name) of one model, if it still exists and has a field to be called by."""
    try:
        model = apps.get_model(kind)
    except LookupError:  # the journal outlives what it tells of
        return None
    fields = {field.name for field in model._meta.concrete_fields}
    name = FULL_NAME if kind == PERSON else next((one for one in NAMES if one in fields), None)
    rows = model._default_manager.filter(pk__in=pks).order_by()
    if name is None or not hasattr(rows, "visible_to"):
        return None
    called = Cast(name, TextField())
    return rows.visible_to(user).values_list(Value(kind, TextField()), "pk", called)


def _object_words(kind):
    """What a row is called; rows of every dictionary are labels."""
    is_label = kind.replace(".", "-") in dictionaries()
    return OBJECTS.get(kind, LABEL if is_label else kind)
