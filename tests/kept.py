"""What many tests begin with, copied as it was: faster than made anew."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import GeneratedField
from psycopg import sql

from communities import models as communities
from communities.models.base import DictionaryRow
from network_portal.embedded.processes import Lock, wait_until

FOUND = """SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY id), '[]')::text
FROM {table} t WHERE id = ANY(%s)"""
AGAIN = """INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})"""
AS_COPY = "SET session_replication_role = replica"
AS_USUAL = "SET session_replication_role = DEFAULT"
CAST = (
    communities.Organization,
    communities.User,
    communities.Association,
    communities.Employment,
    communities.RoleGrant,
    communities.Order,
    communities.OrderItem,
    communities.Membership,
)


def copy_database(folder, process):
    """Connect to a copy of the migrated database; whoever comes first migrates it."""
    lock, migrated = Lock(folder / "migrated.lock"), folder / "migrated"
    assert wait_until(lock.acquire, 120)
    try:
        if migrated.exists():
            connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["NAME"]
        else:  # or somebody failed at it half-way
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            migrated.touch()
        connection.creation.clone_test_db(process, verbosity=0)
    finally:
        lock.release()
    connection.settings_dict.update(connection.creation.get_test_db_clone_settings(process))


def session_of(person):
    """The key of a new session, as a sign-in leaves it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def labels():
    """A municipality and its dictionaries."""
    dictionaries = [model for model in apps.get_models() if issubclass(model, DictionaryRow)]
    return [communities.Municipality, *dictionaries]


def rows_of(models, *municipalities):
    """SQL that writes the rows of these municipalities once more, numbers included."""
    with connection.cursor() as cursor:
        again = [_rows(cursor, model, municipalities) for model in models]
        return sql.SQL(";").join(again).as_string(cursor.connection)


def write(rows):
    """In this role the server does not look up each reference: it did when they were made."""
    with connection.cursor() as cursor:
        cursor.execute(f"{AS_COPY}; {rows}; {AS_USUAL}")


def _rows(cursor, model, municipalities):
    path = {communities.Municipality: "pk", communities.OrderItem: "order__municipality"}
    ours = model._default_manager.filter(
        **{f"{path.get(model, 'municipality')}__in": [one.pk for one in municipalities]}
    )
    table = sql.Identifier(model._meta.db_table)
    found = sql.SQL(FOUND).format(table=table)
    cursor.execute(found.as_string(cursor.connection), [list(ours.values_list("pk", flat=True))])
    stored = [f for f in model._meta.concrete_fields if not isinstance(f, GeneratedField)]
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in stored)
    rows = sql.Literal(cursor.fetchone()[0])
    return sql.SQL(AGAIN).format(table=table, columns=columns, rows=rows)
