"""The driver of Django for SQLite, with one thing less to do for each statement.

SQLite calls the places of its values `?`, Django calls them `%s`, and rewrites every statement each time that it is
asked: that is a twentieth of what a command costs (`bench commands`). Here the hot ones are rewritten once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

LONG = 8192  # characters; a longer one, mostly with a list of ids in it, is not likely to come again


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that has seen most statements before."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is not None or len(query) > LONG:
            return str(super().convert_query(query, param_names=param_names))
        return _converted(query)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)


@lru_cache(maxsize=512)
def _converted(query: str) -> str:
    convert: Any = base.SQLiteCursorWrapper.convert_query
    return str(convert(None, query))
