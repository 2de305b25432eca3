"""System checks of the wiring, run by `migrate` and `check --database default`."""

from django.core.checks import Error, Tags, register
from django.db import connections

from network_portal.embedded.postgres import check_trigrams
from network_portal.embedded.processes import ServerError


@register(Tags.database)
def search_knows_cyrillic(databases=None, **kwargs):
    """A server made with the wrong locale finds no misspelt Russian word, and says nothing."""
    return [error for alias in databases or [] for error in _errors(connections[alias])]


def _errors(connection):
    connection.ensure_connection()
    try:
        check_trigrams(connection.connection)
    except ServerError as error:
        hint = "Make the cluster with POSTGRES_INITDB_ARGS of docker-compose.yml."
        yield Error(str(error), hint=hint, id="network_portal.E001")
