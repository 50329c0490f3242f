"""What one member has before their eyes: a model made of a snapshot and the entries that follow it, in order.

It goes by the five lines of docs/live.md, and it is cut off and loses frames as often as one likes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from bench.parts.control import now
from bench.parts.wire import Wire
from tests.merging import merged

Json = Any

read = lru_cache(maxsize=64)(msgspec.json.decode)  # one and the same text for every subscriber


class Texts:
    """Every entry's text once, by number: what a screen heard can then be told in few words."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[bytes, int] = {}

    def number(self, text: bytes) -> int:
        if text not in self._known:
            self._known[text] = len(self.all)
            self.all.append(text.decode())
        return self._known[text]


class Screen:
    """`first` is the snapshot it began with and `heard` what came after that; `at` says when each entry was on it,
    `away` from when to when it was cut off."""

    def __init__(self, port: int, token: str, topic: str, fetch: Callable[[], Any], texts: Texts) -> None:
        self.model: Json = {}
        self.first: Json = {}
        self.at: dict[int, float] = {}
        self.away: list[tuple[float, float]] = []
        self.heard: list[int] = []
        self.cuts = self.comings = self.asked_again = self.re_asked = self.lost = self.anew = 0
        self.loses: Callable[[], bool] = lambda: False
        self.told: Callable[[], None] = lambda: None
        self._where = (port, token)
        self._topic = topic
        self._fetch = fetch
        self._texts = texts
        self._wire: _Line | None = None
        self._asking = False
        self._known_to_exist = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def seq(self) -> int:
        return int(self.model["seq"])

    @property
    def over(self) -> bool:
        return self.model["phase"] in ("adopted", "withdrawn")

    async def begin(self) -> None:
        self.model = self.first = await self._fetch()
        await self.come()

    # Coming and going

    async def come(self) -> None:
        port, token = self._where
        loop = asyncio.get_running_loop()
        _, self._wire = await loop.create_connection(lambda: _Line(self, token), "127.0.0.1", port)
        await asyncio.wait_for(self._wire.ready.wait(), 30)

    def cut(self, pause: float) -> bool:
        """Hard, as a cable is pulled; back after a pause. False where it is cut off already."""
        if self._wire is None:
            return False
        wire, self._wire = self._wire, None
        wire.transport.abort()
        self.cuts += 1
        self._do(self._back(now(), pause))
        return True

    async def _back(self, since: float, pause: float) -> None:
        await asyncio.sleep(pause)
        await self.come()
        self.away.append((since, now()))

    def was_away(self, since: float, until: float) -> bool:
        return any(went < until and back > since for went, back in self.away)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._wire is not None:
            self._wire.transport.abort()
            self._wire = None

    # Hearing

    def opened(self, wire: _Line) -> None:
        self.comings += 1
        self._ask(wire)

    def ask_again(self) -> None:
        if self._wire is not None and not self._asking:
            self.asked_again += 1
            self._ask(self._wire)

    def _ask(self, wire: _Line) -> None:
        self._asking = True
        wire.subscribe(self._topic, after=self.seq)

    def hear(self, wire: _Line, text: bytes) -> None:
        if self._wire not in (None, wire):
            return
        message = read(text)
        if message.get("topic") != self._topic:
            return
        match message["type"]:
            case "subscribed":
                self._asking, self._known_to_exist = False, message["seq"]
                wire.ready.set()
            case "event":
                self._take(message, text)
            case "head" if message["seq"] > self.seq:
                self.ask_again()
            case "resync":
                self._do(self._anew(wire))

    def _take(self, entry: Json, text: bytes) -> None:
        if self.loses():
            self.lost += 1
            return
        self.heard.append(self._texts.number(text))
        if entry["seq"] <= self.seq:
            return
        if entry["seq"] > self.seq + 1:
            self.ask_again()
            return
        self.re_asked += entry["seq"] <= self._known_to_exist
        self.model = merged(self.model, entry["changes"])
        self.at[self.seq] = now()
        self.told()

    async def _anew(self, wire: _Line) -> None:
        snapshot = await self._fetch()
        if snapshot["seq"] >= self.seq:
            self.model = self.first = snapshot
            self.heard = []
            self.anew += 1
        self._ask(wire)
        self.told()

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Line(Wire):
    """One connection of a screen."""

    def __init__(self, screen: Screen, token: str) -> None:
        super().__init__(token)
        self._screen = screen
        self.ready = asyncio.Event()

    def opened(self) -> None:
        self._screen.opened(self)

    def frame(self, kind: int, data: bytes, start: int, end: int) -> None:
        self._screen.hear(self, data[start:end])
