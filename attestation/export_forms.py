"""What to export: read from the query string, so that a link to a table can be sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from attestation import exports
from communities.models import Association, Organization
from communities.school_year import start_year
from communities.text import RussianOrder
from events.models import SchoolYear
from network_portal.forms import PortalForm


class ExportForm(PortalForm):
    """Year, scope and columns. Choices are those of the reader, named by slugs."""

    year = forms.ChoiceField(
        label=_("School year"), error_messages={"invalid_choice": _("There is no such year here.")}
    )
    organization = forms.MultipleChoiceField(
        label=_("Organizations"),
        required=False,
        error_messages={"invalid_choice": _("There is no such organization here.")},
    )
    association = forms.MultipleChoiceField(
        label=_("Associations"),
        required=False,
        error_messages={"invalid_choice": _("There is no such association here.")},
    )
    person = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    column = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        choices=[(code, column.label) for code, column in exports.COLUMNS.items()],
        error_messages={"invalid_choice": _("There is no such column.")},
    )

    def __init__(self, data, *, user):
        self.years = {year.slug: year for year in SchoolYear.objects.visible_to(user)}
        super().__init__(_with_year(data, self.years, user.municipality.today()))
        self.organizations = _by_slug(_organizations(user), "short_name")
        self.associations = _by_slug(Association.objects.visible_to(user), "name")
        self.fields["year"].choices = [(slug, str(row)) for slug, row in self.years.items()]
        self.fields["organization"].choices = _labels(self.organizations)
        self.fields["association"].choices = _labels(self.associations)

    @property
    def chosen_year(self):
        return self.years[self.cleaned_data["year"]]

    @property
    def columns(self):
        """Codes of the chosen columns in the order of the list, or the usual ones."""
        chosen = set(self.cleaned_data["column"] or exports.DEFAULT)
        return [code for code in exports.COLUMNS if code in chosen]

    def scope(self):
        """Keys of the chosen rows, as `exports.facts_for` and the job take them."""
        return {
            "year": self.chosen_year.pk,
            "organizations": [self.organizations[s][0] for s in self.cleaned_data["organization"]],
            "associations": [self.associations[s][0] for s in self.cleaned_data["association"]],
            "person": self.cleaned_data["person"],
        }


def _with_year(data, years, today):
    """The query with the current school year, when it names none."""
    if data.get("year"):
        return data
    data = data.copy()
    past = [slug for slug, year in years.items() if year.start <= start_year(today)]
    data["year"] = next(iter(past or years), "")
    return data


def _organizations(user):
    rows = Organization.objects.visible_to(user)
    return rows if user.is_department else rows.filter(pk__in=user.coordinated_organization_ids)


def _by_slug(rows, name):
    """Slug → (key, name), in the order of the Russian alphabet."""
    found = rows.order_by(RussianOrder(name), "id").values_list("slug", "pk", name)
    return {slug: (pk, label) for slug, pk, label in found}


def _labels(rows):
    return [(slug, label) for slug, (_pk, label) in rows.items()]


class ColumnSetForm(PortalForm):
    """The name under which the shown columns are kept."""

    label = forms.CharField(label=_("Name of the set"), max_length=120)
    column = forms.MultipleChoiceField(
        choices=[(code, code) for code in exports.COLUMNS], widget=forms.MultipleHiddenInput
    )
