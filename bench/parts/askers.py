"""People who read over HTTP as fast as they are answered, in a process of their own, until they are told to rest."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import uvloop

from bench.parts import control
from bench.parts.caller import Caller


class Deeds:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._at_work: list[tuple[Caller, Any]] = []

    def ask(self, wanted: str) -> None:
        """`{port, tokens, path}` as JSON: one person for each token."""
        told = json.loads(wanted)
        for token in told["tokens"]:
            one = Caller(told["port"], token)
            self._at_work.append((one, asyncio.run_coroutine_threadsafe(self._go_on(one, told["path"]), self._loop)))

    async def _go_on(self, one: Caller, path: str) -> None:
        while True:
            await one.call("GET", path)

    def rest(self) -> int:
        """How often they were answered."""
        for one, work in self._at_work:
            work.cancel()
            self._loop.call_soon_threadsafe(one.close)
        answered = sum(len(one.took) for one, _ in self._at_work)
        self._at_work = []
        return answered


async def main() -> None:
    deeds = Deeds(asyncio.get_running_loop())
    control.obey({"ask": deeds.ask, "rest": deeds.rest})
    control.say({"topics": [], "listens": False})
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    assert sys.argv[1:], "a port, as every side is given one"
    uvloop.run(main())
