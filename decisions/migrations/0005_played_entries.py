"""Marks the entries of decisions that are only played, and lets the database's own rules delete these alone."""

from typing import Any

from django.db import migrations, models

from decisions.append_only import statements


def put_up(_apps: Any, editor: Any) -> None:
    _run(editor, on=True)


def put_up_as_before(_apps: Any, editor: Any) -> None:
    _run(editor, on=True, at_first=True)


def take_down(_apps: Any, editor: Any) -> None:
    _run(editor, on=False)


def _run(editor: Any, **which: bool) -> None:
    for statement in statements(editor.connection.vendor, **which):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_screens")]
    operations = [
        migrations.RunPython(take_down, put_up_as_before),
        migrations.AddField("journalentry", "played", models.BooleanField(default=False)),
        migrations.RunPython(put_up, take_down),
    ]
