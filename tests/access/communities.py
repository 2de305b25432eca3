"""Pages of the app communities: see `tests.access`."""

from tests.access import Page

PAGES: dict[str, Page] = {
    "communities:view-settings": Page("all", "The look", neighbour=200),
    "communities:view-settings post": Page(
        "all",
        "Change the look",
        method="post",
        data=lambda world: {"size": "l"},
        status=302,
        neighbour=302,
    ),
    "communities:page-help": Page("all", "Help", neighbour=200),
    "communities:page-accessibility": Page("all", "Accessibility", neighbour=200),
    "communities:page-privacy": Page("all", "Personal data", neighbour=200),
    "communities:gallery": Page(
        "methodist operator", "Gallery of components", neighbour=200, shared=True
    ),
    "communities:gallery-confirm": Page("methodist operator", "A sample question", neighbour=200),
}

_association = {"args": lambda world: [world.association.slug]}
_organization = {"args": lambda world: [world.organization.slug]}
_order = {"args": lambda world: [world.order.pk]}
_draft = {"args": lambda world: [world.draft_order.pk]}
_task = {"args": lambda world: [world.assignment.pk]}
_job = {"args": lambda world: [world.job.pk], "deny": 404}
_post = {"method": "post", "status": 302}

# A draft of an order is the department's business: the others do not know of it.
_HIDDEN = dict.fromkeys(("teacher", "leader", "coordinator", "operator"), 404)

PAGES |= {
    "communities:organization-list": Page("all", "Organizations", neighbour=200),
    "communities:organization-detail": Page("all", "An organization", **_organization),
    "communities:organization-new": Page("methodist", "New organization", neighbour=200),
    "communities:organization-edit": Page("methodist", "Edit an organization", **_organization),
    "communities:organization-group-add": Page(
        "methodist", "Online community of an organization", **_organization
    ),
    "communities:association-list": Page("all", "Associations", neighbour=200),
    "communities:association-detail": Page("all", "An association", **_association),
    "communities:association-edit": Page("leader methodist", "Edit an association", **_association),
    "communities:association-join": Page(
        "signed-in", "Join an association", **_association, **_post
    ),
    "communities:association-leave": Page(
        "signed-in", "Leave an association", **_association, **_post
    ),
    "communities:member-add": Page("leader methodist", "Add a member", **_association),
    "communities:member-end": Page(
        "leader methodist",
        "End a membership",
        args=lambda world: [world.association.slug, world.membership.pk],
    ),
    "communities:association-group-add": Page(
        "leader methodist", "Online community of an association", **_association
    ),
    "communities:group-edit": Page(
        "leader methodist",
        "Edit an online community",
        args=lambda world: [world.online_community.pk],
    ),
    "communities:person-options": Page(
        "signed-in", "Suggested names", query="?person=Учителева", neighbour=200
    ),
    "communities:order-list": Page("signed-in", "Orders", neighbour=200),
    "communities:order-new": Page("methodist", "New order", neighbour=200),
    "communities:order-next-year": Page(
        "methodist", "Order for the next school year", neighbour=200
    ),
    "communities:order-detail": Page("signed-in", "An order", **_order),
    "communities:order-detail draft": Page(
        "methodist head", "Read a draft order", **_draft, deny=404
    ),
    "communities:order-file": Page("signed-in", "File of an order", **_order),
    "communities:order-edit": Page("methodist", "Edit a draft order", **_draft, but=_HIDDEN),
    "communities:order-delete": Page("methodist", "Delete a draft order", **_draft, but=_HIDDEN),
    "communities:order-put-in-force": Page(
        "methodist", "Put an order in force", **_draft, but=_HIDDEN
    ),
    "communities:order-put-in-force post": Page(
        "methodist", "Do put an order in force", **_draft, **_post, but=_HIDDEN
    ),
    "communities:order-item-add": Page(
        "methodist",
        "Add an item to a draft order",
        args=lambda world: [world.draft_order.pk, "appoint_leader"],
        but=_HIDDEN,
    ),
    "communities:order-item-remove": Page(
        "methodist",
        "Remove an item of a draft order",
        args=lambda world: [world.draft_order.pk, world.draft_order.items.get().pk],
        **_post,
        but=_HIDDEN,
    ),
    "communities:task-list": Page("signed-in", "Assignments", neighbour=200),
    "communities:task-start": Page(
        "teacher methodist", "Start an assignment", **_task, **_post, deny=404, but={"head": 403}
    ),
    "communities:task-complete": Page(
        "teacher methodist", "Complete an assignment", **_task, deny=404, but={"head": 403}
    ),
    "communities:task-complete post": Page(
        "teacher methodist", "Mark a task as done", **_task, **_post, deny=404, but={"head": 403}
    ),
    "communities:task-reopen": Page(
        "teacher methodist", "Reopen an assignment", **_task, **_post, deny=404, but={"head": 403}
    ),
    "communities:job-detail": Page("teacher", "Progress of a job", **_job),
    "communities:job-retry": Page("teacher", "Retry a failed job", **_job, **_post),
}

