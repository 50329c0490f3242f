"""One WebSocket as a client: as little as can be done to take frames in and send short ones."""

from __future__ import annotations

import asyncio
import json
from typing import cast

HELLO = (
    "GET /ws/v1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
TEXT, PING, PONG = 0x1, 0x89, 0xA


def shown(token: str | None) -> str:
    """The header that says who it is: a token's, or that of a cookie."""
    if not token:
        return ""
    return f"Cookie: {token}\r\n" if "=" in token else f"Authorization: Bearer {token}\r\n"


class Wire(asyncio.Protocol):
    """Whoever inherits says what happens when it is open, when a frame has come and when it is over."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._rest = b""
        self._open = False
        self.transport: asyncio.Transport

    def opened(self) -> None: ...

    def frame(self, kind: int, data: bytes, start: int, end: int) -> None: ...

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(f"{HELLO}{shown(self._token)}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at = 0 if self._open else self._begin(data)
        end = len(data)
        while self._open and at + 2 <= end:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start + size > end:
                break
            if data[at] == PING:
                self.send(PONG, data[start : start + size])
            else:
                self.frame(data[at], data, start, start + size)
            at = start + size
        self._rest = data[at:]

    def _begin(self, data: bytes) -> int:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        assert data.startswith(b"HTTP/1.1 101"), data[:200]
        self._open = True
        self.opened()
        return end + 4

    def subscribe(self, topic: str, **more: int) -> None:
        self.send(TEXT, json.dumps({"type": "subscribe", "topic": topic, **more}).encode())

    def send(self, kind: int, text: bytes) -> None:
        """At most 125 bytes."""
        self.transport.write(bytes([0x80 | kind, 0x80 | len(text), 0, 0, 0, 0]) + text)
