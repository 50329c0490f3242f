"""A journal and a door in memory, with everything in hand that a test wants to go wrong."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from decisions.live import frames
from decisions.live.hub import Hub, Subscription
from decisions.live.journal import FAR, Credential, Entry, Look, Opening, Screen, Viewer, Visitor

P = "p1"
TOPIC = f"proposal:{P}"


class Book:
    """What the database would say. Reading waits for `readable`, so that things may happen meanwhile."""

    def __init__(self) -> None:
        self.entries: dict[str, list[bytes]] = defaultdict(list)
        self.people: dict[str, str] = {}  # token or session → account
        self.screens: dict[str, str] = {}  # token of a link → the proposal that it shows
        self.closed_to: set[Look] = set()
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.readable = asyncio.Event()
        self.readable.set()
        self.reading = asyncio.Event()
        self.readings = 0
        self.noted: set[str] = set()
        self.life = "first"

    def write(self, proposal: str, **fields: Any) -> tuple[str, int, bytes]:
        """One more entry, committed; returns what `announce` is told of it."""
        seq = len(self.entries[proposal]) + 1
        text = json.dumps({"seq": seq, "event": "reacted", **fields}).encode()
        self.entries[proposal].append(text)
        return f"proposal:{proposal}", seq, text

    async def entries_after(self, topic: str, after: int, limit: int) -> Sequence[Entry]:
        proposal = self._id(topic)
        found = [(seq, text) for seq, text in enumerate(self.entries[proposal], start=1) if seq > after]
        await self._read()
        return found[:limit]

    async def current_seqs(self, topics: Collection[str]) -> Mapping[str, int]:
        found = {topic: len(self.entries[self._id(topic)]) for topic in topics}
        await self._read()
        return found

    async def epoch(self) -> str:
        return self.life

    async def admit(self, credential: Credential) -> Visitor | None:
        if credential.screen is not None:
            return Visitor(Screen(credential.screen), credential) if credential.screen in self.screens else None
        account = self.people.get(credential.session or credential.token or "")
        return Visitor(account, credential) if account else None

    async def open(self, viewer: Viewer, topic: str, after: int | None) -> Opening | None:
        proposal = self._id(topic)
        if proposal not in self.entries or (viewer, proposal) in self.closed_to:
            return None
        if isinstance(viewer, Screen) and self.screens.get(viewer.digest) != proposal:
            return None
        seq = len(self.entries[proposal])
        if after is not None and (after > seq or seq - after > FAR):
            return Opening(seq, (), too_far=True, epoch=self.life)
        found = await self.entries_after(topic, seq if after is None else after, FAR)
        return Opening(seq, found, epoch=self.life)

    async def waiting(self, account: str) -> bytes:
        return frames.message("waiting", proposals=list(self.rows[account]), rooms={})

    async def gone(self, visitors: Collection[Visitor]) -> Collection[Visitor]:
        return [one for one in visitors if await self.admit(one.credential) != one]

    async def seen(self, accounts: Collection[str]) -> None:
        self.noted |= set(accounts)

    async def hidden(self, looks: Collection[Look]) -> Collection[Look]:
        return [(viewer, topic) for viewer, topic in looks if (viewer, self._id(topic)) in self.closed_to]

    def _id(self, topic: str) -> str:
        return topic.removeprefix("proposal:")

    async def _read(self) -> None:
        self.readings += 1
        self.reading.set()
        await self.readable.wait()


class Page:
    """An outlet that keeps what it was given; `slow` plays a reader who does not keep up."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.wires: list[bytes] = []
        self.slow = False
        self.broken = False
        self.closed: int | None = None

    def put(self, texts: Sequence[bytes], wire: bytes, lag: int = 0) -> bool:
        if self.broken:
            raise OSError("gone")
        if self.slow:
            self.close(1013)
            return False
        self.texts.extend(texts)
        self.wires.append(wire)
        return True

    def behind(self) -> int:
        return 0

    def close(self, code: int, reason: str = "") -> None:
        self.closed = code

    async def drained(self) -> None:
        await asyncio.sleep(0)

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]

    @property
    def seqs(self) -> list[int]:
        return [said["seq"] for said in self.said if said["type"] == "event"]


async def settled(turns: int = 50) -> None:
    """Give every task that can go on its turns; nobody waits for a clock."""
    for _ in range(turns):
        await asyncio.sleep(0)


async def subscribe(hub: Hub, book: Book, page: Page, after: int) -> Subscription:
    """As the consumer does it: join, read, write, settle."""
    subscription = hub.join(TOPIC, page)
    seq, settled_now = after, False
    while not settled_now:
        found = await book.entries_after(TOPIC, seq, FAR)
        for number, text in found:
            page.put([text[:1] + b'"type":"event",' + text[1:]], b"")
            seq = number
        settled_now = hub.settle(TOPIC, subscription, seq)
    return subscription
