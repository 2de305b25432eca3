"""Subjects, grades and contacts of the person who is signed in."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Subject
from network_portal.forms import PortalForm

PRESCHOOL = "ДОО"
GRADES = [PRESCHOOL, *(str(grade) for grade in range(1, 12))]


class ProfileForm(PortalForm):
    """Own subjects and grades make the searches of the home page."""

    subjects = forms.ModelMultipleChoiceField(
        label=_("Subjects"),
        queryset=Subject.objects.none(),
        widget=forms.CheckboxSelectMultiple({"class": "opts--cols"}),
        required=False,
    )
    grades = forms.MultipleChoiceField(
        label=_("Grades"),
        choices=[(grade, grade) for grade in GRADES],
        widget=forms.CheckboxSelectMultiple({"class": "opts--row"}),
        required=False,
    )
    contact_email = forms.EmailField(
        label=_("E-mail for letters"),
        required=False,
        max_length=254,
        help_text=_("Letters about events come here; without it, to the sign-in e-mail."),
    )
    contact_phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)

    def __init__(self, *args, person, **kwargs):
        self.work = person.main_employment
        chosen = list(self.work.subjects.values_list("pk", flat=True)) if self.work else []
        initial = {
            "subjects": chosen,
            "grades": [grade.strip() for grade in person.grades.split(",")],
            "contact_email": person.contact_email,
            "contact_phone": person.contact_phone,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if self.work:
            in_use = Q(valid_until=None) | Q(valid_until__gte=person.municipality.today())
            subjects = Subject.objects.visible_to(person)
            self.fields["subjects"].queryset = subjects.filter(in_use | Q(pk__in=chosen))
        else:
            del self.fields["subjects"]

    def clean_grades(self):
        return ", ".join(grade for grade in GRADES if grade in self.cleaned_data["grades"])
