"""What happens by the clock alone, done when its time comes: looked for every second, in a thread of its own.

Several processes may look at once: each proposal's lock lets one of them be first, and the others find nothing to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from . import read
from .submit import let_time_pass

EVERY = 1.0  # seconds
log = logging.getLogger("rondo.timer")


def once() -> int:
    """Does all that the clock has to do now. Returns in how many proposals."""
    woken = read.woken()
    for proposal in woken:
        let_time_pass(proposal)
    return len(woken)


class Timer:
    """Looks at intervals whether there is something to do. Started with the server and stopped with it."""

    def __init__(self, look: Callable[[], object] = once, every: float = EVERY) -> None:
        self._what, self._every = look, every
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="timer")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(self._thread, self._look)
            await asyncio.sleep(self._every)

    def _look(self) -> None:
        try:
            close_old_connections()
            self._what()
        except Exception:
            # Mostly the database is not there. What was to be done still is, and the next look finds it; a clock that
            # ended would be missed by nobody.
            log.exception("the clock could not do its work")
