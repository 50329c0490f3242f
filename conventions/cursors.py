"""A cursor of Django for what is asked without anybody looking on: the same answers and errors, with less between."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper


class ShortCursor(CursorWrapper):
    """Django looks after errors before each statement and each answer; here it is asked to when there is one."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        if params is None or self.db.execute_wrappers:
            return super().execute(sql, params)
        return self._ask(sql, params)

    def _ask(self, sql: Any, params: Any) -> Any:
        self.db.validate_no_broken_transaction()
        try:
            return self.cursor.execute(sql, params)
        except self.db.Database.Error:
            with self.db.wrap_database_errors:
                raise

    def fetchall(self) -> Any:
        try:
            return self.cursor.fetchall()
        except self.db.Database.Error:
            with self.db.wrap_database_errors:
                raise
