"""Django's WSGI side inside the ASGI server: few fixed threads, each with its own connection to the database.

A request takes a thread when its body is there and gives it back with its answer: a slow network holds none.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any

from config.turns import Turns
from conventions.line import line

BODY_LIMIT = 256 * 1024
DISCARDED = 32 * 1024 * 1024  # bytes thrown away, so that somebody who sends too much can read why
READS = ("GET", "HEAD", "OPTIONS")
INTERFACE = "/api/v1/"
PATIENCE = 30.0  # seconds that a body may take to come

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Write = Callable[[bytes], None]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Threads:
    """An ASGI application for http that runs a WSGI one.

    With `one_writer` commands go to a thread of their own, one after the other as they came: where one may write at a
    time, several that wait for it only take the processor from the one that does. A database in the same process also
    leaves nothing to wait for, so that one reads at a time; with a server two do. Of `workers` threads more take part
    while somebody takes long.
    """

    def __init__(self, app: WsgiApp, workers: int = 4, waiting: int = 256, *, one_writer: bool = False) -> None:
        self._app = app
        self._most = workers + waiting
        self._now = 0
        self._last = time.monotonic()
        self._turns = Turns(1 if one_writer else 2, workers, "http", is_served)
        self._commands = Turns(1, 1, "commands") if one_writer else self._turns

    def silence(self) -> float:
        """Seconds since somebody asked or was answered; 0 while somebody waits."""
        return 0.0 if self._now else time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                body = await whole_body(scope, receive)
        except TimeoutError:
            await refuse(send, 408, "request_timeout", "The request did not come to its end.")
            return
        except GoneError:
            return
        if body is None:
            await self._too_large(receive, send)
        elif self._now >= self._most:
            await refuse(send, 503, "unavailable", "Busy just now. Try again in a moment.", wait=1)
        else:
            await self._answer(environ(scope, body), send)

    async def _answer(self, told: dict[str, Any], send: Send) -> None:
        self._now += 1
        turns = self._commands if is_command(told) else self._turns
        try:
            status, headers, body = await turns.take(partial(answer, self._app, told))
        except asyncio.CancelledError:  # this process ends, and what hangs with it; asked again, another one answers
            await refuse(send, 503, "unavailable", "This server stops just now. Try again in a moment.", wait=1)
            return
        finally:
            self._now -= 1
            self._last = time.monotonic()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _too_large(self, receive: Receive, send: Send) -> None:
        await refuse(send, 413, "too_large", f"A request holds {BODY_LIMIT // 1024} KiB at most.", more=True)
        try:
            async with asyncio.timeout(PATIENCE):
                await discard(receive)
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b""})


def is_command(told: dict[str, Any]) -> bool:
    """Whether it asks the interface to change something. Signing in is none: it writes little and reckons long."""
    return told["REQUEST_METHOD"] not in READS and str(told["PATH_INFO"]).startswith(INTERFACE)


def is_served() -> bool:
    """In a thread: whether the database has a connection for it. A server with too few serves other threads only."""
    return not getattr(line(), "turned_away", False)


def answer(app: WsgiApp, told: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """In a thread: one call of the WSGI application, from its first word to its last."""
    begun: list[tuple[int, Headers]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Write:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        begun.append((int(status.split(" ", 1)[0]), lines))
        return _no_writing

    body = app(told, start)
    try:
        whole = b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return *begun[-1], whole


def _no_writing(chunk: bytes) -> None:
    raise NotImplementedError("WSGI's old write() has no place here.")


class GoneError(Exception):
    """Whoever asks went away before the request was whole. What came of it asks for something else, or for nothing."""


async def whole_body(scope: Scope, receive: Receive) -> BytesIO | None:
    """The body, or None if it is too large, whatever its length was said to be. Raises GoneError."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > BODY_LIMIT:
            return None
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > BODY_LIMIT:
            return None
        if not message.get("more_body", False):
            return BytesIO(b"".join(pieces))


async def discard(receive: Receive) -> None:
    seen = 0
    while seen < DISCARDED:
        message = await receive()
        seen += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def refuse(
    send: Send, status: int, code: str, detail: str, *, wait: int | None = None, more: bool = False
) -> None:
    """A problem+json before Django is asked."""
    title = HTTPStatus(status).phrase if status != 413 else "Content Too Large"
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    body = json.dumps(problem).encode()
    headers: Headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if wait is not None:
        headers.append((b"retry-after", str(wait).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": more})


def environ(scope: Scope, body: BytesIO) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) tells it: text is bytes read as Latin-1."""
    root = scope.get("root_path", "")
    server, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    told: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _as_wsgi(root),
        "PATH_INFO": _as_wsgi(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(told, name.decode("latin-1"), value.decode("latin-1"))
    told["CONTENT_LENGTH"] = str(body.getbuffer().nbytes)  # what came, also where nothing or a lie was said
    return told


def _as_wsgi(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _add_header(told: dict[str, Any], name: str, value: str) -> None:
    if "_" in name:  # would be taken for the header with a hyphen
        return
    key = name.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    joint = "; " if key == "HTTP_COOKIE" else ","
    told[key] = f"{told[key]}{joint}{value}" if key in told else value