KEEPERS = "methodist operator"
PEOPLE_KEEPERS = "coordinator methodist operator"


def teacher(world):
    return [world.people.teacher.pk]


def nobody_yet(world):
    """A record without an account, of the organization of the cast."""
    return [world.person_without_account.pk]


def work(world):
    return [world.people.teacher.employments.get().pk]


def grant(world):
    return [world.people.methodist.role_grants.get().pk]


def agency(world):
    from communities.models import Agency

    row = Agency.objects.get(municipality=world.municipality, code="education")
    return ["communities-agency", row.pk]


def batch(world):
    return [world.import_batch.pk]


# A neighbour is a methodist too: lists and empty forms are of the own municipality.
PAGES |= {
    "communities:invitation": Page(
        "all",
        "Claim the record",
        args=lambda world: [world.invited_person.token],
        neighbour=200,
        shared=True,
    ),
    "communities:invitation refused": Page(
        "all",
        "Claim a record by a wrong link",
        args=lambda world: ["no-such-token"],
        status=410,
        neighbour=410,
    ),
    "communities:manage": Page(KEEPERS, "Management", neighbour=200),
    "communities:person-list": Page(PEOPLE_KEEPERS, "People", neighbour=200),
    "communities:person-new": Page(PEOPLE_KEEPERS, "New record", neighbour=200),
    "communities:person-edit": Page(PEOPLE_KEEPERS, "A record", args=teacher),
    "communities:person-invite": Page(PEOPLE_KEEPERS, "Invite a person", args=nobody_yet),
    "communities:person-account": Page(
        "operator",
        "Close an account",
        args=lambda world: [world.people.teacher.pk, "close"],
        method="post",
        status=302,
    ),
    "communities:employment-new": Page(PEOPLE_KEEPERS, "New place of work", args=teacher),
    "communities:employment-edit": Page(PEOPLE_KEEPERS, "Place of work", args=work),
    "communities:role-list": Page(KEEPERS, "Roles", neighbour=200),
    "communities:role-new": Page("operator", "Give a role", args=teacher),
    "communities:role-end": Page("operator", "End a role", args=grant),
    "communities:municipality": Page("operator", "The municipality and its head", neighbour=403),
    "communities:audit-list": Page(KEEPERS, "Journal", neighbour=200),
    "communities:dictionary-list": Page(KEEPERS, "Labels", neighbour=200),
    "communities:dictionary-detail": Page(
        KEEPERS, "Labels of one kind", args=lambda world: ["communities-agency"], neighbour=200
    ),
    "communities:dictionary-row-new": Page(
        KEEPERS, "New label", args=lambda world: ["communities-agency"], neighbour=200
    ),
    "communities:dictionary-row": Page(KEEPERS, "A label", args=agency),
    "communities:import-list": Page("methodist", "Import of people", neighbour=200),
    "communities:import-detail": Page("methodist", "Preview of an import", args=batch, deny=404),
    "communities:import-errors": Page("methodist", "Errors of a list", args=batch, deny=404),
    "communities:import-columns": Page(
        "methodist", "Columns of a list", args=batch, method="post", deny=404
    ),
    "communities:import-apply": Page(
        "methodist", "Apply an import", args=batch, method="post", status=302, deny=404
    ),
    "communities:import-undo": Page(
        "methodist", "Ask before undoing an import", args=batch, deny=404
    ),
    "communities:import-undo post": Page(
        "methodist", "Undo an import", args=batch, method="post", status=302, deny=404
    ),
}
