"""Who is being told goes first: while something goes out to many sockets, no thread begins anything new."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOMENT = 0.01  # seconds that a thread gives way at most, so that it gets on even where something always goes out


class Precedence:
    """`going_out` round what the loop sends, on the loop alone; `give_way` in a thread, before it begins. `under_way`:
    how much goes out just now.

    Loop and threads share Python's lock, half and half: whatever a thread reckons meanwhile, all who are still to be
    told wait for.
    """

    def __init__(self) -> None:
        self.under_way = 0
        self._nothing_goes_out = threading.Event()
        self._nothing_goes_out.set()

    @contextmanager
    def going_out(self) -> Iterator[None]:
        self.under_way += 1
        self._nothing_goes_out.clear()
        try:
            yield
        finally:
            self.under_way -= 1
            if not self.under_way:
                self._nothing_goes_out.set()

    def give_way(self) -> None:
        self._nothing_goes_out.wait(MOMENT)


precedence = Precedence()
