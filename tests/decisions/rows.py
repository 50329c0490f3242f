"""Every row that a decision or a team has, so that a test can say: nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from decisions.append_only import statements as rules

Rows = dict[str, list[tuple[Any, ...]]]


def everything() -> Rows:
    """All rows of decisions, teams and the outbox as they are in the database now."""
    models = [model for app in ("decisions", "teams", "notices") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def without_rules(*statements: str) -> None:
    """What somebody can do who may drop the journal's own rules. They stay down until the transaction is undone."""
    with owning() as cursor:
        for statement in (*rules(connection.vendor, on=False), *statements):
            cursor.execute(statement)


@contextmanager
def owning() -> Iterator[CursorWrapper]:
    """The tests' own connection with the rights of the owner of the tables, where the processes do not have them."""
    owner = settings.RONDO_OWNER.get("USER")
    with connection.cursor() as cursor:
        if owner:
            cursor.execute(f"SET ROLE {owner}")
        yield cursor
        if owner:  # what fails takes the role along when it is undone
            cursor.execute("RESET ROLE")
