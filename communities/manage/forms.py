"""What the pages of management ask for."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.models import (
    Employment,
    Municipality,
    Organization,
    QualificationCategory,
    Role,
    Subject,
    User,
)
from communities.text import RussianOrder, tidy_name
from network_portal.forms import PortalForm, PortalModelForm

FIRST_YEAR = 1940


class PersonForm(PortalModelForm):
    """The record of a person; sign-in e-mail and password are the person's own business."""

    layout = [
        ("", ["last_name", ("first_name", "patronymic"), ("category", "category_until")]),
        (_("More"), [("teaching_since", "grades"), ("contact_email", "contact_phone")]),
        (_("In papers"), ["name_dative"]),
    ]

    class Meta:
        model = User
        fields = (
            "last_name",
            "first_name",
            "patronymic",
            "category",
            "category_until",
            "teaching_since",
            "grades",
            "contact_email",
            "contact_phone",
            "name_dative",
        )
        labels = {
            "category_until": _("Category valid until"),
            "grades": _("Grades taught"),
            "patronymic": _("Patronymic"),
        }
        help_texts = {
            "name_dative": _(
                "For «awarded to whom», when the portal puts the name into the wrong form: "
                "Ивановой Анне Петровне"
            ),
            "grades": _("Numbers with commas: 5, 6, 9"),
            "teaching_since": _("The year, for example 2009"),
        }

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        categories = QualificationCategory.objects.visible_to(user)
        self.fields["category"].queryset = categories
        self.fields["category"].empty_label = _("not known")

    def clean_last_name(self):
        return self._name("last_name")

    def clean_first_name(self):
        return self._name("first_name")

    def clean_patronymic(self):
        return self._name("patronymic")

    def _name(self, field):
        name = tidy_name(self.cleaned_data[field])
        if any(letter.isdigit() or letter in "<>{}@" for letter in name):
            raise forms.ValidationError(_("A name has letters only."))
        return name

    def clean_teaching_since(self):
        year = self.cleaned_data["teaching_since"]
        if year is not None and not FIRST_YEAR <= year <= self.user.municipality.today().year:
            raise forms.ValidationError(_("Check the year."))
        return year


class EmploymentForm(PortalModelForm):
    """One place of work; a coordinator chooses among the own organizations only."""

    layout = [
        ("", ["organization", ("post", "kind"), "subjects", ("starts_on", "ends_on")]),
    ]

    class Meta:
        model = Employment
        fields = ("organization", "post", "kind", "subjects", "starts_on", "ends_on")
        labels = {
            "organization": _("Organization"),
            "post": _("Post"),
            "kind": _("Kind of employment"),
            "subjects": _("Subjects"),
            "starts_on": _("Works since"),
            "ends_on": _("Last day of work"),
        }
        widgets = {"subjects": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations_kept_by(user)
        self.fields["subjects"].queryset = Subject.objects.visible_to(user)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return data


def organizations_kept_by(user):
    """Organizations whose people this person may enter."""
    rows = Organization.objects.visible_to(user).order_by(RussianOrder("short_name"), "id")
    if user.is_methodist or user.is_operator:
        return rows
    return rows.filter(pk__in=user.coordinated_organization_ids)


NAMES = ("last_name", "first_name", "patronymic")


class NewPersonForm(PersonForm):
    """A new record with the first place of work; a namesake must be confirmed."""

    work_fields = ("organization", "post", "kind", "subjects", "starts_on")

    @property
    def layout(self):
        more = [
            ("category", "category_until"),
            ("teaching_since", "grades"),
            ("contact_email", "contact_phone"),
            "name_dative",
        ]
        return [
            ("", ["last_name", ("first_name", "patronymic"), "another"]),
            (_("Work"), ["organization", ("post", "kind"), "starts_on", "subjects"]),
            ("+" + gettext("More"), more),
        ]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        work = EmploymentForm(user=user)
        self.fields.update({name: work.fields[name] for name in self.work_fields})
        self.fields["another"] = forms.BooleanField(
            label=_("This is another person with the same name"), required=False
        )
        if not self.data.get("another"):
            self.fields["another"].widget = forms.HiddenInput()

    def clean(self):
        data = super().clean()
        if not data.get("another") and data.keys() >= set(NAMES):
            self.refuse_namesakes()
        return data

    def refuse_namesakes(self):
        """An error and the box to tick, when there are people with these names."""
        names = [self.cleaned_data[name] for name in NAMES]
        found = User.objects.visible_to(self.user).namesakes(*names)
        places = [_namesake(person) for person in found.prefetch_related("employments")[:5]]
        if places:
            self.fields["another"].widget = forms.CheckboxInput()
            self.add_error(
                "last_name",
                _("There already is: %(people)s. Open that record, or tick the box below.")
                % {"people": "; ".join(places)},
            )

    def employment(self):
        """The first place of work, not saved yet."""
        chosen = {name: self.cleaned_data[name] for name in self.work_fields if name != "subjects"}
        return Employment(**chosen)


def _namesake(person):
    places = person.employments.select_related("organization")
    names = ", ".join(sorted({str(work.organization) for work in places}))
    return f"{person} ({names})" if names else str(person)


class InviteForm(PortalForm):
    """Where the link goes."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)


class ClaimForm(PortalForm):
    """What a person sets who claims the own record."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("You will sign in with it. It need not be the one the letter came to."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.person.pk).exists():
            raise forms.ValidationError(_("This address is taken. Is it you? Then sign in."))
        return email

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password


class RoleForm(PortalForm):
    """A role for a person from a day on."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Organization"),
        required=False,
        help_text=_("For a coordinator only"),
    )
    starts_on = forms.DateField(label=pgettext_lazy("period", "From"))
    ends_on = forms.DateField(label=_("Last day"), required=False)
    layout = [("", ["role", "organization", ("starts_on", "ends_on")])]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Organization.objects.visible_to(user)
        self.fields["organization"].queryset = rows.order_by(RussianOrder("short_name"), "id")

    def clean(self):
        data = super().clean()
        if data.get("role") == Role.COORDINATOR and not data.get("organization"):
            self.add_error("organization", _("Choose the organization of the coordinator."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return data


class EndRoleForm(PortalForm):
    """The last day of a role."""

    ends_on = forms.DateField(label=_("Last day"))


class MunicipalityForm(PortalModelForm):
    """What of a municipality its operator may change; the rest is set where it is added."""

    layout = [
        ("", ["name", "name_genitive", "department_name", "department_genitive", "phone"]),
        (_("Who signs"), ["head_post", "head_name"]),
    ]

    class Meta:
        model = Municipality
        fields = (
            "name",
            "name_genitive",
            "department_name",
            "department_genitive",
            "head_post",
            "head_name",
            "phone",
        )
        labels = {
            "name": _("Municipality"),
            "name_genitive": _("Of which municipality"),
            "department_name": _("Education department"),
            "department_genitive": _("Of which department"),
            "head_post": _("Post of the head"),
            "head_name": _("Name of the head"),
            "phone": _("Phone of the department"),
        }
