"""The one way in which anything is written: one transaction, and on SQLite one writer at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# SQLite's own waiting polls with sleeps and starves some writers; a lock in front of it does not.
_one_writer = threading.RLock()


@contextmanager
def writing() -> Iterator[None]:
    if connection.vendor == "sqlite":
        with _one_writer, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield
