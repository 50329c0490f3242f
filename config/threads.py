"""Django's WSGI side inside the ASGI server: few fixed threads, each with its own connection to the database.

A request takes a thread when its body is there and gives it back with its answer: a slow network holds none.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import Any

BODY_LIMIT = 256 * 1024
DISCARDED = 32 * 1024 * 1024  # bytes thrown away, so that somebody who sends too much can read why
AT_ONCE = 1024 * 1024  # an answer is handed over in pieces of at most about this size

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Write = Callable[[bytes], None]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Threads:
    """An ASGI application for http that runs a WSGI one."""

    def __init__(self, app: WsgiApp, workers: int = 4, waiting: int = 256) -> None:
        self._app = app
        self._most = workers + waiting
        self._now = 0
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._now >= self._most:
            await refuse(send, 503, "unavailable", "Busy just now. Try again in a moment.", wait=1)
            return
        self._now += 1
        try:
            await self._serve(scope, receive, send)
        finally:
            self._now -= 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await whole_body(scope, receive)
        if body is None:
            detail = f"A request holds {BODY_LIMIT // 1024} KiB at most."
            await refuse(send, 413, "too_large", detail, more=True)
            await discard(receive)
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._give(Answer(self._app, environ(scope, body)), send)

    async def _give(self, answer: Answer, send: Send) -> None:
        loop = asyncio.get_running_loop()
        more = True
        while more:
            first = not answer.begun
            piece, more = await loop.run_in_executor(self._pool, answer.next_piece)
            if first:
                await send(answer.start())
            await send({"type": "http.response.body", "body": piece, "more_body": more})


class Answer:
    """One call of the WSGI application, taken piece by piece; nearly all answers are one piece."""

    def __init__(self, app: WsgiApp, environ: dict[str, Any]) -> None:
        self.begun = False
        self.status = 500
        self.headers: Headers = []
        self._app = app
        self._environ = environ
        self._body: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())

    def start(self) -> Message:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def next_piece(self) -> tuple[bytes, bool]:
        """In a thread: up to AT_ONCE bytes, and whether there is more."""
        if not self.begun:
            self._body = self._app(self._environ, self._start)
            self._chunks = iter(self._body)
            self.begun = True
        piece, size = [], 0
        try:
            for chunk in self._chunks:
                piece.append(chunk)
                size += len(chunk)
                if size >= AT_ONCE:
                    return b"".join(piece), True
        except BaseException:
            self._close()
            raise
        self._close()
        return b"".join(piece), False

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Write:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _no_writing

    def _close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def _no_writing(chunk: bytes) -> None:
    raise NotImplementedError("WSGI's old write() has no place here.")


async def whole_body(scope: Scope, receive: Receive) -> BytesIO | None:
    """The body, or None if it is too large, whatever its length was said to be."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > BODY_LIMIT:
            return None
    pieces, size = [], 0
    while True:
        message = await receive()
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
