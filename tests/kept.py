"""A municipality's row and labels, written again as they were: they are many, and the same."""

import json

from django.apps import apps
from django.db import connection
from psycopg import sql

from communities.models import Municipality
from communities.models.base import DictionaryRow

REPEAT = "INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, {rows})"


def rows_of(municipality):
    """SQL that writes the municipality and its dictionaries once more, numbers included."""
    with connection.cursor() as cursor:
        found = [_rows(cursor, Municipality, "id", municipality)]
        found += [_rows(cursor, model, "municipality_id", municipality) for model in dictionaries()]
        return sql.SQL(";").join(found).as_string(cursor.connection)


def write(rows):
    with connection.cursor() as cursor:
        cursor.execute(rows)


def dictionaries():
    return [model for model in apps.get_models() if issubclass(model, DictionaryRow)]


def _rows(cursor, model, column, municipality):
    table, field = sql.Identifier(model._meta.db_table), sql.Identifier(column)
    query = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE {} = %s ORDER BY id").format(table, field)
    cursor.execute(query.as_string(cursor.connection), [municipality.pk])
    rows = [json.loads(row) for (row,) in cursor.fetchall()]
    text = json.dumps(rows, ensure_ascii=False)
    return sql.SQL(REPEAT).format(table=table, rows=sql.Literal(text))
