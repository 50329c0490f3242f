"""Somebody with a page open, by the page's own rules: after how long a silent line is taken for dead, how long is
waited until the next try, from where on is asked. Several of them, in a loop of their own."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.run import ROOT
from tests.merging import merged
from tests.story.people import Person

Json = Any
PAGE = (ROOT / "frontend" / "src" / "live" / "connection.ts").read_text()


def of_the_page(name: str) -> float:
    """A number of the page's own, in seconds."""
    found = re.search(rf"^const {name} = ([\d_]+);", PAGE, re.MULTILINE)
    assert found, f"{name} is not in connection.ts"
    return int(found[1].replace("_", "")) / 1000


FIRST, LONGEST, SILENCE, OPENING = (of_the_page(name) for name in ("FIRST", "LONGEST", "SILENCE", "OPENING"))


class Reader:
    """One page on one decision. `at`: when each entry was on it; `comings`: when it tried to come; `amiss`: what came
    out of its order. `pace`: so many times as quickly as a page it takes silence for death."""

    def __init__(self, url: str, who: Person, proposal: str, chance: random.Random, pace: float) -> None:
        self.model: Json = {"seq": 0}
        self.at: dict[int, float] = {}
        self.comings: list[float] = []
        self.amiss: list[tuple[str, str]] = []
        self.silent = self.anew = self.asked_again = 0
        self.port = 0  # of its end of the line
        self.who, self.proposal = who, proposal
        self._url = url
        self._headers = who.shown(url)
        self._topic = f"proposal:{proposal}"
        self._chance = chance
        self._patience = SILENCE / pace
        self._epoch: str | None = None
        self._tries = 0
        self._asked: int | None = None  # from where on, until the answer is there
        self._line = 0  # the last entry that came by this subscription

    @property
    def seq(self) -> int:
        return int(self.model["seq"])

    async def stays(self) -> None:
        """Until it is cancelled: back again after whatever happens."""
        while True:
            self.comings.append(time.monotonic())
            try:
                await self._looks()
            except TimeoutError:
                self.silent += 1
            except (ConnectionClosed, InvalidHandshake, OSError, EOFError):
                pass
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        self._tries += 1
        return min(LONGEST, FIRST * 2.0 ** min(self._tries - 1, 10)) * (0.1 + 0.9 * self._chance.random())

    async def _looks(self) -> None:
        there = urlsplit(self._url)
        line = await asyncio.wait_for(asyncio.to_thread(create_connection, (there.hostname, there.port)), OPENING)
        self.port = line.getsockname()[1]
        how: dict[str, Any] = {"compression": None, "ping_interval": None, "open_timeout": OPENING}
        where = f"ws://{there.netloc}/ws/v1/"
        socket = await connect(where, sock=line, additional_headers=self._headers, **how)
        try:
            await self._ask(socket)
            while True:
                async with asyncio.timeout(self._patience):
                    told = json.loads(await socket.recv())
                self._tries = 0
                if told.get("topic") == self._topic:
                    await self._hear(socket, told)
        finally:
            socket.transport.abort()

    async def _ask(self, socket: ClientConnection) -> None:
        self._asked = self.seq
        asked = {"type": "subscribe", "topic": self._topic, "after": self.seq, "epoch": self._epoch}
        await socket.send(json.dumps({name: value for name, value in asked.items() if value is not None}))

    async def _hear(self, socket: ClientConnection, told: Json) -> None:
        self._epoch = told.get("epoch", self._epoch)
        match told["type"]:
            case "subscribed" if self._asked is not None:
                self._line, self._asked = self._asked, None
            case "event":
                self._take(told)
                if told["seq"] > self.seq and self._asked is None:
                    await self._ask(socket)
            case "head" if told["seq"] > self.seq and self._asked is None:
                self.asked_again += 1
                await self._ask(socket)
            case "resync":
                await self._begin_anew()
                await self._ask(socket)

    def _take(self, entry: Json) -> None:
        """By one subscription entries follow on one another. What it begins with may be known since it was asked for:
        that is passed over, as a page does."""
        seq = entry["seq"]
        if seq != self._line + 1:
            self.amiss.append(("gaps" if seq > self._line else "dup", f"{self._topic}: {seq} came after {self._line}"))
        self._line = seq
        if seq == self.seq + 1:
            self.model = merged(self.model, entry["changes"])
            self.at[seq] = time.time()

    async def _begin_anew(self) -> None:
        async with httpx.AsyncClient(timeout=self._patience) as there:
            address = f"{self._url}/api/v1/proposals/{self.proposal}/"
            try:
                answer = await there.get(address, headers=self._headers)
            except httpx.TransportError as fault:
                raise EOFError from fault
        if answer.status_code == 200:
            self.model = answer.json()
            self.anew += 1
            self.at[self.seq] = time.time()
