"""On PostgreSQL what was played goes by a function, so that the processes' account need not be able to delete entries."""

from typing import Any

from django.db import migrations

from decisions import append_only


def put_up(_apps: Any, editor: Any) -> None:
    _run(editor, append_only.PLAYED_MAY_GO)


def take_down(_apps: Any, editor: Any) -> None:
    _run(editor, append_only.PLAYED_STAYS)


def _run(editor: Any, statements: list[str]) -> None:
    for statement in statements if editor.connection.vendor == "postgresql" else []:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0010_what_is_asked")]
    operations = [migrations.RunPython(put_up, take_down)]
