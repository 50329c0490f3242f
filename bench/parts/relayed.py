"""The yardstick of two processes: the websockets library's `broadcast()` in each, and Redis between them.

`python -m bench.parts.relayed PORT REDIS_URL`: whatever one of them publishes, all of them send.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import redis.asyncio
import uvloop
from websockets.asyncio.server import broadcast, serve

from bench.parts import control
from bench.parts.bare import connections, stay

CHANNEL = "bench"


class Deeds:
    """Publishes the text that it was given last: to Redis, and to nobody directly."""

    def __init__(self, loop: asyncio.AbstractEventLoop, between: redis.asyncio.Redis) -> None:
        self._loop = loop
        self._between = between
        self._text = ""

    def sample(self, text: str) -> None:
        self._text = text.strip()

    def publish(self) -> list[float]:
        at = control.now()
        asyncio.run_coroutine_threadsafe(self._send(), self._loop)
        return [at]

    async def _send(self) -> None:
        await self._between.publish(CHANNEL, self._text)


async def listen(between: redis.asyncio.Redis, ready: asyncio.Event) -> None:
    async with between.pubsub() as hearing:
        await hearing.subscribe(CHANNEL)
        async for message in hearing.listen():
            if message["type"] == "subscribe":
                ready.set()
            elif message["type"] == "message":
                broadcast(connections, message["data"].decode())


async def main(port: int, url: str) -> None:
    between = redis.asyncio.Redis.from_url(url)
    deeds, ready = Deeds(asyncio.get_running_loop(), between), asyncio.Event()
    listening = asyncio.create_task(listen(between, ready))
    options: dict[str, Any] = {"compression": None, "backlog": 4096}
    async with serve(stay, "127.0.0.1", port, **options):
        await ready.wait()
        control.obey({"sample": deeds.sample, "publish": deeds.publish})
        control.say({"topics": []})
        await listening


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
