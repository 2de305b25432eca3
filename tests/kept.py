"""Rows that many tests begin with, written again as they were: faster than made anew."""

from django.apps import apps
from django.db import connection
from django.db.models import GeneratedField
from psycopg import sql

from communities import models as communities
from communities.models.base import DictionaryRow

FOUND = """SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY id), '[]')::text
FROM {table} t WHERE id = ANY(%s)"""
AGAIN = """INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})"""
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
    with connection.cursor() as cursor:
        cursor.execute(rows)


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
