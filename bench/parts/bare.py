"""The yardstick: a server of the websockets library whose one deed is `broadcast()`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.parts import control

connections: set[ServerConnection] = set()


async def stay(connection: ServerConnection) -> None:
    connections.add(connection)
    try:
        await connection.wait_closed()
    finally:
        connections.discard(connection)


class Deeds:
    """Publishes the sample that it was given, in the same way as Rondo does: from a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._text = ""

    def sample(self, text: str) -> None:
        self._text = text.strip()

    def publish(self) -> list[float]:
        at = control.now()
        self._loop.call_soon_threadsafe(broadcast, connections, self._text)
        return [at]

    def burst(self, count: str) -> list[float]:
        return [self.publish()[0] for _ in range(int(count))]


async def main(port: int) -> None:
    deeds = Deeds(asyncio.get_running_loop())
    options: dict[str, Any] = {"compression": None, "backlog": 4096}
    async with serve(stay, "127.0.0.1", port, **options):
        control.obey({"sample": deeds.sample, "publish": deeds.publish, "burst": deeds.burst})
        control.say({"topics": []})
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
