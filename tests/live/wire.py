"""What processes hear each other by, in place of Redis: in memory, within one loop, and it can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from decisions.live.relay import Relay, Word

Queue = asyncio.Queue[Word]


class Wire:
    """A channel layer in memory, between relays of one loop, that can be cut."""

    def __init__(self) -> None:
        self.channels: dict[str, asyncio.Queue[Any]] = {}
        self.messages: list[Word] = []
        self.cut = False
        self.flushed = asyncio.Event()

    async def new_channel(self) -> str:
        self._whole()
        name = f"channel-{len(self.channels)}"
        self.channels[name] = asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        self._whole()

    async def group_send(self, group: str, word: Word) -> None:
        self._whole()
        self.messages.append(word)
        for channel in self.channels.values():
            channel.put_nowait(word)

    async def receive(self, channel: str) -> Word:
        word = await self.channels[channel].get()
        if isinstance(word, Exception):
            raise word
        return dict(word)

    async def flush(self) -> None:
        self.flushed.set()

    def _whole(self) -> None:
        if self.cut:
            raise ConnectionError("no Redis")


@asynccontextmanager
async def related(*layers: Any) -> AsyncIterator[list[tuple[Relay, Queue]]]:
    """Relays of as many processes, and what each of them was told."""
    told: list[Queue] = [asyncio.Queue() for _ in layers]
    relays = [Relay(layer, f"process-{n}", told[n].put_nowait) for n, layer in enumerate(layers)]
    for one in relays:
        one.start()
    try:
        yield list(zip(relays, told, strict=True))
    finally:
        for one in relays:
            await one.stop()
