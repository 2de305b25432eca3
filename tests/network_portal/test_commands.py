"""Every command of ours starts from a shell: `call_command` would not notice all that breaks."""

from pathlib import Path

import pytest
from django.core.management import ManagementUtility, get_commands

APPS = ("communities", "events", "materials", "attestation", "network_portal")
COMMANDS = sorted(name for name, app in get_commands().items() if app in APPS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_keeps_what_it_inherits(name):
    command = ManagementUtility().fetch_command(name)
    assert {"check", "execute", "run_from_argv"}.isdisjoint(vars(type(command)))
    assert command.help


def test_the_readme_names_only_commands_that_exist():
    """Also those for a backup, which nobody tries before the day they are needed."""
    root = Path(__file__).resolve().parents[2]
    for page in ("README.md", "README.ru.md", "docs/guide-operator.md"):
        words = (root / page).read_text(encoding="utf-8").split("manage.py ")[1:]
        named = {text.split()[0].strip("`,;") for text in words}
        assert named - set(get_commands()) <= {"makemigrations"}, page
