"""Associations, the orders that make them what they are, and their members."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models.base import DictionaryRow, MunicipalModel
from communities.models.people import Subject
from communities.text import RussianOrder


class AssociationKind(DictionaryRow):
    """РМО, ММО, working group: the label set is the municipality's own."""

    class Shape(models.TextChoices):
        CIRCLE = "circle", pgettext_lazy("shape", "circle")
        HALVES = "halves", pgettext_lazy("shape", "two halves")
        TRIANGLE = "triangle", pgettext_lazy("shape", "triangle")

    label_plural = models.CharField(max_length=120, blank=True)
    abbreviation = models.CharField(max_length=20)
    shape = models.CharField(max_length=10, choices=Shape, default=Shape.CIRCLE)


class AssociationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Associations are public within their municipality; their members are not.

        One that only a draft of an order creates is the department's business.
        """
        own = self.filter(municipality_id=user.municipality_id)
        return own if user.is_department else own.filter(opened_on__isnull=False)

    def open_on(self, day):
        return self.filter(
            models.Q(opened_on__lte=day),
            models.Q(closed_on=None) | models.Q(closed_on__gt=day),
        )

    def for_list(self):
        return self.select_related("kind", "subject").order_by(
            "kind__position", RussianOrder("name"), "id"
        )


class Association(MunicipalModel):
    """A methodical association. Name and dates are the fold of its orders, kept here to list."""

    kind = models.ForeignKey(AssociationKind, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    about = models.TextField(blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "slug"], name="communities_association_slug"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("communities:association-detail", args=[self.slug])

    @property
    def title(self):
        """«РМО учителей химии»: the kind's abbreviation goes first unless the name has it."""
        short = self.kind.abbreviation
        return self.name if self._begins_with_kind else f"{short} «{self.name}»"

    @property
    def name_beside_kind(self):
        """The name as it reads after the mark of its kind, which says the abbreviation."""
        short = self.kind.abbreviation
        return self.name[len(short) :].strip() if self._begins_with_kind else self.name

    @property
    def _begins_with_kind(self):
        return f"{self.name} ".upper().startswith(f"{self.kind.abbreviation} ".upper())

    def is_open(self, day):
        return (
            self.opened_on is not None
            and self.opened_on <= day
            and (self.closed_on is None or self.closed_on > day)
        )


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Orders name people: the signed-in of the municipality read those in force."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(municipality_id=user.municipality_id)
        return own if user.is_department else own.filter(state=Order.State.IN_FORCE)

    def for_list(self):
        return self.annotate(item_count=models.Count("items")).order_by("-date", "-id")


class Order(MunicipalModel):
    """An order (приказ): creates, renames and closes associations, appoints leaders.

    The number is a string as printed, for example 199/01-03.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("order", "draft")
        IN_FORCE = "in_force", pgettext_lazy("order", "in force")

    number = models.CharField(_("number"), max_length=40)
    date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    file = models.FileField(_("file of the order"), upload_to="orders/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number", "date"], name="communities_order_once"
            )
        ]

    def __str__(self):
        return f"№\N{NO-BREAK SPACE}{self.number}"

    def get_absolute_url(self):
        return reverse("communities:order-detail", args=[self.pk])


class OrderItem(models.Model):
    """One thing an order does to one association from a day on."""

    class Action(models.TextChoices):
        CREATE = "create", pgettext_lazy("order item", "create")
        RENAME = "rename", pgettext_lazy("order item", "rename")
        CLOSE = "close", pgettext_lazy("order item", "close")
        APPOINT_LEADER = "appoint_leader", pgettext_lazy("order item", "appoint the leader")
        APPOINT_SECRETARY = "appoint_secretary", pgettext_lazy("order item", "appoint secretary")
        DISMISS = "dismiss", pgettext_lazy("order item", "dismiss")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="items")
    action = models.CharField(max_length=20, choices=Action)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField()

    class Meta:
        ordering = ["effective_on", "order__date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    action__in=["appoint_leader", "appoint_secretary", "dismiss"],
                    person__isnull=False,
                )
                | (
                    ~models.Q(action__in=["appoint_leader", "appoint_secretary", "dismiss"])
                    & models.Q(person=None)
                ),
                name="communities_item_person",
            )
        ]

    def __str__(self):
        return self.get_action_display()


class MembershipQuerySet(models.QuerySet):
    def in_force(self, day):
        """Terms that run on the day; nobody is a member of an association that has closed."""
        return self.filter(
            models.Q(starts_on__lte=day),
            models.Q(ends_on=None) | models.Q(ends_on__gte=day),
            models.Q(association__closed_on=None) | models.Q(association__closed_on__gt=day),
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(municipality_id=user.municipality_id)


class Membership(MunicipalModel):
    """A person in an association for a term; leaders and secretaries come from orders only."""

    class Role(models.TextChoices):
        LEADER = "leader", pgettext_lazy("membership", "leader")
        SECRETARY = "secretary", pgettext_lazy("membership", "secretary")
        MEMBER = "member", pgettext_lazy("membership", "member")

    class Source(models.TextChoices):
        ORDER = "order", pgettext_lazy("membership source", "by order")
        WISH = "wish", pgettext_lazy("membership source", "by own wish")
        POST = "post", pgettext_lazy("membership source", "by post")

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="memberships"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    source = models.CharField(max_length=10, choices=Source, default=Source.WISH)
    item = models.ForeignKey(
        OrderItem, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    left_because = models.CharField(max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "person", "role"],
                condition=models.Q(ends_on=None),
                name="communities_membership_open_once",
            ),
            models.UniqueConstraint(
                fields=["association"],
                condition=models.Q(ends_on=None, role="leader"),
                name="communities_membership_one_leader",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="communities_membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(role="member") | models.Q(item__isnull=False),
                name="communities_membership_leader_by_order",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "association"])]

    def __str__(self):
        return f"{self.person_id} @ {self.association_id}"
