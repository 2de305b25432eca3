"""Accounts of the demo's invented people and how they are told: `make demo` prints them too."""

PASSWORD = "demo-demo"  # noqa: S105  (known to everybody: demo accounts exist only in a demo)
NAMES = ("teacher", "leader", "coordinator", "methodist", "head", "operator", "neighbour")


def address(name):
    return f"{name}@demo.example"


def told():
    """What whoever starts a demo reads."""
    lines = [f"Accounts, password {PASSWORD} each:", *(f"  {address(name)}" for name in NAMES)]
    return "\n".join(lines)
