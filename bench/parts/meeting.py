"""A whole decision in one room: members who act as fast as their turns allow, over servers that share one proposal."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bench.parts.control import now
from bench.parts.member import Command, Member, manner_of
from bench.parts.screen import Screen, Texts

Json = Any
CUT = 0.2  # how often a command is followed by a cut, of any member
REPEAT = 0.05  # how often an answer is taken for lost, and the command sent again
LOSE = 0.1  # how often a screen misses a frame, in a round in which others follow
PAUSE = 0.1  # seconds that somebody is away at most
TRIES = 5
PATIENCE = 60.0  # seconds: heads come every ten


@dataclass(frozen=True)
class Sent:
    """A command that was done: when it was sent and answered, and the last entry that it made. `by_turns`: one
    after another, not all at once as in a sealed round."""

    by_turns: bool
    at: float
    answered: float
    seq: int


class Seat:
    """One member at the meeting: their screen at one server, their commands to one too."""

    def __init__(self, member: Member, screen: Screen, url: str, elsewhere: str, token: str) -> None:
        self.member = member
        self.screen = screen
        self.url = url
        self.elsewhere = elsewhere
        self.headers = {"Authorization": f"Bearer {token}"}
        self.changed = asyncio.Event()
        screen.told = self.changed.set


class Meeting:
    """`people`: the members, then one observer through whose eyes the end is judged. `pace`: seconds, on the average,
    that somebody takes to think about what has changed."""

    def __init__(self, ports: Sequence[int], people: Sequence[Json], team: str, seed: int, pace: float = 0.0) -> None:
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.ports = list(ports)
        self.people = list(people[:-1])
        self.team = team
        self.seats: list[Seat] = []
        self.sent: list[Sent] = []
        self.refused: Counter[str] = Counter()
        self.surprises: list[str] = []
        self.repeated = self.insisted = 0
        self.texts = Texts()
        self.floor = asyncio.Event()
        self.on_the_way = 0
        self.played = 0.0
        self.pace = pace
        self.proposal = ""
        self._watcher = {"Authorization": f"Bearer {people[-1]['token']}"}
        self._chance = random.Random(seed)
        self._http = httpx.AsyncClient(verify=False, timeout=30, limits=httpx.Limits(max_connections=None))

    # From start to end

    async def gather(self) -> None:
        """The proposal is open, so is its room, and everybody has the page before them."""
        facilitator, author = self.people[0], self.people[1]
        text = {"title": "Leave at six", "driver": "We miss the tide.", "body": "All boats leave at six."}
        draft = await self._do(author, "POST", f"teams/{self.team}/proposals/", text)
        self.proposal = draft["id"]
        await self._do(author, "POST", f"proposals/{self.proposal}/open/", {"facilitator": facilitator["id"]})
        await self._do(facilitator, "POST", f"proposals/{self.proposal}/room/", {})
        self.seats = [self._seat(number, who) for number, who in enumerate(self.people)]
        await asyncio.gather(*(seat.screen.begin() for seat in self.seats))

    async def play(self, between: Callable[[], Awaitable[None]] | None = None, every: int = 10) -> None:
        """Until the proposal is adopted. `between`: after so many commands everything rests, and this is done."""
        began = self._go_on()
        acting = asyncio.gather(*(self._act(seat) for seat in self.seats))
        while not acting.done() and between is not None:
            enough = len(self.sent) + every
            while len(self.sent) < enough and not acting.done():
                await asyncio.sleep(0.005)
            self.played += now() - began
            await self._rest()
            await between()
            began = self._go_on()
        await acting
        self.played += now() - began
        await self._rest()

    def _go_on(self) -> float:
        self.floor.set()
        return now()

    async def end(self) -> None:
        for seat in self.seats:
            seat.screen.close()
        await self._http.aclose()

    async def _rest(self) -> None:
        """Nobody acts, and every screen shows what the journal has."""
        self.floor.clear()
        async with asyncio.timeout(PATIENCE):
            while self.on_the_way:
                await asyncio.sleep(0.001)
            last = (await self.snapshot())["seq"]
            while any(seat.screen.seq < last for seat in self.seats):
                await asyncio.sleep(0.001)

    # Acting

    async def _act(self, seat: Seat) -> None:
        while not seat.screen.over:
            if not self.floor.is_set():
                await self.floor.wait()
                continue
            seat.changed.clear()
            seen, command = seat.screen.seq, seat.member.next(seat.screen.model)
            if command is None:
                await seat.changed.wait()
                if self.pace:
                    await asyncio.sleep(self._chance.expovariate(1 / self.pace))
                continue
            self.on_the_way += 1
            try:
                last = await self._give(seat, command) or seen + 1  # refused: something has happened meanwhile
            finally:
                self.on_the_way -= 1
            while seat.screen.seq < last:
                seat.changed.clear()
                await seat.changed.wait()

    async def _give(self, seat: Seat, command: Command) -> int:
        """Returns the number of its last entry; 0 if it was refused."""
        key, sent, phase = str(uuid.uuid4()), now(), seat.screen.model["phase"]
        answer = await self._call(seat.url, seat.headers, command.method, command.path, command.body, key)
        answered = now()
        if answer.status_code >= 400:
            return self._note_refusal(command, answer)
        if self._chance.random() < REPEAT:
            await self._repeat(seat, command, key, answer)
        if self._chance.random() < CUT:
            self._chance.choice(self.seats).screen.cut(self._chance.random() * PAUSE)
        done = answer.json()
        if done["entries"]:
            by_turns = phase != "consent" and done["entries"][0]["event"] != "joined"
            self.sent.append(Sent(by_turns, sent, answered, done["seq"]))
        return int(done["seq"])

    def _note_refusal(self, command: Command, answer: httpx.Response) -> int:
        code = answer.json().get("code", answer.status_code)
        self.refused[code] += 1
        if code not in command.expected:
            self.surprises.append(f"{command.method} {command.path}: {code}")
        return 0

    async def _repeat(self, seat: Seat, command: Command, key: str, first: httpx.Response) -> None:
        """To the other server, with the same key: the same answer, and no second effect."""
        again = await self._call(seat.elsewhere, seat.headers, command.method, command.path, command.body, key)
        self.repeated += 1
        if again.content != first.content or again.headers.get("Idempotent-Replayed") != "true":
            self.surprises.append(f"{command.method} {command.path}: answered differently when repeated")

    # What was

    def last_screen(self, sent: Sent) -> float:
        """Seconds until the last screen had it, of those that were not cut off meanwhile."""
        there = [seat.screen for seat in self.seats]
        at = [screen.at[sent.seq] for screen in there if not screen.was_away(sent.at, screen.at[sent.seq])]
        return max(at) - sent.at

    def text_of(self, seq: int) -> str:
        mark = f'"seq":{seq},'
        return next(text for text in reversed(self.texts.all) if mark in text[:120])

    # The seats

    def _seat(self, number: int, who: Json) -> Seat:
        """Every fourth has the screen here and the commands there, every fourth the other way round."""
        here, there = number % len(self.urls), number // 2 % len(self.urls)
        token, topic = who["token"], f"proposal:{self.proposal}"
        headers = {"Authorization": f"Bearer {token}"}
        screen = Screen(self.ports[here], token, topic, lambda: self.snapshot(self.urls[here], headers), self.texts)
        if number > 1:
            screen.loses = lambda: self._loses(screen)
        member = Member(who["id"], self.proposal, manner_of(number, len(self.people)))
        return Seat(member, screen, self.urls[there], self.urls[there - 1], token)

    def _loses(self, screen: Screen) -> bool:
        """Where somebody else's entry follows at once and shows the gap."""
        many_follow = screen.model["phase"] == "consent" and screen.model["revision"] == 1
        return many_follow and self._chance.random() < LOSE

    # Calls

    async def snapshot(self, url: str | None = None, headers: Json = None) -> Json:
        answer = await self._call(url or self.urls[0], headers or self._watcher, "GET", f"proposals/{self.proposal}/")
        return answer.raise_for_status().json()

    async def journal(self) -> list[Json]:
        entries: list[Json] = []
        while True:
            path = f"proposals/{self.proposal}/journal/?after={len(entries)}"
            answer = await self._call(self.urls[-1], self._watcher, "GET", path)
            page = answer.raise_for_status().json()["results"]
            if not page:
                return entries
            entries += page

    async def exported(self) -> Json:
        path = f"proposals/{self.proposal}/export/"
        return (await self._call(self.urls[0], self._watcher, "GET", path)).raise_for_status().json()

    async def _do(self, who: Json, method: str, path: str, body: Json) -> Json:
        headers = {"Authorization": f"Bearer {who['token']}"}
        return (await self._call(self.urls[0], headers, method, path, body)).raise_for_status().json()

    async def _call(
        self, url: str, headers: Json, method: str, path: str, body: Json = None, key: str | None = None
    ) -> httpx.Response:
        """Until there is an answer: a connection that breaks costs nothing, as the key is one and the same."""
        known = {**headers, "Idempotency-Key": key or str(uuid.uuid4())}
        for _ in range(TRIES):
            try:
                answer = await self._http.request(method, f"{url}/api/v1/{path}", headers=known, json=body)
            except httpx.TransportError:
                self.insisted += 1
                continue
            if "Retry-After" not in answer.headers:
                return answer
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        raise RuntimeError(f"{method} {path}: no answer, however often it was sent")
