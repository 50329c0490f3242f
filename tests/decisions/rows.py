"""Every row that a decision or a team has, so that a test can say: nothing has changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from decisions.append_only import statements as rules

Rows = dict[str, list[tuple[Any, ...]]]


def everything() -> Rows:
    """All rows of decisions, teams and the outbox as they are in the database now."""
    models = [model for app in ("decisions", "teams", "notices") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def without_rules(*statements: str) -> None:
    """What somebody can do who may drop the journal's own rules. They stay down until the transaction is undone."""
    with connection.cursor() as cursor:
        for statement in (*rules(connection.vendor, on=False), *statements):
            cursor.execute(statement)
