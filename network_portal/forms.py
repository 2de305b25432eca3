"""How forms look and what every form refuses: one renderer and two base classes."""

import re
import unicodedata
from datetime import date, datetime
from math import ceil

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from network_portal.formats import file_size

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
LONGEST_TEXT = 20_000
LARGEST_NUMBER = 2**31 - 1
MEGABYTE = 1024 * 1024


class PortalRenderer(TemplatesSetting):
    """Renders `{{ form }}` through templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


def visible_only(text):
    """The text without characters nobody sees: they spoil search, names and comparisons."""
    kept = (c for c in text if c in "\n\r\t\u200d" or unicodedata.category(c) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept))


def in_one_line(text):
    """The text with a plain space for every run of spaces and line ends.

    Spaces that keep words together stay: whoever typed one meant it.
    """
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text)


def _visible_data(data):
    if data is None:
        return None
    if hasattr(data, "setlist"):
        data = data.copy()
        for name, values in data.lists():
            data.setlist(name, [visible_only(v) if isinstance(v, str) else v for v in values])
        return data
    return {name: visible_only(v) if isinstance(v, str) else v for name, v in data.items()}


class NativeDate(forms.DateInput):
    """The date field of the browser; its values are ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        super().__init__({**limits, **(attrs or {})}, format="%Y-%m-%d")


class NativeTime(forms.TimeInput):
    """The time field of the browser."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class NativeDateTime(forms.DateTimeInput):
    """The date and time field of the browser."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class FileDrop(forms.ClearableFileInput):
    """A plain file field with its types and limit in words; a script adds dropping and sizes."""

    template_name = "forms/file_drop.html"
    use_fieldset = False

    def __init__(self, types=(), limit=None, attrs=None):
        self.types, self.limit = types, limit or settings.UPLOAD_LIMIT
        accept = {"accept": ",".join(f".{kind.lower()}" for kind in types)} if types else {}
        super().__init__({**accept, **(attrs or {})})

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            types=", ".join(kind.upper() for kind in self.types),
            limit=self.limit,
            limit_text=file_size(self.limit),
        )
        return context


def too_big(size, limit=None):
    """The sentence a reader gets for a file over the limit."""
    limit = limit or settings.UPLOAD_LIMIT
    return _("The file is %(size)s MB, the limit is %(limit)s. Compress it or split it.") % {
        "size": ceil(size / MEGABYTE),
        "limit": limit // MEGABYTE,
    }


REQUIRED = (
    (forms.DateField, _("Enter the date.")),
    (forms.DateTimeField, _("Enter the date and time.")),
    (forms.TimeField, _("Enter the time.")),
    (forms.FileField, _("Choose a file.")),
    (forms.EmailField, _("Enter the e-mail address.")),
    (forms.MultipleChoiceField, _("Choose at least one.")),
    (forms.ModelMultipleChoiceField, _("Choose at least one.")),
    (forms.ChoiceField, _("Choose an answer.")),
    (forms.BooleanField, _("Tick this box to go on.")),
    (forms.IntegerField, _("Enter a number.")),
    (forms.Field, _("Fill in this field.")),
)
INVALID = (
    (forms.DateField, _("There is no such date. Write it as 19.11.2026.")),
    (forms.DateTimeField, _("There is no such date or time.")),
    (forms.TimeField, _("There is no such time. Write it as 14:30.")),
    (forms.EmailField, _("This does not look like an e-mail address.")),
    (forms.IntegerField, _("Write a whole number in digits.")),
)
WIDGETS = (
    (forms.DateTimeField, forms.DateTimeInput, NativeDateTime),
    (forms.DateField, forms.DateInput, NativeDate),
    (forms.TimeField, forms.TimeInput, NativeTime),
)


NO_CHOICE = _("Not chosen")


def _message(field, table):
    return next((text for kind, text in table if isinstance(field, kind)), None)


def _speak_plainly(field):
    own = _own_messages(field)
    for code, table in (("required", REQUIRED), ("invalid", INVALID)):
        if code not in own and (text := _message(field, table)):
            field.error_messages[code] = text
    if isinstance(field, forms.IntegerField):  # those of decimals too
        _name_limits(field, own)


