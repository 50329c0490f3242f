"""The one way in which anything is written: one transaction, and on SQLite one writer at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import transaction

from conventions.line import line

# SQLite's own waiting polls with sleeps and starves some writers; a lock in front of it does not.
_one_writer = threading.RLock()
_here = threading.local()


class PassedOverError(Exception):
    """A part of what was written failed, and who called it went on as if it had not: a mistake of the programmer."""


@contextmanager
def writing() -> Iterator[None]:
    """Within another it is a part of it: what fails in it fails as a whole, and cannot be passed over."""
    if getattr(_here, "writing", False):
        with transaction.atomic(savepoint=False):
            yield
        return
    here = line()
    with _one_writer if here.vendor == "sqlite" else nullcontext(), transaction.atomic():
        _here.writing = True
        try:
            yield
        finally:
            _here.writing = False
        if here.needs_rollback:
            raise PassedOverError
