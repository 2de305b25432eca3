"""What people say of themselves: subjects, grades, contacts. Names and posts are kept for them."""

from django.db import transaction

from communities import audit

FIELDS = ("grades", "contact_email", "contact_phone")


@transaction.atomic
def change_profile(person, *, subjects, actor, **fields):
    """Save what the person said; subjects belong to the main place of work, if there is one."""
    changed = [name for name in FIELDS if getattr(person, name) != fields[name]]
    for name in changed:
        setattr(person, name, fields[name])
    person.save(update_fields=changed)
    work = person.main_employment
    if work is not None and set(work.subjects.all()) != set(subjects):
        work.subjects.set(subjects)
        changed.append("subjects")
    if changed:
        audit.record("person.profile", person, actor=actor, fields=changed)
    return changed
