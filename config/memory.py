"""What a server holds: what the allocator of C is told before there are threads, and what need not be read at all."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

ARENAS = -8  # M_ARENA_MAX of glibc's malloc.h


def share_one_heap() -> None:
    """One heap for all threads. With one for each, what a thread has freed no other uses, and a server that runs for
    days holds more and more that nobody needs (R18 measures it). Nothing where the allocator is not glibc's."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENAS, 1)


POSTGRES = "django.contrib.postgres"


def leave_out_what_is_for_postgresql() -> None:
    """Django REST framework reads PostgreSQL's fields, and with them its driver, wherever they are installed: nine MiB
    that no other database needs. Told that they are not there, it does without."""
    sys.modules.setdefault(POSTGRES, None)  # type: ignore[arg-type]
