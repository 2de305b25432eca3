"""People, with or without an account, their work, their rights and their invitations."""

import hashlib
import secrets
from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities import posts
from communities.models.base import DictionaryRow, MunicipalModel
from communities.models.organizations import Organization
from communities.text import RussianOrder, fold_yo, tidy_name


class Role(models.TextChoices):
    """What a person may be besides a teacher; leading follows from orders instead."""

    METHODIST = "methodist", pgettext_lazy("role", "methodist")
    HEAD = "head", pgettext_lazy("role", "head of the department")
    COORDINATOR = "coordinator", pgettext_lazy("role", "school coordinator")
    OPERATOR = "operator", pgettext_lazy("role", "operator")


MARKS = str.maketrans(".,", "  ")
MOST_WORDS = 8  # of a name; what is typed beyond is not looked at
LEADING = ("leader", "secretary")  # of the roles in associations, none of which is named above
# Asked by nearly every page, so it is one statement and written down: composing it anew takes
# longer than the server needs to answer. Its days are those of `in_force`.
RIGHTS = """
SELECT role, organization_id FROM communities_rolegrant WHERE person_id = %(person)s
    AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
UNION ALL
SELECT role, association_id FROM communities_membership
    JOIN communities_association association ON association.id = association_id
    WHERE person_id = %(person)s
    AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
    AND (closed_on IS NULL OR closed_on > %(today)s)
"""


class Subject(DictionaryRow):
    """A subject or field of work; old names stay for the years they were in force."""

    valid_until = models.DateField(null=True, blank=True)


class QualificationCategory(DictionaryRow):
    """Category of a teacher: none, position compliance, first, highest …"""


def _folded_parts():
    for name in ("last_name", "first_name", "patronymic"):
        yield RussianOrder(name)
        yield Value(" ")


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see each other; guests see nobody (consent is given person by person)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(municipality_id=user.municipality_id)

    def kept_by(self, user):
        """Whose records this person keeps: the department all, a coordinator the own school."""
        if user.is_methodist or user.is_operator:
            return self
        return self.working_in(user.coordinated_organization_ids, user.municipality.today())

    def working_in(self, organization_ids, day):
        work = Employment.objects.in_force(day).filter(organization_id__in=organization_ids)
        return self.filter(models.Exists(work.filter(person=models.OuterRef("pk"))))

    def named(self, text):
        """People in whose full name every word begins a part; without a word nobody is named.

        Ё, case and the dots of initials make no difference.
        """
        words = fold_yo(text).translate(MARKS).split()[:MOST_WORDS]
        found = self._with_folded_name() if words else self.none()
        for word in words:
            found = found.filter(folded_name__contains=f" {word}")
        return found

    def namesakes(self, last_name, first_name, patronymic):
        """People with this very name, however ё, capitals and spaces are written."""
        parts = (last_name, first_name, patronymic)
        wanted = " " + "".join(f"{fold_yo(tidy_name(part))} " for part in parts)
        return self._with_folded_name().filter(folded_name=wanted)

    def _with_folded_name(self):
        """The name in lower case with a space before and after every part."""
        key = Concat(Value(" "), *_folded_parts(), output_field=models.TextField())
        return self.alias(folded_name=key)

    def with_workplace(self, day):
        """Each with the short name of the `workplace` of that day."""
        return self.annotate(workplace=Employment.objects.in_force(day).place_of("pk"))

    def in_order(self):
        return self.order_by(
            RussianOrder("last_name"),
            RussianOrder("first_name"),
            RussianOrder("patronymic"),
            "id",
        )


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    """A manager without usernames: e-mail signs in, and most people have none yet."""

    def create_user(self, email=None, password=None, **fields):
        person = self.model(email=email.strip().lower() if email else None, **fields)
        person.set_password(password)
        person.is_active = bool(password) or fields.get("is_active", False)
        person.save(using=self._db)
        return person


