"""The snapshot of a decision through the real server, beside the usual nested serializers and bare SQL; an empty view
and a command, beside the same under Django's own ASGI handler."""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import uvloop

from bench.parts.caller import Caller, ask_and_take_back
from bench.parts.control import now
from bench.parts.notes import milliseconds, note, place, say
from bench.parts.side import Side, side

Way = Callable[[float], Awaitable[list[float]]]
"""Of spending so many seconds; what each answer took."""
AT_ONCE = 8
PEOPLE = 12
QUESTIONS = 16
EMPTY = "/empty/"


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.rounds, asked.seconds = 1, 0.5
    known = {"DJANGO_SETTINGS_MODULE": "bench.parts.web_settings", "BENCH_PEOPLE": str(PEOPLE)}
    async with AsyncExitStack() as stack:
        rondo = await stack.enter_async_context(side("rondo", 0, **known))
        stock = await stack.enter_async_context(side("stock", 0, **known))
        usual = {**known, "BENCH_MIDDLEWARE": "usual"}
        bare_rondo = await stack.enter_async_context(side("rondo", 0, **usual))
        bare_stock = await stack.enter_async_context(side("stock", 0, **usual))
        id = await rondo.tell("story", QUESTIONS)
        paths = {"snapshot": f"/api/v1/proposals/{id}/?shared", "own": f"/api/v1/proposals/{id}/"}
        paths |= {"nested": f"/api/v1/nested/{id}/", "bare": f"/bare/{id}/", "site_empty": EMPTY}
        crews = [here, there, here_bare, there_bare] = [Crew(one) for one in (rondo, stock, bare_rondo, bare_stock)]
        ways: dict[str, Way] = {name: partial(here.read, path) for name, path in paths.items()}
        ways |= {"stock_site_empty": partial(there.read, EMPTY)}
        ways |= {"empty": partial(here_bare.read, EMPTY), "stock_empty": partial(there_bare.read, EMPTY)}
        ways |= {"written": await here.writing(), "stock_written": await there.writing()}
        sizes = {name: len(await here.people[0].call("GET", path)) for name, path in paths.items() if path != EMPTY}
        rates: dict[str, list[float]] = {name: [] for name in ways}
        waits: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(asked.rounds + 1):
            for name, way in ways.items():
                found = await way(asked.seconds)
                if number:  # the first round fills what is kept
                    rates[name].append(len(found) / asked.seconds)
                    waits[name] += found
            say(f"round {number}")
        for crew in crews:
            crew.close()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    note(
        {
            "bench": "http",
            "snapshot_times_nested": times(rates["own"], rates["nested"]),
            "snapshot_times_bare": times(rates["own"], rates["bare"]),
            "shared_times_nested": times(rates["snapshot"], rates["nested"]),
            "empty_times_stock": times(rates["empty"], rates["stock_empty"]),
            "site_empty_times_stock": times(rates["site_empty"], rates["stock_site_empty"]),
            "written_times_stock": times(rates["written"], rates["stock_written"]),
            **{f"{name}_per_s": round(found) for name, found in middle.items()},
            **{f"{name}_ms_p{which}": milliseconds(place(waits[name], which)) for name in ways for which in (50, 99)},
            **{f"{name}_kib": round(size / 1024, 1) for name, size in sizes.items()},
            "at_once": AT_ONCE,
            "rounds": asked.rounds,
            "quick": asked.quick,
        }
    )


class Crew:
    """So many people at one server, none of whom is the author, who go on as fast as they are answered."""

    def __init__(self, server: Side) -> None:
        self._server = server
        self.people = [Caller(server.port, token) for token in server.ready["tokens"][1 : AT_ONCE + 1]]

    async def read(self, path: str, seconds: float) -> list[float]:
        """The seconds of each answer."""

        async def ask(one: Caller, number: int) -> None:
            await one.call("GET", path)

        return await self._all(ask, seconds)

    async def writing(self) -> Way:
        """Everybody in a proposal of their own: a question asked and taken back."""
        rounds = await self._server.tell("more", AT_ONCE)

        async def write(one: Caller, number: int) -> None:
            await ask_and_take_back(one, rounds[number])

        return partial(self._all, write)

    async def _all(self, deed: Callable[[Caller, int], Awaitable[None]], seconds: float) -> list[float]:
        end = now() + seconds

        async def go_on(one: Caller, number: int) -> list[float]:
            one.took.clear()
            while now() < end:
                await deed(one, number)
            return list(one.took)

        found = await asyncio.gather(*(go_on(one, number) for number, one in enumerate(self.people)))
        return [each for theirs in found for each in theirs]

    def close(self) -> None:
        for one in self.people:
            one.close()


def times(ours: list[float], theirs: list[float]) -> float:
    return round(statistics.median(one / other for one, other in zip(ours, theirs, strict=True)), 2)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench http", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5, help="for each way in each round")
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
