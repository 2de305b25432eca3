import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from network_portal import checks
from network_portal.embedded.processes import ServerError


@pytest.mark.django_db
def test_server_that_reads_russian_passes(capsys):
    call_command("check", databases=["default"])
    assert "no issues" in capsys.readouterr().out


@pytest.mark.django_db
def test_server_blind_for_cyrillic_stops_a_migration(monkeypatch):
    def blind(connection):
        raise ServerError("does not know Cyrillic letters")

    monkeypatch.setattr(checks, "check_trigrams", blind)
    with pytest.raises(SystemCheckError, match="E001"):
        call_command("migrate", skip_checks=False, verbosity=0)


def test_check_without_a_database_asks_none():
    assert checks.search_knows_cyrillic(databases=None) == []
