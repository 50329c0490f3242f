"""Ten thousand sockets on which nothing happens: what each costs, and how a room of fifty is answered meanwhile."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
from contextlib import AsyncExitStack
from typing import Any

import uvloop

from bench.fanout import room_for
from bench.parts.caller import Caller, ask_and_take_back
from bench.parts.control import now
from bench.parts.notes import milliseconds, note, place, say
from bench.parts.side import Side, side

PROCESSES = 2
ROOM = 50
REST = 180.0  # seconds in which only heads and pings go round, and memory is looked through once or twice


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.sockets, asked.commands, asked.rest = 500, 20, 3.0
    room_for(20_000)
    async with AsyncExitStack() as stack:
        rondo = await stack.enter_async_context(side("rondo", BENCH_PEOPLE=str(ROOM)))
        sitters = [
            await stack.enter_async_context(side("sitters", 0, f"127.0.0.{number + 2}")) for number in range(PROCESSES)
        ]
        await sit(sitters, rondo, 100)
        alone = await room(rondo, asked.commands)
        before = await rondo.tell("memory")
        began = now()
        await sit(sitters, rondo, asked.sockets)
        say(f"{asked.sockets} sockets in {now() - began:.1f} s")
        kib = (await rondo.tell("memory") - before) / asked.sockets / 1024
        spent, began = await rondo.tell("spent"), now()
        await asyncio.sleep(asked.rest)
        busy = (await rondo.tell("spent") - spent) / (now() - began)
        among = await room(rondo, asked.commands)
    note(
        {
            "bench": "idle",
            "sockets": asked.sockets,
            "kib_per_idle_socket": round(kib, 1),
            "cpu_percent_idle": round(busy * 100, 1),
            **told("answered", among),
            **told("answered_alone", alone),
            "ratio_to_alone": round(statistics.median(among) / statistics.median(alone), 3),
            "room": ROOM,
            "quick": asked.quick,
        }
    )


def told(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name}_ms_p{which}": milliseconds(place(seconds, which)) for which in (50, 99)}


async def sit(sitters: list[Side], rondo: Side, sockets: int) -> None:
    wanted: dict[str, Any] = {"port": rondo.port, "count": sockets // len(sitters)}
    wanted |= {"tokens": rondo.ready["tokens"], "topics": rondo.ready["topics"][1:2]}
    await asyncio.gather(*(one.tell("gather", json.dumps(wanted)) for one in sitters))


async def room(rondo: Side, commands: int) -> list[float]:
    """Fifty with the page before them, who speak one after another and are answered; seconds of each answer."""
    main = rondo.ready["topics"][0]
    round = await rondo.tell("round", main)
    await rondo.crowd.gather(ROOM, rondo.ready["tokens"], [main])
    people = [Caller(rondo.port, token) for token in rondo.ready["tokens"][1:]]
    for number in range(commands // 2):
        await ask_and_take_back(people[number % len(people)], round)
    for one in people:
        one.close()
    await rondo.crowd.disperse()
    return [seconds for one in people for seconds in one.took]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench idle", description=__doc__)
    parser.add_argument("--sockets", type=int, default=10_000)
    parser.add_argument("--commands", type=int, default=600)
    parser.add_argument("--rest", type=float, default=REST)
    parser.add_argument("--quick", action="store_true", help="few sockets: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
