"""The way out to one socket: straight to the transport where the server lends it, else by ASGI sends."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

TOO_SLOW = 1013
LAG = 256 * 1024  # bytes that a reader may be behind before it is cut and comes back with `after`

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outlet(Protocol):
    """What the hub asks of a socket. Nothing here waits, but `drained`."""

    def put(self, texts: Sequence[bytes], wire: bytes, lag: int = LAG) -> bool:
        """Write, and say whether the reader keeps up; one that does not has been cut."""

    def behind(self) -> int:
        """Bytes that the reader has not taken yet."""

    def close(self, code: int, reason: str = "") -> None: ...

    async def drained(self) -> None: ...


class AsgiOutlet:
    """For servers without our protocol class: a queue, and a task that lives while something is in it."""

    __slots__ = ("_behind", "_closed", "_queue", "_send", "_task")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: deque[dict[str, Any]] = deque()
        self._behind = 0
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    def put(self, texts: Sequence[bytes], wire: bytes, lag: int = LAG) -> bool:
        if self._closed:
            return True
        if self._behind > lag:
            self._queue.clear()
            self.close(TOO_SLOW, "too slow")
            return False
        self._behind += len(wire)
        for text in texts:
            self._enqueue({"type": "websocket.send", "text": text.decode()})
        return True

    def behind(self) -> int:
        return self._behind

    def close(self, code: int, reason: str = "") -> None:
        if not self._closed:
            self._closed = True
            self._enqueue({"type": "websocket.close", "code": code, "reason": reason})

    async def drained(self) -> None:
        if self._task is not None:
            await asyncio.wait([self._task])

    def _enqueue(self, message: dict[str, Any]) -> None:
        self._queue.append(message)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._pump())

    async def _pump(self) -> None:
        try:
            while self._queue:
                message = self._queue.popleft()
                await self._send(message)
                self._behind -= len(message.get("text", ""))
            self._behind = 0
        except Exception:  # the server says in its own way that the socket is gone
            self._closed = True
            self._queue.clear()
