"""When Python looks for circles of objects that nobody else holds any more: the whole of its memory in quiet moments.

Looking through everything stops every thread and the loop, for a tenth of a second where fifty rooms are held in
memory. Left to itself Python does so whenever a quarter has been added, every seven seconds in fifty live rooms, and
what was asked meanwhile waits in line behind it. Where nothing was added there is nothing to find, and ten thousand
sockets on which nothing happens are left alone.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable

# Objects more than were thrown away before the youngest are looked at; how often that before the next older ones are;
# and of the whole Python itself never thinks.
TURNS = (2_000, 20, 1_000_000)
LOOK = 0.5  # seconds
QUIET = 0.25  # seconds in which nobody asked for anything and nobody waits for an answer
SOON = 30.0  # seconds after which the next quiet moment is taken
SHARE = 200  # the next quiet moment is not before so many times as long as the last look took
AT_LAST = 300.0  # seconds after which it is done in any moment: a storm may last for hours


def due(since: float, silence: float, took: float) -> bool:
    """Whether to look now: `since` the last time, which `took` so long, and after how much `silence`, in seconds."""
    return since >= AT_LAST or (since >= max(SOON, SHARE * took) and silence >= QUIET)


def added() -> bool:
    """Whether anything was, since everything was looked through: the young ones at least have been, once."""
    return any(gc.get_count()[1:])


class Sweeper:
    """Sweeps on the loop, where what it finds was mostly made. Started with the server and stopped with it."""

    def __init__(self, silence: Callable[[], float]) -> None:
        self._silence = silence
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        # What stands now stays, and nobody need look at it again: for its few circles a start takes no tenth longer.
        gc.freeze()
        gc.set_threshold(*TURNS)
        gc.enable()
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _go_on(self) -> None:
        last, took = time.monotonic(), 0.0
        while True:
            await asyncio.sleep(LOOK)
            began = time.monotonic()
            if added() and due(began - last, self._silence(), took):
                gc.collect()
                last = time.monotonic()
                took = last - began
