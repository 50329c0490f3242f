"""Sockets that are open and say nothing, in a process of their own: one process has not files enough for all."""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop

from bench.parts import control
from bench.parts.crowd import Crowd


class Deeds:
    def __init__(self, loop: asyncio.AbstractEventLoop, source: str) -> None:
        self._loop = loop
        self._source = source
        self._crowds: list[Crowd] = []

    def gather(self, asked: str) -> int:
        """`{port, count, tokens, topics}` as JSON."""
        wanted = json.loads(asked)
        crowd = Crowd(wanted["port"], self._source)
        self._crowds.append(crowd)
        coming = crowd.gather(wanted["count"], wanted["tokens"], wanted["topics"])
        asyncio.run_coroutine_threadsafe(coming, self._loop).result()
        return len(crowd.listeners)


async def main(source: str) -> None:
    control.obey({"gather": Deeds(asyncio.get_running_loop(), source).gather})
    control.say({"topics": [], "listens": False})
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[2]))
