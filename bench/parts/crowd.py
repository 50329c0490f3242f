"""A thousand listeners in one process: as little as can be done to notice that a frame has come."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence

from bench.parts.control import now
from bench.parts.wire import HELLO, Wire

AT_ONCE = 250


class Listener(Wire):
    """One socket: counts the entries that come, answers pings."""

    def __init__(self, crowd: Crowd, token: str | None, topics: Sequence[str]) -> None:
        super().__init__(token)
        self._crowd = crowd
        self._topics = list(topics)
        self._subscribed = 0
        self.count = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed"))

    def opened(self) -> None:
        for topic in self._topics:
            self.subscribe(f"proposal:{topic}")
        if not self._topics:
            self.ready.set_result(None)

    def follow(self, topic: str) -> None:
        """One topic more; `ready` again when it streams."""
        self.ready = asyncio.get_running_loop().create_future()
        self._topics.append(topic)
        self.subscribe(f"proposal:{topic}")

    def frame(self, kind: int, data: bytes, start: int, end: int) -> None:
        if data.find(b'event"', start, start + 18) > 0:
            self._crowd.heard(self)
        elif data.startswith(b'{"type":"subscribed"', start):
            self._subscribed += 1
            if self._subscribed == len(self._topics):
                self.ready.set_result(None)


class Crowd:
    """All listeners of one server, and when the last of them heard each entry."""

    def __init__(self, port: int, source: str = "") -> None:
        """`source`: the loopback address that its sockets come from, so that one address does not run out of ports."""
        self._port = port
        self._source = (source, 0) if source else None
        self.listeners: list[Listener] = []
        self._left: list[int] = []
        self.last: list[float] = []
        self._all: asyncio.Event = asyncio.Event()

    async def gather(self, count: int, tokens: Sequence[str], topics: Sequence[str], at_once: int = AT_ONCE) -> None:
        for start in range(0, count, at_once):
            numbers = range(start, min(start + at_once, count))
            shown = [tokens[number % len(tokens)] if tokens else None for number in numbers]
            await asyncio.gather(*(self.come(token, topics) for token in shown))

    async def come(self, token: str | None, topics: Sequence[str]) -> Listener:
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(
            lambda: Listener(self, token, topics), "127.0.0.1", self._port, local_addr=self._source
        )
        await asyncio.wait_for(listener.ready, 60)
        self.listeners.append(listener)
        return listener

    async def follow(self, topic: str) -> None:
        for listener in self.listeners:
            listener.follow(topic)
        await asyncio.wait_for(asyncio.gather(*(listener.ready for listener in self.listeners)), 60)

    async def disperse(self) -> None:
        for listener in self.listeners:
            listener.transport.close()
        self.listeners = []

    def expect(self, entries: int) -> None:
        self._left = [len(self.listeners)] * entries
        self.last = [0.0] * entries
        self._all.clear()
        for listener in self.listeners:
            listener.count = 0

    def heard(self, listener: Listener) -> None:
        number = listener.count
        listener.count = number + 1
        if number >= len(self._left):
            return
        self._left[number] -= 1
        if not self._left[number]:
            self.last[number] = now()
            self._all.set()

    async def until_all_heard(self, number: int, patience: float) -> None:
        async with asyncio.timeout(patience):
            while self._left[number]:
                self._all.clear()
                await self._all.wait()

    def missing(self) -> int:
        return sum(self._left)


async def stopped_reader(port: int, token: str, topics: Sequence[str]) -> socket.socket:
    """Subscribes, and from then on reads nothing."""
    loop = asyncio.get_running_loop()
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.setblocking(False)
    await loop.sock_connect(reader, ("127.0.0.1", port))
    await loop.sock_sendall(reader, f"{HELLO}Authorization: Bearer {token}\r\n\r\n".encode())
    await _until(reader, b"\r\n\r\n", 1)
    for topic in topics:
        text = json.dumps({"type": "subscribe", "topic": f"proposal:{topic}"}).encode()
        await loop.sock_sendall(reader, bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    await _until(reader, b'"subscribed"', len(topics))
    return reader


async def _until(reader: socket.socket, mark: bytes, times: int) -> None:
    got = b""
    while got.count(mark) < times:
        got += await asyncio.get_running_loop().sock_recv(reader, 4096)
