"""HTTP in threads: bodies are bounded before a thread is taken, and who cannot be served is told so."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from config import threads
from config.threads import BODY_LIMIT, Threads
from conventions.line import line

pytestmark = pytest.mark.asyncio
Told = dict[str, Any]


class Asking:
    """One request, and what was answered."""

    def __init__(self, *pieces: bytes, **headers: str) -> None:
        self.pieces = list(pieces) or [b""]
        self.sent: list[dict[str, Any]] = []
        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.scope: dict[str, Any] = {
            "type": "http", "method": "POST", "path": "/café", "query_string": b"a=1", "http_version": "1.1",
            "scheme": "http", "server": ("here", 80), "client": ("10.0.0.1", 5), "root_path": "", "headers": told,
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def of(self, app: Threads) -> Asking:
        await app(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    @property
    def code(self) -> str:
        assert self.headers[b"content-type"] == b"application/problem+json"
        return str(json.loads(self.body)["code"])


def echo(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
    start("201 Created", [("Content-Type", "text/plain"), ("X-Name", "é")])
    return [told["REQUEST_METHOD"].encode(), b" ", told["wsgi.input"].read()]


async def test_the_answer_is_that_of_the_application() -> None:
    asked = await Asking(b"one ", b"two").of(Threads(echo))
    assert (asked.status, asked.body) == (201, b"POST one two")
    assert asked.headers[b"x-name"] == "é".encode("latin-1")


async def test_a_thread_that_gets_no_connection_leaves_the_calls_to_one_that_has_one() -> None:
    let = threading.Event()

    def by_whom(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
        here: Any = line()
        here.turned_away = threading.current_thread().name != "http-1"
        if told["CONTENT_LENGTH"] == "4":
            assert let.wait(30)
        start("200 OK", [])
        return [threading.current_thread().name.encode()]

    app = Threads(by_whom, one_writer=True)
    long = asyncio.create_task(Asking(b"long").of(app))
    await asyncio.sleep(0)
    assert (await Asking().of(app)).body == b"http-2"
    let.set()
    assert (await long).body == b"http-1"
    async with asyncio.timeout(20):
        while (await Asking().of(app)).body != b"http-1":  # it may not yet wait for its turn
            pass
    assert {(await Asking().of(app)).body for _ in range(20)} == {b"http-1"}


async def test_the_request_is_told_as_wsgi_tells_it() -> None:
    seen: list[Told] = []

    def look(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(told)
        start("200 OK", [])
        return []

    asked = Asking(b"12345", content_type="text/x", content_length="5", x_one="1", host="here")
    asked.scope["headers"] += [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x_one", b"forged"), (b"x-two", b"2")]
    await asked.of(Threads(look))
    (told,) = seen
    assert told["PATH_INFO"].encode("latin-1").decode() == "/café"
    assert (told["CONTENT_TYPE"], told["CONTENT_LENGTH"], told["QUERY_STRING"]) == ("text/x", "5", "a=1")
    assert (told["HTTP_COOKIE"], told["HTTP_X_ONE"], told["HTTP_X_TWO"]) == ("a=1; b=2", "1", "2")
    assert told["REMOTE_ADDR"] == "10.0.0.1"


async def test_a_body_said_to_be_too_large_is_refused_without_a_thread() -> None:
    asked = await Asking(b"x", content_length=str(BODY_LIMIT + 1)).of(Threads(never))
    assert (asked.status, asked.code) == (413, "too_large")


async def test_a_body_that_is_larger_than_said_is_refused_and_read_to_its_end() -> None:
    pieces = [b"x" * 60_000] * 20
    asked = await Asking(*pieces, content_length="10").of(Threads(never))
    assert (asked.status, asked.code) == (413, "too_large")
    assert asked.pieces == []


async def test_the_largest_body_that_is_allowed_gets_through() -> None:
    asked = await Asking(b"x" * BODY_LIMIT).of(Threads(echo))
    assert len(asked.body) == BODY_LIMIT + 5


async def test_a_request_cut_off_on_its_way_is_neither_done_nor_answered() -> None:
    for pieces in ([], [b'{"text": "Half of']):
        asked = Asking(content_length="40")
        comes: list[dict[str, Any]] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        coming = iter([*comes, {"type": "http.disconnect"}])

        async def receive(coming: Iterator[dict[str, Any]] = coming) -> dict[str, Any]:
            return next(coming)

        await Threads(never)(asked.scope, receive, asked.send)
        assert asked.sent == []


async def test_a_body_that_does_not_come_to_its_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    asked = Asking()
    never_comes: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    await Threads(never)(asked.scope, lambda: never_comes, asked.send)
    assert (asked.status, asked.code) == (408, "request_timeout")


async def test_when_too_many_wait_the_next_is_told_to_come_back() -> None:
    going, go_on = threading.Event(), threading.Event()

    def slow(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
        going.set()
        assert go_on.wait(10)
        start("200 OK", [])
        return [b"done"]

    app = Threads(slow, workers=1, waiting=1)
    served = [asyncio.create_task(Asking().of(app)) for _ in range(2)]
    await asyncio.to_thread(going.wait, 10)
    refused = await Asking().of(app)
    assert (refused.status, refused.code, refused.headers[b"retry-after"]) == (503, "unavailable", b"1")
    go_on.set()
    assert [asked.body for asked in await asyncio.gather(*served)] == [b"done", b"done"]
    assert (await Asking().of(app)).body == b"done"


async def test_the_same_few_threads_serve_everybody_and_each_answer_is_closed() -> None:
    names: set[str] = set()
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            names.add(threading.current_thread().name)
            closed.append(True)

    def app(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
        names.add(threading.current_thread().name)
        start("200 OK", [])
        return Body([b"x"])

    pool = Threads(app, workers=2)
    await asyncio.gather(*(Asking().of(pool) for _ in range(20)))
    assert len(names) <= 2
    assert len(closed) == 20


def asking(method: str, path: str) -> Asking:
    asked = Asking()
    asked.scope |= {"method": method, "path": path}
    return asked


@dataclass
class Held:
    """An application in which commands do not go on before they are let."""

    let: threading.Event = field(default_factory=threading.Event)
    began: list[tuple[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __call__(self, told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
        self.began.append((told["PATH_INFO"], threading.current_thread().name))
        if told["REQUEST_METHOD"] == "POST" and told["PATH_INFO"].startswith("/api/"):
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            assert self.let.wait(10)
            self.at_once -= 1
        start("200 OK", [])
        return [b"x"]


async def test_with_one_writer_commands_go_one_after_the_other_as_they_came() -> None:
    held = Held()
    app = Threads(held, one_writer=True)
    paths = [f"/api/v1/proposals/{number}/open/" for number in range(9)]
    sent = [asyncio.create_task(asking("POST", path).of(app)) for path in paths]
    await asking("GET", "/api/v1/me/").of(app)
    held.let.set()
    await asyncio.gather(*sent)
    assert [path for path, _ in held.began if path in paths] == paths
    assert held.most_at_once == 1


async def test_with_one_writer_who_reads_or_signs_in_waits_for_no_command() -> None:
    held = Held()
    app = Threads(held, one_writer=True)
    sent = [asyncio.create_task(asking("POST", "/api/v1/teams/").of(app)) for _ in range(9)]
    for method, path in (("GET", "/api/v1/me/"), ("HEAD", "/api/v1/me/"), ("POST", "/_allauth/browser/v1/auth/login")):
        async with asyncio.timeout(10):
            assert (await asking(method, path).of(app)).status == 200
    held.let.set()
    await asyncio.gather(*sent)


async def test_with_many_writers_commands_go_side_by_side() -> None:
    held = Held()
    app = Threads(held, workers=3)
    sent = [asyncio.create_task(asking("POST", "/api/v1/teams/").of(app)) for _ in range(3)]
    async with asyncio.timeout(10):
        while held.at_once < 3:
            await asyncio.sleep(0)
    held.let.set()
    await asyncio.gather(*sent)


async def test_it_is_silent_while_nobody_waits() -> None:
    held = Held()
    app = Threads(held)
    sent = asyncio.create_task(asking("POST", "/api/v1/teams/").of(app))
    while not held.began:
        await asyncio.sleep(0)
    assert app.silence() == 0
    held.let.set()
    await sent
    assert app.silence() > 0


def never(told: Told, start: Callable[..., Any]) -> Iterable[bytes]:
    raise AssertionError("no thread should have been taken")
