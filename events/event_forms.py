"""Forms about an event: itself, its cancellation, its programme, who comes."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities.models import Association, Organization, User
from communities.school_year import FIRST_YEAR, LAST_YEAR, default_start_year
from events.models import Event, EventKind, Format, Level, ParticipationRole
from events.states import too_few_places
from events.years import current_start
from network_portal.formats import school_year
from network_portal.forms import PortalForm

MOST_SEATS = 100_000
DAY = datetime.timedelta(days=1)
SPEAKING_ROLES = [
    ParticipationRole.SPEAKER,
    ParticipationRole.MASTER_CLASS_HOST,
    ParticipationRole.MODERATOR,
    ParticipationRole.ORGANIZER,
    ParticipationRole.EXPERT,
    ParticipationRole.JURY,
]


def check_school_day(day):
    """Days outside the years the portal keeps are slips of the keyboard."""
    if not FIRST_YEAR <= default_start_year(day) <= LAST_YEAR:
        raise ValidationError(_("Check the year of the date."))


class EventForm(PortalForm):
    """One form for a new event and for changes; times are those of the municipality."""

    title = forms.CharField(label=_("Title"), max_length=200)
    association = forms.ModelChoiceField(
        Association.objects.none(), label=_("Association"), required=False
    )
    kind = forms.ModelChoiceField(
        EventKind.objects.none(),
        label=_("Kind of event"),
        error_messages={"required": _("Choose the kind of the event.")},
    )
    starts_on = forms.DateField(label=_("Date"), validators=[check_school_day])
    starts = forms.TimeField(label=_("Begins at"))
    ends = forms.TimeField(label=_("Ends at"))
    format = forms.ChoiceField(label=_("How people take part"), choices=Format)
    host = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization that receives"), required=False
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, required=False, help_text=_("For example: room 21")
    )
    online_url = forms.URLField(
        label=_("Link for those who join online"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Only those who signed up see it."),
    )
    capacity = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Empty: everybody has a place."),
    )
    summary = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, help_text=_("If the event lasts several days.")
    )
    register_by = forms.DateField(
        label=_("Registration until"),
        required=False,
        help_text=_("The whole day counts. Empty: until the event ends."),
    )
    level = forms.ModelChoiceField(Level.objects.none(), label=_("Level"), empty_label=None)
    hours = forms.DecimalField(
        label=_("Hours in the certificate"), min_value=0, max_value=500, decimal_places=1
    )
    school_year_start = forms.TypedChoiceField(
        label=_("School year"), coerce=int, empty_value=None, required=False
    )
    is_open = forms.BooleanField(label=_("Guests without an account see it"), required=False)
    copy_programme = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("Why the event is moved"),
        max_length=300,
        required=False,
        help_text=_("Needed when the date or the time changes; those who signed up read it."),
    )

    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    day_asked = forms.DateField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, event=None, repeats=None, **kwargs):
        self.user, self.event = user, event
        self.zone = user.municipality.tz
        super().__init__(*args, **kwargs)
        self._offer_dictionaries()
        self._offer_years()
        self._offer_programme(repeats)
        if event is None:
            del self.fields["stamp"]
        if event is None or event.state != Event.State.PUBLISHED:
            del self.fields["reason"]

    @property
    def layout(self):
        main = ["title", ("association", "kind"), ("starts_on", "starts", "ends")]
        main += ["reason"] if "reason" in self.fields else []
        main += ["format", ("host", "place"), "online_url", "capacity"]
        main += ["copy_programme"] if "copy_programme" in self.fields else []
        more = ["summary", ("ends_on", "register_by"), ("level", "hours")]
        more += ["school_year_start", "is_open"]
        return [("", main), ("+" + str(_("More")), more)]

    def _offer_dictionaries(self):
        user = self.user
        self.fields["kind"].queryset = EventKind.objects.visible_to(user)
        self.fields["level"].queryset = Level.objects.visible_to(user)
        today = user.municipality.today()
        hosts = Organization.objects.visible_to(user).active_on(today)
        self.fields["host"].queryset = hosts.order_by("kind__position", "short_name")
        field = self.fields["association"]
        field.queryset = self._associations(user, today)
        if user.is_methodist:
            field.empty_label = _("Department, without an association")
        else:
            field.required, field.empty_label = True, None

    def _associations(self, user, today):
        choices = Association.objects.visible_to(user).open_on(today)
        if not user.is_methodist:
            choices = choices.filter(pk__in=user.led_association_ids)
        if self.event is not None and self.event.association_id:
            choices |= Association.objects.visible_to(user).filter(pk=self.event.association_id)
        return choices.select_related("municipality").order_by("name")

    def _offer_years(self):
        now = current_start(self.user.municipality)
        starts = {now - 1, now, now + 1}
        starts |= {self.event.school_year.start} if self.event else set()
        self.fields["school_year_start"].choices = [
            ("", _("By the date of the event")),
            *((start, school_year(start)) for start in sorted(starts)),
        ]

    def _offer_programme(self, repeats):
        talks = repeats.talks.count() if repeats else 0
        if not talks:
            del self.fields["copy_programme"]
            return
        self.fields["copy_programme"].label = ngettext(
            "Take the programme of last year with its speakers: %(n)s item",
            "Take the programme of last year with its speakers: %(n)s items",
            talks,
        ) % {"n": talks}

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        if capacity is not None and self.event is not None:
            taken = self.event.registrations.filter(state="confirmed").count()
            if capacity < taken:
                raise ValidationError(too_few_places(taken))
        return capacity

    def clean(self):
        data = super().clean()
        if {"starts_on", "starts", "ends"} <= data.keys() and "ends_on" not in self.errors:
            self._clean_times(data)
        if "starts_at" in data:
            self._ask_about_year(data)
            self._clean_deadline(data)
            self._clean_reason(data)
        return data

    def _clean_times(self, data):
        last = data.get("ends_on") or data["starts_on"]
        start = self._moment(data["starts_on"], data["starts"])
        end = self._moment(last, data["ends"])
        if end < start:
            name = "ends_on" if last < data["starts_on"] else "ends"
            self.add_error(name, _("The end is before the beginning."))
        elif end - start > 366 * DAY:
            self.add_error("ends_on", _("Check the year of the date."))
        else:
            data["starts_at"], data["ends_at"] = start, end

    def _ask_about_year(self, data):
        """A year that is hardly meant is asked about once: old events are entered late, too."""
        day = data["starts_on"]
        doubt = self._doubt_about(default_start_year(day), data.get("school_year_start"))
        if not doubt or "starts_on" not in self.changed_data or data.get("day_asked") == day:
            return
        self.data = self.data.copy()
        self.data["day_asked"] = day.isoformat()
        self.add_error("starts_on", doubt)

    def _doubt_about(self, start, chosen):
        now = current_start(self.user.municipality)
        if start < now and chosen != start:
            return _(
                "The date is before the beginning of the school year: check the year. "
                "If it is right, press once more."
            )
        if start > now + 1:
            return _("The date is far ahead: check the year. If it is right, press once more.")
        return ""

    def _clean_deadline(self, data):
        day = data.get("register_by")
        data["registration_until"] = self._moment(day + DAY, datetime.time.min) if day else None
        if day and day > data["ends_at"].astimezone(self.zone).date():
            self.add_error("register_by", _("Registration cannot last longer than the event."))
        if self.event is not None and "register_by" not in self.changed_data:
            data["registration_until"] = self.event.registration_until

    def _clean_reason(self, data):
        moved = self.event is not None and data["starts_at"] != self.event.starts_at
        if "reason" in self.fields and moved and not data.get("reason"):
            self.add_error("reason", _("Write why the event is moved."))

    def _moment(self, day, time):
        return datetime.datetime.combine(day, time, self.zone)

    def values(self):
        """Fields of the event as the services take them."""
        names = (
            *("title", "association", "kind", "format", "host", "place", "online_url"),
            *("capacity", "summary", "level", "hours", "is_open"),
            *("starts_at", "ends_at", "registration_until", "school_year_start"),
        )
        return {name: self.cleaned_data[name] for name in names}

    def differences(self):
        """What is typed otherwise than it stands in the event, in words."""
        changed = [name for name in self.changed_data if name in self.initial]
        return ", ".join(str(self.fields[name].label) for name in changed)


def initial_of(event, zone):
    """Values of the form for an event that exists."""
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    until = event.registration_until
    usual = default_start_year(start.date()) == event.school_year.start
    names = ("title", "format", "place", "online_url", "capacity", "summary", "hours", "is_open")
    return {
        **{name: getattr(event, name) for name in names},
        **{name: getattr(event, f"{name}_id") for name in ("association", "kind", "level", "host")},
        "starts_on": start.date(),
        "starts": start.time().replace(second=0, microsecond=0),
        "ends": end.time().replace(second=0, microsecond=0),
        "ends_on": end.date() if end.date() != start.date() else None,
        "register_by": _last_day(until, zone) if until else None,
        "school_year_start": "" if usual else event.school_year.start,
        "stamp": event.stamp,
    }


def _last_day(until, zone):
    """Registration ends at a midnight, which is the first moment of the day after the last."""
    return (until - datetime.timedelta(seconds=1)).astimezone(zone).date()


class ClashQuery(forms.Form):
    """The date and place of the form being filled; whatever is wrong is simply absent."""

    starts_on = forms.DateField(required=False)
    starts = forms.TimeField(required=False)
    ends = forms.TimeField(required=False)
    association = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    host = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    event = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class CancelForm(PortalForm):
    """Why an event will not take place."""

    reason = forms.CharField(label=_("Why it is cancelled"), max_length=300)


class InteractionForm(PortalForm):
    """The form of interaction set by hand, never without a reason."""

    form = forms.ChoiceField(label=_("Form of interaction"), required=False)
    reason = forms.CharField(label=_("Why it differs"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        computed = [("", _("As computed from the participants"))]
        self.fields["form"].choices = computed + Event.InteractionForm.choices

    def clean(self):
        data = super().clean()
        if data.get("form") and not data.get("reason"):
            self.add_error("reason", _("Write why the form differs from the computed one."))
        return data


class TalkForm(PortalForm):
    """A talk of the programme; the speaker is found by name on the next page."""

    title = forms.CharField(label=_("What will be said or shown"), max_length=300)
    starts_at = forms.TimeField(label=_("Begins at"), required=False)
    role = forms.ChoiceField(
        label=_("Role of the speaker"), choices=[(r.value, r.label) for r in SPEAKING_ROLES]
    )
    layout = [("", ["title", ("starts_at", "role")])]


class NewTalkForm(TalkForm):
    """The same with the words by which the speaker is looked for."""

    speaker = forms.CharField(
        label=_("Who speaks"),
        max_length=100,
        required=False,
        help_text=_("Last name and first name: we will look among the people of the network."),
    )
    layout = [("", ["title", ("starts_at", "role"), "speaker"])]


class GuestForm(PortalForm):
    """A speaker who is not in the network."""

    name = forms.CharField(label=_("Last name, first name, patronymic"), max_length=200)
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), required=False
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        choices = Organization.objects.visible_to(user).order_by("kind__position", "short_name")
        self.fields["organization"].queryset = choices


class ColleaguesForm(PortalForm):
    """People of one's own school to be signed up together."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("People"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
