"""An index over the texts of proposals, by groups of three letters, so that a search need not read them all.

PostgreSQL has it in `pg_trgm`, and uses it for what the ORM asks anyway. SQLite has a table of its own for it (FTS5),
which triggers keep, and which has to be asked by name; a migration that makes the table of revisions anew on SQLite
makes this one anew too. Used by the migration that makes it, and by `read`.
"""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.utils import OperationalError

TABLE, INDEX = "decisions_revision", "decisions_textindex"
TEXTS = ("title", "driver", "body")
SHORTEST = 3  # letters that a word must have to be in it
FOUND = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608 - names of our own tables

_columns = ", ".join(TEXTS)
_new = ", ".join(f"new.{one}" for one in TEXTS)
_old = ", ".join(f"old.{one}" for one in TEXTS)
_add = f"INSERT INTO {INDEX}(rowid, {_columns}) VALUES (new.id, {_new});"  # noqa: S608
_remove = f"INSERT INTO {INDEX}({INDEX}, rowid, {_columns}) VALUES ('delete', old.id, {_old});"  # noqa: S608

SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5({_columns}, content='{TABLE}', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON {TABLE} BEGIN {_add} END",
    f"CREATE TRIGGER {INDEX}_removed AFTER DELETE ON {TABLE} BEGIN {_remove} END",
    f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON {TABLE} BEGIN {_remove} {_add} END",
    f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",  # noqa: S608
)
SQLITE_OFF = (
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{what}" for what in ("added", "removed", "changed")),
    f"DROP TABLE IF EXISTS {INDEX}",
)
# As the ORM writes `icontains`, so that the planner knows it again.
POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    *(f"CREATE INDEX {INDEX}_{one} ON {TABLE} USING gin (UPPER({one}::text) gin_trgm_ops)" for one in TEXTS),
)
POSTGRES_OFF = tuple(f"DROP INDEX IF EXISTS {INDEX}_{one}" for one in TEXTS)


def make(editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "sqlite":
        _run(editor, POSTGRES)
    elif _can_be_made(editor):
        _run(editor, SQLITE)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, SQLITE_OFF if editor.connection.vendor == "sqlite" else POSTGRES_OFF)


def has_to_be_asked(word: str) -> bool:
    """Whether this word is found by `FOUND`, with its `phrase`; else it is for the ORM to look for it."""
    return len(word) >= SHORTEST and connection.vendor == "sqlite" and _is_there(str(connection.settings_dict["NAME"]))


def phrase(word: str) -> str:
    """A word as FTS5 takes it: as it is, whatever signs are in it."""
    return '"' + word.replace('"', '""') + '"'


@cache
def _is_there(_database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [INDEX])
        return cursor.fetchone() is not None


def _can_be_made(editor: BaseDatabaseSchemaEditor) -> bool:
    """Few builds of SQLite are without FTS5 and its groups of three letters: there, a search reads the texts."""
    try:
        with editor.connection.cursor() as cursor:
            cursor.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(text, tokenize='trigram')")
            cursor.execute("DROP TABLE temp.probe")
    except OperationalError:
        return False
    return True


def _run(editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
