"""Circles that decide one thing after another, for as long as one likes, and what their server holds meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Any

from websockets.asyncio.client import connect

from bench.parts.meeting import Meeting
from tests.faults.judge import Rows

STAY = 4.0  # seconds, on the average, that somebody has what waits for them before their eyes until they come again
OURS = "watch"
CONNECTIONS = f"""
SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%' AND now() - state_change > interval '5 s')
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> '{OURS}'"""


@dataclass(frozen=True)
class Held:
    """What a server holds, `at` seconds after the first look and `done` commands: memory, open files besides the
    connections to the database, these, and those of them that idle in a transaction for more than five seconds."""

    at: float
    done: int
    kib: int
    files: int
    connections: int
    forgotten: int


class Watch:
    """Looks at a server's process, and at what it holds of PostgreSQL where it has one."""

    def __init__(self, pid: int, database: str | Path) -> None:
        self.seen: list[Held] = []
        self._began = time.monotonic()
        self._process = Path(f"/proc/{pid}")
        # A connection of ours that was closed a moment ago may still be there.
        self._rows = None if isinstance(database, Path) else Rows(f"{database}?application_name={OURS}")

    def look(self, done: int) -> Held:
        told = re.search(r"VmRSS:\s+(\d+) kB", (self._process / "status").read_text())
        assert told
        connections, forgotten = self._rows.ask(CONNECTIONS)[0] if self._rows else (0, 0)
        files = len(os.listdir(self._process / "fd")) - connections
        self.seen.append(Held(time.monotonic() - self._began, done, int(told[1]), files, connections, forgotten))
        return self.seen[-1]


def mib_per_hour(seen: list[Held]) -> float:
    """By which memory grows, by a straight line through all that was seen."""
    slope, _ = linear_regression([held.at for held in seen], [held.kib for held in seen])
    return slope * 3600 / 1024


@dataclass
class Load:
    """`circles`: as they were made. `pace`: seconds that somebody thinks before a command."""

    port: int
    circles: list[Any]
    chance: random.Random
    pace: float = 0.0
    decided: int = 0
    comings: int = 0
    surprises: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    _ended: int = 0
    _meetings: list[Meeting] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Commands so far."""
        return self._ended + sum(len(meeting.sent) for meeting in self._meetings)

    async def lasts(self, look: Callable[[], Any], every: float, seconds: float | None, commands: float) -> None:
        """Everybody comes, and all leave at once when the time is over, or so many commands are done. Looks every few
        seconds in between."""
        people = [one["token"] for circle in self.circles for one in circle["people"]]
        work = [asyncio.create_task(self._sits(token)) for token in people]
        work += [asyncio.create_task(self._decides(circle)) for circle in self.circles]
        work += [asyncio.create_task(_every(every, look)), asyncio.create_task(self._until(self.done + commands))]
        ended, going_on = await asyncio.wait(work, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for one in going_on:
            one.cancel()
        await asyncio.gather(*going_on, return_exceptions=True)
        for one in ended:
            one.result()

    async def _until(self, done: float) -> None:
        while self.done < done:
            await asyncio.sleep(0.05)

    async def _decides(self, circle: Any) -> None:
        while True:
            meeting = Meeting([self.port], circle["people"], circle["team"], self.chance.randrange(2**32), self.pace)
            self._meetings.append(meeting)
            try:
                await meeting.gather()
                await meeting.play()
                self.decided += 1
            finally:
                await meeting.end()
                self._meetings.remove(meeting)
                self._ended += len(meeting.sent)
                self.comings += sum(seat.screen.comings for seat in meeting.seats)
                self.refused += meeting.refused
                self.surprises += meeting.surprises

    async def _sits(self, token: str) -> None:
        """With what waits for them before their eyes, coming and going."""
        headers = {"Authorization": f"Bearer {token}"}
        while True:
            async with connect(f"ws://127.0.0.1:{self.port}/ws/v1/", additional_headers=headers) as socket:
                self.comings += 1
                await socket.send(json.dumps({"type": "subscribe", "topic": "me"}))
                try:
                    async with asyncio.timeout(self.chance.expovariate(1 / STAY)):
                        async for _ in socket:
                            pass
                except TimeoutError:
                    continue
            raise AssertionError(f"The server closed a socket: {socket.close_code}")


async def _every(seconds: float, look: Callable[[], Any]) -> None:
    while True:
        await asyncio.sleep(seconds)
        look()
