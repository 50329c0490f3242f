"""Puts up the database's own rules for the journal."""

from typing import Any

from django.db import migrations

from decisions.append_only import statements


def put_up(_apps: Any, editor: Any) -> None:
    for statement in statements(editor.connection.vendor, on=True, at_first=True):
        editor.execute(statement, params=None)


def take_down(_apps: Any, editor: Any) -> None:
    for statement in statements(editor.connection.vendor, on=False):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_decisions")]
    operations = [migrations.RunPython(put_up, take_down)]
