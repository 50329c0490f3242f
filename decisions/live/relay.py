"""From process to process, by Redis where there is one: one subscription per process, one message for all words that
are there to be said.

Redis may forget, stop or come back. The journal is the truth: what is lost here costs a head's wait, no more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

Word = dict[str, Any]

GROUP = "rondo.live"
KEPT = 10_000  # words waiting for Redis; beyond that the oldest truth is the journal's
SILENT = 45.0  # seconds without hearing even ourselves: subscribe anew
AGAIN = 1.0  # seconds between two tries
AT_ONCE = 32  # words in one message
LAST_WORDS = 1.0  # seconds that Redis has for taking what is left
QUIET = 60.0  # one line of complaint in so many seconds

log = logging.getLogger("rondo.live")


def channel_layer() -> Any | None:
    """The layer between processes, if Redis is configured; the in-memory one is not in our path."""
    return get_channel_layer() if getattr(settings, "REDIS_URL", "") else None


class SeldomFilter(logging.Filter):
    """Lets one line through in a minute: Redis being away is one event, not one per second."""

    def __init__(self) -> None:
        super().__init__()
        self._last = -QUIET

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now - self._last < QUIET:
            return False
        self._last = now
        return True


_seldom = logging.getLogger("rondo.live.relay")
_seldom.addFilter(SeldomFilter())
logging.getLogger("channels_redis.pubsub").addFilter(SeldomFilter())


class Outside:
    """The carrier of a process that serves nobody: straight to Redis, or nowhere."""

    def carry(self, word: Word) -> None:
        layer = channel_layer()
        if layer is None:
            return
        try:
            async_to_sync(layer.group_send)(GROUP, {**word, "process": ""})
        except Exception as trouble:  # the journal has it
            _seldom.warning("Redis did not take a message: %s", trouble)


class Relay:
    """Sends this process's words and hands on those of the others. Its two tasks mend themselves."""

    def __init__(self, layer: Any, process: str, deliver: Callable[[Word], None]) -> None:
        self.dropped = 0
        self._layer = layer
        self._process = process
        self._deliver = deliver
        self._outgoing: asyncio.Queue[Word] = asyncio.Queue(KEPT)
        self._heard = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        for work in (self._listen, self._send):
            self._tasks.append(asyncio.get_running_loop().create_task(self._forever(work)))

    async def stop(self) -> None:
        """What was just committed here is still said: without it the others would hear of it with their next head."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await self._outgoing.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._flush()

    def send(self, word: Word) -> None:
        try:
            self._outgoing.put_nowait(word)
        except asyncio.QueueFull:
            self.dropped += 1

    async def _forever(self, work: Callable[[], Any]) -> None:
        while True:
            try:
                await work()
            except Exception as trouble:
                _seldom.warning("Redis is not there, trying again: %s", trouble)
                await asyncio.sleep(AGAIN)

    async def _send(self) -> None:
        while True:
            words = [await self._outgoing.get()]
            while not self._outgoing.empty() and len(words) < AT_ONCE:
                words.append(self._outgoing.get_nowait())
            try:
                await self._layer.group_send(GROUP, self._message(*words))
            finally:
                for _ in words:
                    self._outgoing.task_done()

    def _message(self, first: Word, *more: Word) -> Word:
        """The first word, and the others in it: a process of before them, during an update, takes in the first."""
        return {**first, "process": self._process, **({"more": more} if more else {})}

    async def _listen(self) -> None:
        await self._flush()
        channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, channel)
        self._heard = time.monotonic()
        while time.monotonic() - self._heard < SILENT:
            await self._hear(channel)
        raise TimeoutError("nothing heard, not even ourselves")

    async def _hear(self, channel: str) -> None:
        try:
            async with asyncio.timeout(SILENT):
                word = await self._layer.receive(channel)
        except TimeoutError:
            return
        self._heard = time.monotonic()
        process, more = word.get("process"), word.pop("more", ())
        if process != self._process:
            self._deliver(word)
            for other in more:
                self._deliver({**other, "process": process})

    async def _flush(self) -> None:
        try:
            await self._layer.flush()
        except Exception as trouble:
            _seldom.warning("Redis did not say good-bye: %s", trouble)
