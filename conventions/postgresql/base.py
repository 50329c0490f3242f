"""The driver of Django for PostgreSQL, with a cursor more, for the hot statements.

Django writes the values into each statement, so that PostgreSQL reads and plans it anew every time. Through this
cursor the values go beside it, and a statement that comes again is prepared: a connection keeps a hundred of them. That
is a quarter of what a command costs (`bench commands`).
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

SEEN = 2  # times that a statement was asked before it is prepared


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        line = super().get_new_connection(conn_params)
        line.prepare_threshold = SEEN
        return line

    def remembering_cursor(self) -> Any:
        """One whose statements PostgreSQL remembers, with values that go beside them."""
        self.ensure_connection()
        bind: Any = base.ServerBindingCursor
        return self.make_cursor(bind(self.connection))
