"""The labels a new municipality starts with, read from `defaults.toml` of each app."""

import tomllib
from pathlib import Path

from django.apps import apps


def create_defaults(municipality, app_label):
    """Create the dictionary rows of one app that the municipality does not have yet."""
    app = apps.get_app_config(app_label)
    tables = tomllib.loads(Path(app.path, "defaults.toml").read_text(encoding="utf-8"))
    for model_name, rows in tables.items():
        model = app.get_model(model_name)
        model.objects.bulk_create(
            (
                model(municipality=municipality, position=place, **row)
                for place, row in enumerate(_as_rows(rows))
            ),
            ignore_conflicts=True,
        )


def _as_rows(rows):
    """A table of rows, or the short form `code = "label"`."""
    if isinstance(rows, dict):
        return [{"code": code, "label": label} for code, label in rows.items()]
    return rows
