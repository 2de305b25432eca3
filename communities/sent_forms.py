"""A form that makes something makes it once, however often it is sent.

Without a script a button may be pressed twice, and a slow network sends a page again. The page
carries a random key; what was made is noted under the key and the contents in the transaction
that makes it, so the second sending waits for the first and is led to what that has made.
"""

import datetime
import hashlib
import uuid

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import SentForm

FIELD = "form_key"
KEPT = datetime.timedelta(days=2)


def keyed(form):
    """The form with a hidden key of its own; no autocompletion, or a reload would keep the old."""
    form.fields[FIELD] = forms.CharField(
        required=False,
        initial=lambda: str(uuid.uuid4()),
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )
    return form


def once(request, form, answer):
    """The redirect that `answer()` gives when it has made something, for a form that is valid.

    None, when it could not: the form tells why and may be sent again.
    """
    form.cleaned_data.pop(FIELD, None)
    if not (key := _key(request, form)):  # a form that changes a row has none
        return answer()
    with transaction.atomic():
        row = _noted(key, request.user)
        if row is None:
            return already(request, form) or HttpResponseRedirect(request.path)
        response = answer()
        if response is None:
            row.delete()
            return None
        row.address = response.url
        row.save(update_fields=["address"])
        return response


def already(request, form):
    """The way to what this very form has made before, if it has."""
    key = form.is_bound and _key(request, form)
    made = SentForm.objects.filter(key=key).first() if key else None
    if made is None:
        return None
    messages.info(request, _("The form came twice, it is saved once."))
    return HttpResponseRedirect(made.address)


def _key(request, form):
    """Of the person, the page and all that is typed: another text is another thing to make."""
    if FIELD not in form.fields or not form[FIELD].data:
        return ""
    typed = [(name, form.data.getlist(form.add_prefix(name))) for name in form.fields]
    chosen = [(name, file.name, file.size) for name, file in form.files.items()]
    text = repr((request.user.pk, request.path, typed, chosen))
    return hashlib.sha256(text.encode()).hexdigest()


def _noted(key, person):
    """A new note, or None when there is one; waits for whoever is making the same."""
    SentForm.objects.filter(person=person, made_at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            return SentForm.objects.create(
                municipality_id=person.municipality_id, person=person, key=key
            )
    except IntegrityError:
        return None
