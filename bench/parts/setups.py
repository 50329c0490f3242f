"""The three ways to run Rondo that are put under load, each in processes of its own, with its teams and idle pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.parts import spent
from bench.parts.caller import Caller
from bench.parts.rooms import TEXT, Page
from bench.parts.side import Side, side
from tests.faults.cluster import cluster
from tests.servers import redis

NAMES = {
    "sqlite": "one process, SQLite",
    "postgresql": "one process, PostgreSQL",
    "redis": "two processes, PostgreSQL and Redis",
}
MEMBERS = 12
CROWD = 60  # pages that come at once
Json = Any


@dataclass
class Spent:
    """Seconds of processor time so far: of each process's loop, of each process, of the database, of Redis; the words
    that each process sent and heard; resident bytes of each."""

    loop: list[float]
    whole: list[float]
    database: float
    redis: float
    sent: list[int]
    heard: list[int]
    rss: list[int]

    def since(self, before: Spent) -> Spent:
        def less(after: list[Any], earlier: list[Any]) -> list[Any]:
            return [one - other for one, other in zip(after, earlier, strict=True)]

        return Spent(
            less(self.loop, before.loop), less(self.whole, before.whole), self.database - before.database,
            self.redis - before.redis, less(self.sent, before.sent), less(self.heard, before.heard),
            less(self.rss, before.rss),
        )  # fmt: skip


@dataclass
class Setup:
    """One of them, running."""

    name: str
    sides: list[Side]
    url: str
    redis_url: str
    teams: list[Json] = field(default_factory=list)
    idle: list[Page] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    """Resident bytes of each process before anybody came."""

    @property
    def ports(self) -> list[int]:
        return [one.port for one in self.sides]

    @property
    def people(self) -> list[tuple[str, str]]:
        """(token, the proposal of their team), of everybody."""
        teams = zip(self.teams, self.proposals, strict=True)
        return [(who["token"], proposal) for team, proposal in teams for who in team["people"]]

    async def settle(self, teams: int, members: int = MEMBERS) -> None:
        """So many teams, each with a proposal in its first round."""
        asked = json.dumps({"teams": teams, "members": members, "first": 0})
        self.bare = [(await one.tell("spent"))["rss"] for one in self.sides]
        self.teams = await self.sides[0].tell("teams", asked)
        for team in self.teams:
            author = Caller(self.ports[0], team["people"][0]["token"])
            made = json.loads(await author.call("POST", f"/api/v1/teams/{team['team']}/proposals/", TEXT))
            await author.call("POST", f"/api/v1/proposals/{made['id']}/open/", {})
            author.close()
            self.proposals.append(made["id"])

    async def arrive(self, first: int, until: int) -> None:
        """These of all people open a page and leave it open."""
        pages = [
            (Page(token, proposal), self.ports[number % len(self.ports)])
            for number, (token, proposal) in enumerate(self.people[first:until])
        ]
        for start in range(0, len(pages), CROWD):
            await asyncio.gather(*(page.come(port) for page, port in pages[start : start + CROWD]))
        self.idle += [page for page, _ in pages]

    async def spent(self) -> Spent:
        told = [await one.tell("spent") for one in self.sides]
        columns = {name: [one[name] for one in told] for name in told[0]}
        others = await asyncio.gather(
            asyncio.to_thread(spent.of_postgres, self.url), asyncio.to_thread(spent.of_redis, self.redis_url)
        )
        return Spent(columns["loop"], columns["whole"], *others, columns["sent"], columns["heard"], columns["rss"])

    async def noted(self) -> list[dict[str, list[Any]]]:
        """What each process counted since the last time."""
        return [await one.tell("noted") for one in self.sides]

    def bytes(self) -> int:
        return spent.size_of(self.url, self.sides[0].folder)


@asynccontextmanager
async def setup(name: str) -> AsyncIterator[Setup]:
    """Raises RuntimeError where PostgreSQL or Redis is not installed."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(cluster()).url if name != "sqlite" else ""
        redis_url = stack.enter_context(redis()) if name == "redis" else ""
        there = {"DATABASE_URL": url, "REDIS_URL": redis_url}
        sides = [await stack.enter_async_context(side("counted", 0, **there))]
        if name == "redis":
            more = {**there, "RONDO_DATA": sides[0].folder}
            sides.append(await stack.enter_async_context(side("counted", 0, "beside", **more)))
        made = Setup(name, sides, url, redis_url)
        yield made
        for page in made.idle:
            page.transport.close()
