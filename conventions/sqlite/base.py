"""The driver of Django for SQLite, with less to do for each statement and each time.

SQLite calls the places of its values `?`, Django calls them `%s`, and rewrites every statement each time that it is
asked: that is a twentieth of what a command costs (`bench commands`). Here the hot ones are rewritten once. Times stand
as text in UTC: they are read once as long as they come again, and written without asking which zone is meant.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.utils.dateparse import parse_datetime

from conventions.cursors import ShortCursor

LONG = 8192  # characters; a longer one, mostly with a list of ids in it, is not likely to come again
KEPT = 4096  # times; the rows of an open proposal name the same ones in each command


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that has seen most statements before."""

    def execute(self, query: str, params: Any = None) -> Any:
        if type(params) is list and len(query) <= LONG:
            return sqlite3.Cursor.execute(self, _converted(query), params)
        return super().execute(query, params)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is not None or len(query) > LONG:
            return str(super().convert_query(query, param_names=param_names))
        return _converted(query)


class DatabaseOperations(operations.DatabaseOperations):
    def adapt_datetimefield_value(self, value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is UTC is self.connection.timezone:
            return value.isoformat(" ").removesuffix("+00:00")
        return super().adapt_datetimefield_value(value)

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        if type(value) is datetime and value.tzinfo is None and self.connection.timezone is UTC:
            return value.replace(tzinfo=UTC)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    transaction_mode: str | None

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def remembering_cursor(self) -> Any:
        """One for statements whose values stand beside them."""
        self.ensure_connection()
        return ShortCursor(self.create_cursor(), self)

    def _start_transaction_under_autocommit(self) -> None:
        if self.execute_wrappers or self.force_debug_cursor:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # its stubs leave it out
            return
        with self.wrap_database_errors:
            self.connection.execute(f"BEGIN {self.transaction_mode or ''}")


@lru_cache(maxsize=512)
def _converted(query: str) -> str:
    convert: Any = base.SQLiteCursorWrapper.convert_query
    return str(convert(None, query))


@lru_cache(maxsize=KEPT)
def _time(text: bytes) -> datetime | None:
    """As Django reads what stands in a column of times."""
    return parse_datetime(text.decode())


sqlite3.register_converter("datetime", _time)
