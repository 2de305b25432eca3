"""Reading what people write about materials."""

import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Association, Subject, User
from events.models import Event
from materials import files
from materials.catalogue import GRADES, grade_label
from materials.models import PRESCHOOL, Licence, Material, MaterialKind
from network_portal.forms import FileDrop, PortalForm, PortalModelForm
from network_portal.numbers import row_id

CANDIDATES = 10  # people shown for a name
MOST_AUTHORS = 50
EVENTS_SINCE = datetime.timedelta(days=400)


class CheckedFileField(forms.FileField):
    """A file looked into before anything is stored; its value is a `CheckedFile`."""

    def __init__(self, **kwargs):
        super().__init__(widget=FileDrop(types=files.EXTENSIONS), allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        try:
            return files.check(upload)
        except files.FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class UploadForm(PortalForm):
    """The first step: nothing but the file."""

    file = CheckedFileField(label=gettext_lazy("File"))


class VersionForm(PortalForm):
    """A new file for a material and what changed in it."""

    file = CheckedFileField(label=gettext_lazy("New file"))
    note = forms.CharField(label=gettext_lazy("What has changed"), max_length=300, required=False)


class HideForm(PortalForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("The author will see it."),
    )


class AuthorSearch(forms.TextInput):
    """A field for a name and the button that finds the people."""

    template_name = "materials/author_search.html"


class GradeBoxes(forms.CheckboxSelectMultiple):
    """Grades as a compact table of boxes."""

    template_name = "materials/grade_boxes.html"


class AuthorsMixin:
    """Authors as boxes: those chosen and those the name finds."""

    def set_authors(self, user, chosen):
        people = User.objects.visible_to(user)
        field = self.fields["authors"]
        field.queryset = people
        found = people.named(self.data.get("author_q", "")).in_order()[:CANDIDATES]
        shown = [*people.filter(pk__in=chosen[:MOST_AUTHORS]), *found]
        field.choices = list({person.pk: (person.pk, str(person)) for person in shown}.values())


def sent_authors(data):
    """The numbers of people the form came back with, each once."""
    return list(dict.fromkeys(filter(None, map(row_id, data.getlist("authors")))))


def _author_fields():
    return (
        forms.ModelMultipleChoiceField(
            User.objects.none(),
            label=gettext_lazy("Authors"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Leave at least one author.")},
        ),
        forms.CharField(
            label=gettext_lazy("Add a co-author"),
            max_length=100,
            required=False,
            widget=AuthorSearch,
            help_text=gettext_lazy("Write the surname or its beginning."),
        ),
    )


class AuthorsForm(AuthorsMixin, PortalForm):
    """Only the authors, for the answer to a search by name."""

    authors, author_q = _author_fields()

    def __init__(self, data, *, user):
        super().__init__(data)
        self.set_authors(user, sent_authors(data))


class MaterialForm(AuthorsMixin, PortalModelForm):
    """The one screen after the file: most of it is filled already."""

    grades = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Grades"),
        coerce=int,
        required=False,
        widget=GradeBoxes,
    )
    authors, author_q = _author_fields()
    layout = (
        (
            "",
            [
                *("title", ("subject", "kind"), "grades", "licence", "rights_confirmed"),
                *("visibility", "association"),
            ],
        ),
        (
            gettext_lazy("+More: annotation, co-authors, event"),
            ["annotation", "event", "authors", "author_q"],
        ),
    )

    class Meta:
        model = Material
        fields = (
            *("title", "subject", "kind", "grades", "licence", "rights_confirmed"),
            *("visibility", "association", "annotation", "event"),
        )
        labels = {
            "title": gettext_lazy("Title"),
            "subject": gettext_lazy("Subject"),
            "kind": gettext_lazy("Kind"),
            "licence": gettext_lazy("Terms of use"),
            "rights_confirmed": gettext_lazy(
                "This is my work, or I have the right to publish it; sources are named"
            ),
            "visibility": gettext_lazy("Who sees it"),
            "association": gettext_lazy("Association"),
            "annotation": gettext_lazy("Annotation"),
            "event": gettext_lazy("Event"),
        }
        error_messages = {
            "kind": {"required": gettext_lazy("Choose the kind of the material.")},
            "licence": {"required": gettext_lazy("Choose the terms of use.")},
        }
        help_texts = {
            "association": gettext_lazy("Needed when only the association sees the material."),
        }
        widgets = {
            "visibility": forms.RadioSelect,
            "licence": forms.RadioSelect,
            "annotation": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, data=None, *, instance, user, publish=False):
        super().__init__(data, instance=instance)
        for name in ("kind", "licence", "rights_confirmed"):
            self.fields[name].required = publish
        self.fields["grades"].choices = [(grade, box_label(grade)) for grade in GRADES]
        self.fields["licence"].empty_label = None
        self.fields["association"].needed_at_times = True
        self._narrow(user)
        own = [author.person_id for author in instance.authors.all()]
        self.initial["authors"] = own
        self.set_authors(user, sent_authors(data) if data is not None else own)

    def _narrow(self, user):
        """Choices of this municipality and of this person only."""
        for name, model in (("subject", Subject), ("kind", MaterialKind), ("licence", Licence)):
            self.fields[name].queryset = model.objects.visible_to(user)
        associations = Association.objects.visible_to(user).for_list()
        if not user.is_department:
            mine = Q(pk__in=user.association_ids) | Q(pk=self.instance.association_id)
            associations = associations.filter(mine)
        self.fields["association"].queryset = associations
        self.fields["event"].queryset = events_for(user, self.instance.event_id)

    def clean(self):
        data = super().clean()
        is_closed = data.get("visibility") == Material.Visibility.ASSOCIATION
        if is_closed and not data.get("association") and "association" not in self.errors:
            self.add_error("association", _("Choose the association that sees it."))
        return data

    def values(self):
        """Fields of the material as cleaned, for the service."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def events_for(user, current):
    """Events a material may be tied to: recent ones that the person has to do with."""
    near = Q(
        Q(association_id__in=user.association_ids)
        | Q(created_by=user)
        | Q(registrations__person=user),
        starts_at__gte=timezone.now() - EVENTS_SINCE,
    )
    pks = Event.objects.visible_to(user).filter(near).values("pk")
    return (
        Event.objects.visible_to(user)
        .filter(Q(pk__in=pks) | Q(pk=current))
        .order_by("-starts_at", "-pk")
    )


def box_label(grade):
    """«7», «ДОО»: short in the table of boxes, the kindergarten in full when read aloud."""
    if grade != PRESCHOOL:
        return str(grade)
    return format_html('{}<span class="vh">, {}</span>', _("pre"), _("kindergarten"))


def grades_text(grades):
    """«5–7 классы», «7 класс», «детский сад»: the grades of a material in a few words."""
    school = sorted(grade for grade in grades if grade != PRESCHOOL)
    parts = [_("kindergarten")] if PRESCHOOL in grades else []
    if len(school) == 1:
        parts.append(grade_label(school[0]))
    elif school and school == list(range(school[0], school[-1] + 1)):
        parts.append(_("grades %(first)s–%(last)s") % {"first": school[0], "last": school[-1]})
    elif school:
        parts.append(_("grades %(list)s") % {"list": ", ".join(map(str, school))})
    return ", ".join(parts)
