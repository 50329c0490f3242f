"""The connection of a thread to its database, looked up once: Django asks three objects for it each time."""

from __future__ import annotations

import threading

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_here = threading.local()


def line() -> BaseDatabaseWrapper:
    """One object for as long as the thread lives, whatever becomes of what it is connected to."""
    try:
        found: BaseDatabaseWrapper = _here.line
    except AttributeError:
        found = _here.line = connections[DEFAULT_DB_ALIAS]
    return found
