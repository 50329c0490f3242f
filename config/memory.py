"""What the allocator of C is told before there are threads."""

from __future__ import annotations

import ctypes
from contextlib import suppress

ARENAS = -8  # M_ARENA_MAX of glibc's malloc.h


def share_one_heap() -> None:
    """One heap for all threads. With one for each, what a thread has freed no other uses, and a server that runs for
    days holds more and more that nobody needs (R18 measures it). Nothing where the allocator is not glibc's."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENAS, 1)
