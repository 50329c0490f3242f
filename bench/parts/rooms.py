"""Circles that decide in live rooms at a set pace, one decision after another, and how long acts and pushes took.

Everybody has a socket of their own that follows the decision and `me`, as the page does. One model is kept for a room:
all its sockets hear the same.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bench.parts.caller import Caller
from bench.parts.control import now
from bench.parts.member import Command, Member, manner_of
from bench.parts.wire import Wire
from tests.merging import merged

Json = Any
ENDED = ("adopted", "withdrawn")
PATIENCE = 20.0  # seconds after which what has not come is missing; heads come every ten
TEXT = {"title": "Leave at six", "driver": "We miss the tide.", "body": "All boats leave at six."}


@dataclass
class Found:
    """What the rooms of a step have seen, in seconds."""

    answers: list[float] = field(default_factory=list)
    pushes: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    adopted: int = 0
    counts: bool = False
    """Whether it is measured already; before that the rooms are only warming up."""


class Page(Wire):
    """What somebody has open: subscribed to `me` and to one decision."""

    def __init__(self, token: str, proposal: str) -> None:
        super().__init__(token)
        self._topics = ("me", f"proposal:{proposal}")
        self._subscribed = 0
        self.ready = asyncio.Event()

    def opened(self) -> None:
        for topic in self._topics:
            self.subscribe(topic)

    def frame(self, kind: int, data: bytes, start: int, end: int) -> None:
        if data.startswith(b'{"type":"subscribed"', start):
            self._subscribed += 1
            if self._subscribed == len(self._topics):
                self.ready.set()

    async def come(self, port: int) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)
        await asyncio.wait_for(self.ready.wait(), 60)


class Seat(Page):
    """A page in a live room: notes when each entry comes."""

    def __init__(self, room: Room, token: str, proposal: str, seq: int) -> None:
        super().__init__(token, proposal)
        self._room = room
        self.seq = seq

    def frame(self, kind: int, data: bytes, start: int, end: int) -> None:
        if data.startswith(b'{"type":"event"', start):
            self._room.heard(self, data, start, end)
        else:
            super().frame(kind, data, start, end)


class Room:
    """One team in its room."""

    def __init__(self, ports: Sequence[int], team: Json, found: Found, seed: int) -> None:
        self.people, self.slug = team["people"], team["team"]
        self.found = found
        self._ports = ports
        self._chance = random.Random(seed)
        tokens = [who["token"] for who in self.people]
        self._callers = [Caller(ports[number // 2 % len(ports)], token) for number, token in enumerate(tokens)]
        self._acting: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.seats: list[Seat] = []
        self.sent = 0

    # A decision, from its beginning to its end

    async def begin(self) -> None:
        """A proposal is open, so is its room, and everybody has the page before them."""
        author, facilitator = self._callers[1], self._callers[0]
        draft = await author.call("POST", f"/api/v1/teams/{self.slug}/proposals/", TEXT)
        self.proposal = json.loads(draft)["id"]
        place = f"/api/v1/proposals/{self.proposal}/"
        await author.call("POST", f"{place}open/", {"facilitator": self.people[0]["id"]})
        await facilitator.call("POST", f"{place}room/", {})
        self.model = json.loads(await facilitator.call("GET", f"{place}?shared"))
        self._at: dict[int, list[float]] = {}
        self._members = [
            Member(who["id"], self.proposal, manner_of(number, len(self.people)))
            for number, who in enumerate(self.people)
        ]
        tokens = [who["token"] for who in self.people]
        self.seats = [Seat(self, token, self.proposal, self.model["seq"]) for token in tokens]
        ports = self._ports
        await asyncio.gather(*(seat.come(ports[number % len(ports)]) for number, seat in enumerate(self.seats)))

    async def end(self) -> None:
        """Nobody acts any more: whatever was done has to be on every page."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(PATIENCE):
                while any(seat.seq < self.model["seq"] for seat in self.seats):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            self.found.missing += sum(self.model["seq"] - seat.seq for seat in self.seats)
        for seat in self.seats:
            seat.transport.close()
        self.seats = []

    def close(self) -> None:
        for one in self._callers:
            one.close()

    # Acting

    async def act(self, until: float, pace: float) -> None:
        """Until then somebody does something every `pace` seconds on average, whoever's turn it is."""
        due = now() + self._chance.random() * pace
        while due < until:
            await asyncio.sleep(max(0.0, due - now()))
            due += self._chance.expovariate(1 / pace)
            if self.model["phase"] in ENDED and not await self._goes_on():
                return
            self._somebody_acts()

    async def play(self) -> None:
        """One decision from its first round to its end, each act as soon as the one before is answered."""
        while self.model["phase"] not in ENDED:
            self._somebody_acts()
            await asyncio.gather(*self._tasks)
            await asyncio.sleep(0.002)
        self.found.adopted += 1

    async def _goes_on(self) -> bool:
        self.found.adopted += 1
        await self.end()
        try:
            await self.begin()
        except (RuntimeError, OSError, asyncio.IncompleteReadError, TimeoutError) as trouble:
            self.found.errors[f"no next decision: {trouble!r}"[:160]] += 1
            return False
        return True

    def _somebody_acts(self) -> None:
        for number in self._chance.sample(range(len(self.people)), len(self.people)):
            if number in self._acting:
                continue
            command = self._members[number].next(self.model)
            if command is not None:
                self._acting.add(number)
                task = asyncio.get_running_loop().create_task(self._give(number, command))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
                return

    async def _give(self, number: int, command: Command) -> None:
        caller, began = self._callers[number], now()
        counts, at = self.found.counts, self._at
        try:
            answer = await caller.call(command.method, f"/api/v1/{command.path}", command.body)
        except RuntimeError as refusal:
            self._note(refusal)
        except (OSError, asyncio.IncompleteReadError) as broken:
            self.found.errors[type(broken).__name__] += 1
            caller.close()
        else:
            answered, done = now(), json.loads(answer)
            self.sent += 1
            await self._until_heard(done["seq"], at, len(self.people) if done["entries"] else 0)
            if counts and done["entries"]:
                self.found.answers.append(answered - began)
                self.found.pushes += [when - began for when in at.get(done["seq"], ())]
        finally:
            self._acting.discard(number)

    async def _until_heard(self, seq: int, at: dict[int, list[float]], pages: int) -> None:
        """Whoever has acted looks at what became of it before they act again."""
        limit = now() + PATIENCE
        while (len(at.get(seq, ())) < pages or self.model["seq"] < seq) and now() < limit:
            await asyncio.sleep(0.005)

    def _note(self, refusal: RuntimeError) -> None:
        """A refusal of the rules is a race that a member lost; all else is an error."""
        told = str(refusal)
        if " 409 " in told or " 403 " in told:
            self.found.refused["by the rules"] += 1
        else:
            self.found.errors[told[:160]] += 1

    # Hearing

    def heard(self, seat: Seat, data: bytes, start: int, end: int) -> None:
        at = data.find(b'"seq":', start, start + 200)
        seq = int(data[at + 6 : data.index(b",", at)])
        if seq <= seat.seq:
            return
        seat.seq = seq
        self._at.setdefault(seq, []).append(now())
        if seq == self.model["seq"] + 1:
            self.model = merged(self.model, msgspec.json.decode(data[start:end])["changes"])
