"""A real server on loopback over the database as it is, for tests that listen while commands are given."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import uvicorn
from django.conf import settings
from django.db import connections
from rest_framework.test import APIClient

from config.books import BOOKS
from config.server import OPTIONS
from decisions.live.consumer import LiveConsumer
from decisions.live.database import Database
from decisions.live.switchboard import Switchboard
from tests.live.served import PATIENCE, Live, Quiet, Socket

R = TypeVar("R")


@asynccontextmanager
async def live_over_the_database() -> AsyncIterator[Live]:
    """With all its beats and books, as in production."""
    source = Database(BOOKS)
    switchboard = Switchboard(source)
    app = LiveConsumer.as_asgi(switchboard=switchboard)
    server = Quiet(uvicorn.Config(app, host="127.0.0.1", port=0, **{**OPTIONS, "lifespan": "off"}))
    serving = asyncio.create_task(server._serve())
    await asyncio.wait_for(server.up.wait(), PATIENCE)
    switchboard.start()
    try:
        yield Live(None, switchboard, server)  # type: ignore[arg-type]  # the journal is no book here
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, PATIENCE)
        await switchboard.stop()
        await source.close()


async def in_a_thread(act: Callable[[], R]) -> R:
    """A command beside the loop, as a server does it; its connection ends with it."""

    def alone() -> R:
        try:
            return act()
        finally:
            connections.close_all()

    return await asyncio.to_thread(alone)


def shown_at_the_door(live: Live, client: APIClient) -> dict[str, str]:
    """The headers with which this browser's own page, or this script, opens a socket."""
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return {"Authorization": str(client.defaults["HTTP_AUTHORIZATION"])}
    name = settings.SESSION_COOKIE_NAME
    return {"Origin": live.origin, "Cookie": f"{name}={client.cookies[name].value}"}


async def listening(live: Live, client: APIClient, *topics: str, after: int | None = None) -> Socket:
    """A socket that is in, and subscribed to all of these."""
    socket = await live.open(headers=shown_at_the_door(live, client))
    for topic in topics:
        assert (await socket.subscribe(topic, after))["type"] == "subscribed", topic
    return socket


async def frames_until(socket: Socket, seq: int) -> list[str]:
    """Every frame as it came, up to the entry with this number."""
    heard: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while True:
            text = str(await socket.connection.recv())
            heard.append(text)
            said = json.loads(text)
            if said["type"] == "event" and said["seq"] >= seq:
                return heard


async def closed_after(socket: Socket, since: float) -> tuple[int, float]:
    """The close code, and the seconds from `since` until it came."""
    code = await socket.closed()
    return code, time.monotonic() - since


def played(play: Callable[[Live], Awaitable[R]]) -> R:
    """Runs a play with a server of its own, from beginning to end."""

    async def whole() -> R:
        async with live_over_the_database() as live:
            return await play(live)

    return asyncio.run(whole())
