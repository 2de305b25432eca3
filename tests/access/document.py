"""`docs/access.md`: who may see and do what, written from the matrix and the rules."""

from pathlib import Path

import rules

from communities.access import Guest, can
from tests.access import LOGIN, ROLES
from tests.access.matrix import PAGES, is_public, name_of, named_urls, rows_of
from tests.access.samples import ASKED_ABOUT, SAMPLES

PATH = Path(__file__).resolve().parents[2] / "docs" / "access.md"
APPS = ("communities", "events", "materials", "attestation")
VIEWS = {name: view for name, view, _address in named_urls()}
HEAD = """\
# Who may see and do what

Written by `make access` from the code and compared with it by `make test`; do not edit by hand.

- `guest` has not signed in; `neighbour` is the methodist of another municipality; the other
  roles belong to the municipality of the object. One person may hold several roles.
- **yes**: the page opens or the action is done. **sign in**: the reader is led to the sign-in
  page; **led on**: to the page that fits, such as away from signing in. **403**: refused, the
  page says who may grant it. **404**: for this person the object does not exist. A number is the
  HTTP status of another answer.
- The sample behind a row: the teacher is a member of the association, the leader leads it, the
  coordinator is in charge of the organization where these three work.
"""


def document(world, mirror) -> str:
    """The whole file; `mirror` is the same world of the municipality next door.

    Permissions are measured first: an address may want its event drafted or cancelled.
    """
    measured = list(permissions(world, mirror))
    parts = [HEAD, *public_pages()]
    for app in ("", *APPS):
        parts += pages_of(app, world)
    return "\n".join([*parts, *measured]) + "\n"


def public_pages():
    """Read from the views themselves: what they show is cut by `visible_to`."""
    yield "## Public pages\n"
    yield "Open to everybody without signing in. This is the whole list: any other page asks to"
    yield "sign in first. What stands on a page is cut further to what the reader may see.\n"
    pages = sorted((address, name) for name, view, address in named_urls() if is_public(view))
    yield from table(
        ("address", "page"), [(spell(address), title(name)) for address, name in pages]
    )


def pages_of(app, world):
    """The matrix of one app, in the order of its addresses."""
    keys = [key for key in PAGES if app == (key.partition(":")[0] if ":" in key else "")]
    shown = {key: route(key, world) for key in keys}
    keys.sort(key=lambda key: (shown[key], PAGES[key].method, key))
    yield f"\n## Pages: {app or 'signing in and health'}\n"
    rows = [
        (
            PAGES[key].title,
            f"{PAGES[key].method.upper()} {spell(shown[key])}",
            *(answer(key, role) for role in ROLES),
        )
        for key in keys
    ]
    yield from table(("page", "address", *ROLES), rows)


def route(key, world):
    """The address as the code spells it; of several under one name, that with as many parts."""
    parts = len(PAGES[key].args(world))
    found = [address for name, _view, address in named_urls() if name == name_of(key)]
    return next((one for one in found if one.count("<") == parts), found[0])


def answer(key, role):
    """One cell of the matrix."""
    page, closed = PAGES[key], not is_public(VIEWS[name_of(key)])
    status = page.expected(role)
    if status == LOGIN and role == "guest" and closed:
        return "sign in"
    if status == 302 and page.method == "get":
        return "led on"
    return "yes" if status == page.status and status < 400 else str(status)


def permissions(world, mirror):
    """Each rule, asked for every role about a sample of the own municipality and a foreign one."""
    yield "\n## Permissions\n"
    yield "Measured by asking each rule about a sample. `neighbour` stands before an object of this"
    yield "municipality; the last column names those who would be allowed with the same object of"
    yield "another one. Pages look rows up through `visible_to` first, so a foreign object is 404"
    yield "before any rule is asked.\n"
    rows = [
        (
            f"`{permission}`",
            sample,
            *(yes_or_no(world, role, permission, sample) for role in ROLES),
            foreign(world, mirror, permission, sample),
        )
        for permission in sorted(rules.permissions.permissions)
        for sample in ASKED_ABOUT[permission]
    ]
    yield from table(("permission", "asked about", *ROLES, "foreign object"), rows)


def yes_or_no(world, role, permission, sample):
    return "yes" if may(world, role, permission, SAMPLES[sample](world)) else "–"


def foreign(world, mirror, permission, sample):
    """Who of our people passes the rule with an object of the neighbour."""
    thing = SAMPLES[sample](mirror)
    if thing is None:
        return ""
    own = [role for role in ROLES if role != "neighbour"]
    return ", ".join(role for role in own if may(world, role, permission, thing)) or "nobody"


def may(world, role, permission, thing):
    person = Guest(world.municipality) if role == "guest" else getattr(world.people, role)
    return can(person, permission, thing)


def title(name):
    """What a row that opens to a guest calls the page, else the first."""
    rows = rows_of(name)
    return next((page for page in rows if page.expected("guest") == page.status), rows[0]).title


def spell(address):
    return f"`{address}`"


def table(heads, rows):
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"
