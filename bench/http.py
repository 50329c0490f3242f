"""The snapshot of a decision through the real server, beside the usual nested serializers and bare SQL."""

from __future__ import annotations

import argparse
import asyncio
import statistics
from contextlib import AsyncExitStack

import uvloop

from bench.parts.caller import Caller
from bench.parts.control import now
from bench.parts.notes import milliseconds, note, place, say
from bench.parts.side import side

AT_ONCE = 8
PEOPLE = 12
QUESTIONS = 16


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.rounds, asked.seconds = 1, 0.5
    async with AsyncExitStack() as stack:
        known = {"DJANGO_SETTINGS_MODULE": "bench.parts.web_settings", "BENCH_PEOPLE": str(PEOPLE)}
        rondo = await stack.enter_async_context(side("rondo", 0, **known))
        id = await rondo.tell("story", QUESTIONS)
        paths = {"snapshot": f"/api/v1/proposals/{id}/?shared", "own": f"/api/v1/proposals/{id}/"}
        paths |= {"nested": f"/api/v1/nested/{id}/", "bare": f"/bare/{id}/"}
        people = [Caller(rondo.port, token) for token in rondo.ready["tokens"][:AT_ONCE]]
        sizes = {name: len(await people[0].call("GET", path)) for name, path in paths.items()}
        rates: dict[str, list[float]] = {name: [] for name in paths}
        waits: dict[str, list[float]] = {name: [] for name in paths}
        for number in range(asked.rounds + 1):
            for name, path in paths.items():
                found = await answered(people, path, asked.seconds)
                if number:  # the first round fills what is kept
                    rates[name].append(len(found) / asked.seconds)
                    waits[name] += found
            say(f"round {number}")
        for one in people:
            one.close()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    note(
        {
            "bench": "http",
            "snapshot_times_nested": times(rates["own"], rates["nested"]),
            "snapshot_times_bare": times(rates["own"], rates["bare"]),
            "shared_times_nested": times(rates["snapshot"], rates["nested"]),
            **{f"{name}_per_s": round(found) for name, found in middle.items()},
            **{f"{name}_ms_p{which}": milliseconds(place(waits[name], which)) for name in paths for which in (50, 99)},
            **{f"{name}_kib": round(size / 1024, 1) for name, size in sizes.items()},
            "at_once": AT_ONCE,
            "rounds": asked.rounds,
            "quick": asked.quick,
        }
    )


def times(ours: list[float], theirs: list[float]) -> float:
    return round(statistics.median(one / other for one, other in zip(ours, theirs, strict=True)), 2)


async def answered(people: list[Caller], path: str, seconds: float) -> list[float]:
    """Everybody asks as fast as they are answered: the seconds of each answer."""
    end = now() + seconds

    async def ask(one: Caller) -> list[float]:
        one.took.clear()
        while now() < end:
            await one.call("GET", path)
        return list(one.took)

    return [each for found in await asyncio.gather(*map(ask, people)) for each in found]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench http", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5, help="for each way in each round")
    parser.add_argument("--quick", action="store_true", help="one short round: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