def _name_limits(field, own):
    limits = {
        "min_value": _("Not less than %(limit_value)s."),
        "max_value": _("Not more than %(limit_value)s."),
    }
    for code, text in limits.items():
        if code not in own and getattr(field, code) is not None:
            field.error_messages[code] = text


def _name_no_choice(field):
    """Lists begin with the same words when nothing is chosen in them."""
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
        field.empty_label = NO_CHOICE
    elif type(field) is forms.TypedChoiceField and field.choices[:1] == BLANK_CHOICE_DASH:
        field.choices = [("", NO_CHOICE), *field.choices[1:]]


def _own_messages(field):
    """Codes whose text this form wrote itself, which must not be replaced."""
    defaults = [getattr(kind, "default_error_messages", {}) for kind in type(field).__mro__]
    return {
        code
        for code, text in field.error_messages.items()
        if all(text != messages.get(code) for messages in defaults)
    }


def _use_native_widget(field):
    for kind, plain, native in WIDGETS:
        if isinstance(field, kind) and type(field.widget) is plain:
            field.widget = native(field.widget.attrs)
            field.widget.is_required = field.required


def _keep_to_one_line(field):
    """What is typed into one line is stored as one: a script may send any number of lines."""
    is_text = isinstance(field, forms.CharField) and field.strip  # a password is taken as it is
    if is_text and not isinstance(field.widget, forms.Textarea):
        to_python = field.to_python
        field.to_python = lambda value: to_python(
            in_one_line(value) if isinstance(value, str) else value
        )


def _hold_to_limits(field):
    if isinstance(field, forms.DateTimeField):
        field.validators += _between_years(datetime)
    elif isinstance(field, forms.DateField):
        field.validators += _between_years(date)
    elif isinstance(field, forms.IntegerField) and field.max_value is None:
        field.validators.append(MaxValueValidator(LARGEST_NUMBER, _("This number is too large.")))
    elif isinstance(field, forms.CharField) and field.max_length is None:
        field.validators.append(MaxLengthValidator(LONGEST_TEXT))


def _between_years(kind):
    text = _("Check the year: it should be between 1950 and 2100.")

    def day(value):
        return value.date() if kind is datetime else value

    class First(MinValueValidator):
        def clean(self, value):
            return day(value)

    class Last(MaxValueValidator):
        def clean(self, value):
            return day(value)

    return [First(FIRST_DAY, text), Last(LAST_DAY, text)]


class PortalFormMixin:
    """What every form of the portal shares.

    `layout` may group fields: a list of `(legend, names)`, where a tuple among the names puts
    its fields side by side. A legend starting with "+" folds the group into `<details>`.
    """

    layout = None
    use_required_attribute = False

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(_visible_data(data), *args, **kwargs)
        for field in self.fields.values():
            _use_native_widget(field)
            _speak_plainly(field)
            _name_no_choice(field)
            _hold_to_limits(field)
            _keep_to_one_line(field)

    def groups(self):
        """Field groups for the template: legend, whether folded, rows of bound fields."""
        layout = self.layout or [("", list(self.fields))]
        return [self._group(legend, names) for legend, names in layout]

    def _group(self, legend, names):
        rows = [
            [self[name] for name in (entry if isinstance(entry, tuple) else (entry,))]
            for entry in names
        ]
        rows = [kept for row in rows if (kept := [field for field in row if not field.is_hidden])]
        legend = str(legend)
        folded = legend.startswith("+")
        fields = [field for row in rows for field in row]
        return {
            "legend": legend.removeprefix("+"),
            "folded": folded,
            "open": folded and self.unfolds(fields),
            "rows": rows,
        }

    def unfolds(self, fields):
        """Whether a folded group is shown open: what is wrong must be seen."""
        return any(field.errors for field in fields)


class PortalForm(PortalFormMixin, forms.Form):
    """Base of plain forms."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """Base of forms that fill a model."""
