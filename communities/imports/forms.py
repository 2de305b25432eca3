"""Uploading a list, saying what its columns mean, agreeing to leave rows out."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities.imports.columns import FIELDS
from communities.models import Organization
from communities.text import RussianOrder
from network_portal.forms import MEGABYTE, FileDrop, PortalForm, too_big

LARGEST = 10 * MEGABYTE
NAMED = 3  # sheets named above the columns they share
LABELS = {
    "full_name": _("Full name in one column"),
    "last_name": _("Last name"),
    "first_name": _("First name"),
    "patronymic": _("Patronymic"),
    "organization": _("Organization"),
    "post": _("Post"),
    "kind": _("Kind of employment"),
    "subjects": _("Subjects"),
    "category": _("Category"),
    "experience": _("Teaching experience"),
    "starts_on": _("Works since"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
}


class OrganizationMixin:
    """One organization for rows that name none."""

    def offer_organizations(self, user):
        rows = Organization.objects.visible_to(user)
        field = self.fields["organization"]
        field.queryset = rows.order_by(RussianOrder("short_name"), "id")
        field.empty_label = _("as the file says")


def organization_field():
    return forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Everybody in the file works in"),
        required=False,
        help_text=_("If the file has no column with the organization"),
    )


class UploadForm(OrganizationMixin, PortalForm):
    """A file with a list of people."""

    file = forms.FileField(
        label=_("List of people"),
        widget=FileDrop(types=["xlsx", "xls", "ods", "csv"], limit=LARGEST),
    )
    organization = organization_field()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["empty"] = _("The file is empty.")
        self.offer_organizations(user)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(too_big(file.size, LARGEST))
        return file


class ColumnsForm(OrganizationMixin, PortalForm):
    """What the columns mean, asked once for all sheets that have the same heading."""

    organization = organization_field()

    def __init__(self, *args, user, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheets = batch.sheets
        self.headings = _headings(batch.sheets)
        self.offer_organizations(user)
        self.fields["organization"].initial = batch.mapping.get("organization")
        choices = [("", _("do not take")), *((name, LABELS[name]) for name in FIELDS)]
        for number, (sheet, *_alike) in self.headings.items():
            meaning = {place: name for name, place in sheet["columns"].items()}
            for place, title in enumerate(sheet["titles"]):
                self.fields[f"column-{number}-{place}"] = forms.ChoiceField(
                    label=title or _("Column %(number)s") % {"number": place + 1},
                    choices=choices,
                    required=False,
                    initial=meaning.get(place, ""),
                )

    @property
    def layout(self):
        groups = [("", ["organization"])]
        for number, sheets in self.headings.items():
            names = [f"column-{number}-{place}" for place in range(len(sheets[0]["titles"]))]
            pairs = [tuple(names[at : at + 2]) for at in range(0, len(names), 2)]
            groups.append((_names_of(sheets), pairs))
        return groups

    def columns(self):
        """One mapping per sheet, as `remap` wants it."""
        chosen = {
            tuple(sheet["titles"]): self._columns_of(number, sheet)
            for number, (sheet, *_alike) in self.headings.items()
        }
        return [chosen[tuple(sheet["titles"])] for sheet in self.sheets]

    def _columns_of(self, number, sheet):
        chosen = {}
        for place in range(len(sheet["titles"])):
            name = self.cleaned_data.get(f"column-{number}-{place}")
            if name:
                chosen.setdefault(name, place)
        return chosen

    def clean(self):
        data = super().clean()
        for number, sheets in self.headings.items():
            self._check_sheets(number, sheets, data)
        return data

    def _check_sheets(self, number, sheets, data):
        seen = set()
        for place in range(len(sheets[0]["titles"])):
            name = data.get(f"column-{number}-{place}")
            if name in seen:
                self.add_error(f"column-{number}-{place}", _("Two columns mean the same."))
            if name:
                seen.add(name)
        if not ({"full_name"} & seen or {"last_name", "first_name"} <= seen):
            self.add_error(
                None,
                _("Sheet «%(name)s»: choose the column with the full name.")
                % {"name": _names_of(sheets)},
            )


def _headings(sheets):
    """Number of the first sheet with a heading → all sheets that have it."""
    first, found = {}, {}
    for number, sheet in enumerate(sheets):
        number = first.setdefault(tuple(sheet["titles"]), number)
        found.setdefault(number, []).append(sheet)
    return found


def _names_of(sheets):
    """«5А, 5Б, 5В and 47 sheets more» for the sheets of one heading."""
    names = ", ".join(sheet["name"] for sheet in sheets[:NAMED])
    more = len(sheets) - NAMED
    if more <= 0:
        return names
    words = ngettext("%(names)s and %(n)s sheet more", "%(names)s and %(n)s sheets more", more)
    return words % {"names": names, "n": more}


class ApplyForm(PortalForm):
    """Consent to leave the wrong rows out."""

    partial = forms.BooleanField(
        label=_("Take the rows without errors and leave the others out"), required=False
    )

    def __init__(self, *args, has_errors, **kwargs):
        super().__init__(*args, **kwargs)
        if has_errors:
            self.fields["partial"].required = True
        else:
            del self.fields["partial"]
