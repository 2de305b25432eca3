"""Who may do what: the questions `can` and `require`, and the guest of a municipality."""

import rules
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied


class Guest(AnonymousUser):
    """A reader without an account: sees the public rows of one municipality."""

    # Nobody's key: whoever asks whether a row without an owner is the reader's gets a no.
    id = pk = 0
    is_methodist = is_head = is_operator = is_department = False
    led_association_ids = association_ids = coordinated_organization_ids = frozenset()

    def __init__(self, municipality):
        self.municipality = municipality

    @property
    def municipality_id(self):
        return self.municipality.pk if self.municipality else None


def can(user, permission, obj=None):
    """Whether the rule allows it. `has_perm` is not asked: it says yes to every superuser."""
    return rules.has_perm(permission, user, obj)


def require(user, permission, obj=None):
    """Raise `PermissionDenied` (403) unless the rule allows it."""
    if not can(user, permission, obj):
        raise PermissionDenied(permission)
