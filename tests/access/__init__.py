"""The access matrix as data: every named page, who may open it, what the others get."""

import dataclasses
from collections.abc import Callable

ROLES = (
    "guest",
    "teacher",
    "leader",
    "coordinator",
    "methodist",
    "head",
    "operator",
    "neighbour",
)
SIGNED_IN = ROLES[1:-1]
LOGIN = 302  # a guest is sent to the sign-in page
OWN = frozenset(SIGNED_IN)


@dataclasses.dataclass(frozen=True)
class Page:
    """One named URL. Roles in `allow` get `status`; others of the municipality get `deny`.

    `args` builds the address from the world; a guest outside `allow` is sent to sign in; the
    neighbour gets `neighbour` (404 for anything that names an object of the municipality).
    `but` overrides single roles: {"head": 404}. `shared` marks an address that shows its object
    to every municipality, such as the public check of a paper or the link of an invitation.
    """

    allow: str
    title: str
    args: Callable = lambda world: []
    method: str = "get"
    data: Callable = lambda world: {}
    query: str = ""
    status: int = 200
    deny: int = 403
    neighbour: int = 404
    but: dict = dataclasses.field(default_factory=dict)
    shared: bool = False

    def expected(self, role):
        if role in self.but:
            return self.but[role]
        allowed = {"all": ROLES, "signed-in": SIGNED_IN}.get(self.allow, self.allow.split())
        if role == "neighbour":
            return self.neighbour
        if role in allowed:
            return self.status
        return LOGIN if role == "guest" else self.deny