class User(AbstractUser, MunicipalModel):
    """Every person of the network. Without an account: no e-mail, no password, not active."""

    username = None
    email = models.EmailField(_("sign-in e-mail"), unique=True, null=True, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    first_name = models.CharField(_("first name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    name_dative = models.CharField(_("full name in the dative"), max_length=250, blank=True)
    teaching_since = models.PositiveSmallIntegerField(_("teaching since"), null=True, blank=True)
    category = models.ForeignKey(
        QualificationCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("qualification category"),
    )
    category_until = models.DateField(null=True, blank=True)
    grades = models.CharField(max_length=60, blank=True, help_text=_("Own grades, by comma"))
    is_active = models.BooleanField(default=False)
    feed_token = models.CharField(max_length=64, blank=True, db_index=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = PersonManager()

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=None) | models.Q(email=Lower("email")),
                name="communities_user_email_lower",
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "last_name", "first_name"]),
        ]

    def __str__(self):
        return self.full_name

    def clean(self):
        """Django's clean makes an absent address an empty one, of which there is one only."""
        super().clean()
        self.email = self.email.lower() if self.email else None

    @property
    def full_name(self):
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    def get_full_name(self):
        return self.full_name

    @property
    def short_name(self):
        """«Соколова А. П.», as in rows."""
        letters = [part[0] + "." for part in (self.first_name, self.patronymic) if part]
        return "\N{NO-BREAK SPACE}".join([self.last_name, *letters])

    def get_short_name(self):
        return self.short_name

    @property
    def signature(self):
        """«А.П. Соколова», as under papers."""
        letters = "".join(part[0] + "." for part in (self.first_name, self.patronymic) if part)
        return f"{letters}\N{NO-BREAK SPACE}{self.last_name}".strip()

    @property
    def initials(self):
        return (self.first_name[:1] + self.last_name[:1]).upper()

    @cached_property
    def _rights(self):
        """Pairs of a role and its organization or association: what is in force today."""
        today = self.municipality.today()
        with connection.cursor() as cursor:
            return cursor.execute(RIGHTS, {"person": self.pk, "today": today}).fetchall()

    def _has(self, role):
        return any(role == held for held, _scope in self._rights)

    def _scopes(self, *roles):
        return frozenset(scope for role, scope in self._rights if role in roles)

    @property
    def is_methodist(self):
        return self._has(Role.METHODIST)

    @property
    def is_head(self):
        return self._has(Role.HEAD)

    @property
    def is_operator(self):
        return self._has(Role.OPERATOR)

    @property
    def is_department(self):
        return self.is_methodist or self.is_head

    @cached_property
    def coordinated_organization_ids(self):
        return self._scopes(Role.COORDINATOR)

    @cached_property
    def led_association_ids(self):
        """Associations this person leads or keeps the papers of today."""
        return self._scopes(*LEADING)

    @cached_property
    def association_ids(self):
        return self._scopes(*LEADING, "member")

    @cached_property
    def main_employment(self):
        return (
            self.employments.in_force(self.municipality.today())
            .select_related("organization")
            .main_first()
            .first()
        )


class EmploymentQuerySet(models.QuerySet):
    def in_force(self, day):
        return self.filter(
            models.Q(starts_on=None) | models.Q(starts_on__lte=day),
            models.Q(ends_on=None) | models.Q(ends_on__gte=day),
        )

    def main_first(self):
        """The order in which a place is chosen: the main one, then the oldest record."""
        return self.order_by("-is_main", "id")

    def one_each(self):
        """The main place of every person, or the first of the others."""
        return self.order_by("person_id", "-is_main", "id").distinct("person_id")

    def place_of(self, person):
        """Short name of the place of whom the column `person` names, as a subquery."""
        works = self.filter(person=models.OuterRef(person)).main_first()
        return models.Subquery(works.values("organization__short_name")[:1])

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(municipality_id=user.municipality_id)


class Employment(MunicipalModel):
    """Work of a person in an organization, with dates; a person counts at the main place."""

    class Kind(models.TextChoices):
        MAIN = "main", pgettext_lazy("employment", "main place of work")
        INTERNAL = "internal_part_time", pgettext_lazy("employment", "internal part-time")
        EXTERNAL = "external_part_time", pgettext_lazy("employment", "external part-time")
        CONTRACT = "contract", pgettext_lazy("employment", "contract")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="employments"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="employments"
    )
    post = models.CharField(max_length=120)
    is_teaching = models.GeneratedField(
        expression=models.Case(
            models.When(post__iregex=posts.TEACHING, then=models.Value(True)),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.MAIN)
    is_main = models.GeneratedField(
        expression=models.Case(
            models.When(kind="main", then=models.Value(True)), default=models.Value(False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    subjects = models.ManyToManyField(Subject, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(kind="main", ends_on=None),
                name="communities_employment_one_main",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="communities_employment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "organization"])]

    def __str__(self):
        return f"{self.post}, {self.organization_id}"


class RoleGrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(municipality_id=user.municipality_id)

    def in_force(self, day):
        return self.filter(
            models.Q(starts_on__lte=day), models.Q(ends_on=None) | models.Q(ends_on__gte=day)
        )


class RoleGrant(MunicipalModel):
    """A role given to a person from a date, for a coordinator within one organization."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField(max_length=20, choices=Role)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="coordinator", organization__isnull=False)
                | (~models.Q(role="coordinator") & models.Q(organization=None)),
                name="communities_grant_scope",
            )
        ]

    def __str__(self):
        return self.get_role_display()


class Invitation(MunicipalModel):
    """A link by which a person claims the record that colleagues already keep."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.person_id}"

    @staticmethod
    def new_token():
        return secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(token):
        """Only the hash is stored: a copy of the database opens no account."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_open(self):
        return self.used_at is None and self.expires_at > timezone.now()
