"""Calls over HTTP with as little of a client as can be: one connection each, kept; one call at a time."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from bench.parts.control import now


class Caller:
    """One person, one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.took: list[float] = []
        """Seconds from each call to its answer."""

    async def call(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of the answer; raises where it is no success."""
        data = b"" if body is None else json.dumps(body).encode()
        more = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        if method != "GET":
            more += f"Idempotency-Key: {uuid.uuid4()}\r\n"
        began, request = now(), f"{method} {path} HTTP/1.1\r\n{self._head}{more}\r\n".encode() + data
        try:
            reader, head = await self._answered(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server ends a line on which nothing was said for five seconds: once more, as browsers do; the key is
            # the same.
            self.close()
            reader, head = await self._answered(request)
        at = head.find(b"content-length:")
        size = int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
        answer = await reader.readexactly(size)
        self.took.append(now() - began)
        if not head.startswith(b"http/1.1 2"):
            raise RuntimeError(f"{method} {path}: {head[:40]!r} {answer[:300]!r}")
        return answer

    async def _answered(self, request: bytes) -> tuple[asyncio.StreamReader, bytes]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._line
        writer.write(request)
        return reader, (await reader.readuntil(b"\r\n\r\n")).lower()

    def close(self) -> None:
        """The next call opens another line."""
        if self._line:
            self._line[1].close()
        self._line = None


async def ask_and_take_back(who: Caller, round: str) -> None:
    """Two commands, after which the proposal is as large as before."""
    asked = json.loads(await who.call("POST", f"/api/v1/rounds/{round}/questions/", {"text": "Who says so? " * 8}))
    question = next(iter(asked["entries"][0]["changes"]["questions"]))
    await who.call("DELETE", f"/api/v1/questions/{question}/")
