"""As whom the database is asked: by the account of the processes, or by the one that owns the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Meanwhile this thread's connection is the owner's, where the surroundings name one; else it stays as it is."""
    used = connection.settings_dict
    owner = {**used, **settings.RONDO_OWNER}
    if owner == used:
        yield
        return
    connection.close()
    connection.settings_dict = owner
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = used
