"""A search need not read all texts."""

from typing import Any

from django.db import migrations

from decisions import textindex


def make(_apps: Any, editor: Any) -> None:
    textindex.make(editor)


def remove(_apps: Any, editor: Any) -> None:
    textindex.remove(editor)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0007_absence")]

    operations = [migrations.RunPython(make, remove)]
