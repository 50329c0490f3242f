"""A real server on loopback in the test's own loop, with a journal in memory behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from config.server import OPTIONS
from decisions.live.consumer import LiveConsumer
from decisions.live.switchboard import Switchboard, Work
from tests.live.book import Book

PATIENCE = 10.0  # seconds until a test that waits for something says that it did not come


class Quiet(uvicorn.Server):
    """A server that leaves the signals to pytest and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])


class Still(Switchboard):
    """Without beats: the test itself says when it is time."""

    def beats(self) -> list[tuple[float, Work]]:
        return []


class Live:
    """The server's inside for the test: its book, its switchboard, and a way to open sockets."""

    def __init__(self, book: Book, switchboard: Switchboard, server: Quiet) -> None:
        self.book = book
        self.switchboard = switchboard
        self.server = server

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.server.port}/ws/v1/"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def open(self, token: str | None = None, **how: Any) -> Socket:
        """`through`: a net to come through, in place of the server's own address."""
        headers, query = dict(how.pop("headers", {})), how.pop("query", "")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = f"{how.pop('through', self.origin).replace('http', 'ws', 1)}/ws/v1/{query}"
        connection = await connect(url, additional_headers=headers, compression=None, **how)
        return Socket(connection)

    def write(self, proposal: str, **fields: Any) -> None:
        """Committed and announced, as `submit` does it."""
        topic, seq, text = self.book.write(proposal, **fields)
        self.switchboard.carry({"kind": "entry", "topic": topic, "seq": seq, "text": text})


class Socket:
    """A client that speaks JSON and gives up after a while."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message, or the next of these kinds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                said = json.loads(await self.connection.recv())
                if not kinds or said["type"] in kinds:
                    return cast("dict[str, Any]", said)

    async def hear_seqs(self, count: int) -> list[int]:
        return [(await self.hear("event"))["seq"] for _ in range(count)]

    async def subscribe(self, topic: str, after: int | None = None) -> dict[str, Any]:
        await self.say(type="subscribe", topic=topic, **({} if after is None else {"after": after}))
        return await self.hear("subscribed", "error", "resync")

    async def closed(self) -> int:
        """The close code, when it comes."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed:
                return self.connection.close_code or 0

    async def close(self) -> None:
        await self.connection.close()


@asynccontextmanager
async def live(layer: Any | None = None, **options: Any) -> AsyncIterator[Live]:
    """The consumer, the hub and the protocol class as in production; only the journal is a book. `layer`: what it
    hears other processes by."""
    book = Book()
    book.people.update({"fay-token": "fay", "max-token": "max", "max-session": "max"})
    switchboard = Still(book, layer)
    app = LiveConsumer.as_asgi(switchboard=switchboard)
    how = {**OPTIONS, "lifespan": "off", **options}
    server = Quiet(uvicorn.Config(app, host="127.0.0.1", port=0, **how))
    serving = asyncio.create_task(server._serve())
    await asyncio.wait_for(server.up.wait(), PATIENCE)
    switchboard.start()
    try:
        yield Live(book, switchboard, server)
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, PATIENCE)
        await switchboard.stop()
