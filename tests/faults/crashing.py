"""The server, killed by itself with SIGKILL at a named point: `RONDO_CRASH_AT=before_commit:17`, at the 17th arrival.

It stands beside the product and not in it: what is shipped knows of no such point.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from config import server, wsgi
from decisions import access, store, submit
from notices import delivery

POINTS = (
    "after_lock",
    "after_insert",
    "before_commit",
    "after_commit",
    "before_response",
    "before_notify",
    "in_outbox",
)
POINT, _, ARRIVAL = os.environ.get("RONDO_CRASH_AT", "").partition(":")

_left = int(ARRIVAL or 1)
_guard = threading.Lock()
_mine = threading.local()


def arrive(point: str) -> None:
    global _left  # noqa: PLW0603 - one count for the process, which is the thing that ends
    if point != POINT:
        return
    with _guard:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def around(holder: Any, name: str, before: str = "", after: str = "", then: Callable[[Any], bool] = bool) -> None:
    """Arrives at the one point before a function is called, at the other where its result is one that counts."""
    inner = getattr(holder, name)

    @wraps(inner)
    def outer(*args: Any, **kwargs: Any) -> Any:
        if before:
            arrive(before)
        result = inner(*args, **kwargs)
        if after and then(result):
            arrive(after)
        return result

    setattr(holder, name, outer)


def note_that_a_command_is_written() -> None:
    """A commit, and an answer, count where an entry was made since the last one of this thread."""
    wrapper: Any = BaseDatabaseWrapper
    record, commit, app = store.record, wrapper._commit, wsgi.application

    def recorded(*args: Any, **kwargs: Any) -> Any:
        made = record(*args, **kwargs)
        _mine.written = True
        arrive("after_insert")
        return made

    def committed(connection: Any) -> Any:
        written, _mine.written = getattr(_mine, "written", False), False
        if written:
            arrive("before_commit")
        commit(connection)
        if written:
            _mine.told = True
            arrive("after_commit")

    def answered(environ: Any, start: Any) -> Any:
        _mine.written = _mine.told = False
        body = app(environ, start)
        if _mine.told:
            arrive("before_response")
        return body

    store.record, wrapper._commit, wsgi.application = recorded, committed, answered


def main() -> int:
    around(access, "locked_for", after="after_lock")
    around(submit, "_tell", before="before_notify")
    around(delivery, "claim", after="in_outbox")
    note_that_a_command_is_written()
    return server.main()


if __name__ == "__main__":
    sys.exit(main())
