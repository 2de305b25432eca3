"""Models of WHO, one module per subject, imported from here."""

from communities.models.associations import (
    Association,
    AssociationKind,
    Membership,
    Order,
    OrderItem,
)
from communities.models.base import DecisionModel, DictionaryRow, MunicipalModel
from communities.models.municipality import Municipality
from communities.models.organizations import (
    Agency,
    OnlineCommunity,
    Organization,
    OrganizationAlias,
    OrganizationKind,
)
from communities.models.papers import (
    Assignment,
    AuditEntry,
    ImportBatch,
    Job,
    Letter,
    Seal,
    SentForm,
)
from communities.models.people import (
    Employment,
    Invitation,
    QualificationCategory,
    Role,
    RoleGrant,
    Subject,
    User,
)

__all__ = [
    "Agency",
    "Assignment",
    "Association",
    "AssociationKind",
    "AuditEntry",
    "DecisionModel",
    "DictionaryRow",
    "Employment",
    "ImportBatch",
    "Invitation",
    "Job",
    "Letter",
    "Membership",
    "MunicipalModel",
    "Municipality",
    "OnlineCommunity",
    "Order",
    "OrderItem",
    "Organization",
    "OrganizationAlias",
    "OrganizationKind",
    "QualificationCategory",
    "Role",
    "RoleGrant",
    "Seal",
    "SentForm",
    "Subject",
    "User",
]
