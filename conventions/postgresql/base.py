"""The driver of Django for PostgreSQL, with two things less to do for a command.

Django writes the values into each statement, so that PostgreSQL reads and plans it anew every time. Through a cursor of
its own the values of the hot ones go beside it, and a statement that comes again is prepared: a connection keeps a
hundred of them. That is a quarter of what a command costs (`bench commands`).

Django asks a connection whether it lives before each request. One that said so a moment ago is believed.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.db.backends.postgresql import base

from conventions.cursors import ShortCursor

SEEN = 2  # times that a statement was asked before it is prepared
BELIEVED = 1.0  # seconds after it was opened or asked; a database that went away is hardly back within them


class DatabaseWrapper(base.DatabaseWrapper):
    turned_away = False
    """Whether the server had no connection for this thread when it last asked for one."""
    _believed_until = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.turned_away = True
        line = super().get_new_connection(conn_params)
        self.turned_away = False
        line.prepare_threshold = SEEN
        return line

    def remembering_cursor(self) -> Any:
        """One whose statements PostgreSQL remembers, with values that go beside them."""
        self.ensure_connection()
        bind: Any = base.ServerBindingCursor
        return ShortCursor(bind(self.connection), self)

    def close_if_unusable_or_obsolete(self) -> None:
        """Before and after each request. Only what answered in between renews the belief."""
        answered: bool = self.health_check_done  # type: ignore[attr-defined]
        super().close_if_unusable_or_obsolete()
        if answered:
            self._believed_until = monotonic() + BELIEVED

    def close_if_health_check_failed(self) -> None:
        # Never within a transaction, nor at its end: who opens another connection there has lost what it began with.
        if monotonic() >= self._believed_until and self.autocommit:
            super().close_if_health_check_failed()
