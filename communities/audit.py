"""The journal: one line per change, written by name in the transaction of the change."""

from communities.models import AuditEntry


def record(action, obj, *, actor, **data):
    """Append `action` ("material.publish") on `obj`; `data` holds ids and codes only."""
    municipality_id = getattr(obj, "municipality_id", None) or obj.pk
    return AuditEntry.objects.create(
        municipality_id=municipality_id,
        actor=actor if actor is not None and actor.pk else None,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        data=data,
    )
