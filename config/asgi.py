"""One process, one port: pages and commands by Django in threads, sockets on the loop beside them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from config import wsgi  # sets Django up
from config.books import BOOKS
from config.leaving import leaving
from config.pages import which
from config.sweeping import Sweeper
from config.threads import Message, Receive, Scope, Send, Threads
from conventions.measures import readings
from decisions import checkpoints, rights
from decisions.live.consumer import LiveConsumer
from decisions.live.database import Database
from decisions.live.relay import channel_layer
from decisions.live.switchboard import Switchboard
from decisions.timer import Timer
from notices import outbox
from notices.postman import Postman
from trying import player

App = Callable[[Scope, Receive, Send], Awaitable[None]]

SOCKET = "/ws/v1/"
# At Python's own 5 ms the loop waits so long for threads that a storm of connections takes thrice its time.
TURN = 0.0005
LAST_WORDS = 5.0  # seconds that the parts have for ending in good order
HTTP_THREADS = int(os.environ.get("RONDO_THREADS", "4"))


class Rondo:
    """The ASGI application: which part answers what."""

    def __init__(self) -> None:
        _addresses = get_resolver().url_patterns  # read now: who asks first need not wait for it
        self._source = Database(BOOKS)
        self.switchboard = Switchboard(self._source, channel_layer(), which())
        self._http = Threads(wsgi.application, HTTP_THREADS, one_writer=connection.vendor == "sqlite")
        self._sweeper = Sweeper(self._http.silence)
        self._timers = [
            Timer(),
            Timer(player.look, player.EVERY),
            Timer(checkpoints.mail_due, checkpoints.EVERY),
        ]
        self._postman = Postman()
        self._watch()
        self._socket: App = LiveConsumer.as_asgi(switchboard=self.switchboard)

    def _watch(self) -> None:
        hub = self.switchboard.hub
        readings.gauge("rondo_sockets", "Open sockets of this process", lambda: len(self.switchboard.guests))
        readings.gauge("rondo_topics", "What they look at", lambda: len(hub.topics))
        readings.count("rondo_readers_cut", "Sockets closed because they did not keep up", lambda: hub.cut)
        readings.count(
            "rondo_entries_fetched", "Entries that no word came of, read from the journal", lambda: hub.filled
        )
        readings.gauge("rondo_mails_waiting", "Mails in the outbox", outbox.waiting)
        readings.gauge("rondo_mails_oldest_seconds", "For how long the oldest of them has waited", outbox.oldest)
        readings.gauge("rondo_mails_dead", "Mails that could not be delivered", outbox.dead)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._http(scope, receive, last_answer(send) if leaving.begun else send)
            case "websocket" if leaving.begun:
                await turned_to_another(send)
            case "websocket" if scope["path"] == SOCKET:
                await self._socket(scope, receive, send)
            case "websocket":
                await send({"type": "websocket.close", "code": 4404})
            case "lifespan":
                await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if not settings.LOCAL and (unsafe := await asyncio.to_thread(rights.refusal)):
            await send({"type": "lifespan.startup.failed", "message": unsafe})
            return
        self.switchboard.start()
        for timer in self._timers:
            timer.start()
        self._postman.start()
        sys.setswitchinterval(TURN)
        self._sweeper.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        with suppress(TimeoutError):  # what hangs in a thread, hangs: a process that is told to end does
            async with asyncio.timeout(LAST_WORDS):
                await self._end()
        await send(_stopped())

    async def _end(self) -> None:
        await self._sweeper.stop()
        for timer in self._timers:
            await timer.stop()
        await self._postman.stop()
        await self.switchboard.stop()
        await self._source.close()


def last_answer(send: Send) -> Send:
    """Asks whoever keeps the connection to send nothing more on it."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return sent


async def turned_to_another(send: Send) -> None:
    """Before the handshake, so that nginx asks another process and the browser does not even see it."""
    await send({"type": "websocket.http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
    await send({"type": "websocket.http.response.body", "body": b""})


def _stopped() -> Message:
    return {"type": "lifespan.shutdown.complete"}


application: Any = Rondo()
