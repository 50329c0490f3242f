"""A command through `submit`, beside the very statements that it made, bare and one by one, on a copy of the database.

Each round gives some commands and notes their statements, then sends the same ones to the copy, over the database's
own driver. Afterwards sixteen write at once through the server. On SQLite, and on PostgreSQL where it is there.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import uvloop

from bench.parts.caller import Caller, ask_and_take_back
from bench.parts.notes import milliseconds, note, place, say
from bench.parts.side import Side, side
from tests.servers import postgres

WRITERS = 16
PROPOSALS = (1, 20)  # one that everybody writes to, and many


def main() -> int:
    asked = arguments()
    if asked.quick:
        asked.rounds, asked.each = 2, 10
    with ExitStack() as stack:
        for name in ("sqlite", "postgresql"):
            try:
                url = stack.enter_context(postgres()) if name == "postgresql" else ""
            except RuntimeError as missing:
                say(str(missing))
                continue
            for many in PROPOSALS:
                note(uvloop.run(measured(asked, name, url, many)))
    return 0


async def measured(asked: argparse.Namespace, name: str, url: str, many: int) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        alone = await stack.enter_async_context(side("statements", 0, str(many), DATABASE_URL=await fresh(url)))
        rounds = [await alone.tell("round", asked.each) for _ in range(asked.rounds + 1)][1:]
    async with AsyncExitStack() as stack:
        rondo = await stack.enter_async_context(side("rondo", 0, DATABASE_URL=await fresh(url)))
        waits = await at_once(rondo, many, asked.each)
    return {
        "bench": "commands",
        "database": name,
        "proposals": many,
        **({"fsync": "off"} if url else {}),
        "ratio_to_bare": round(statistics.median(ours / bare for ours, bare, _ in rounds), 3),
        "command_ms": milliseconds(statistics.median(ours for ours, _, _ in rounds)),
        "bare_ms": milliseconds(statistics.median(bare for _, bare, _ in rounds)),
        "statements": rounds[-1][2],
        "writers": WRITERS,
        "p99_to_p50": round(place(waits, 99) / place(waits, 50), 2),
        "answered_ms_p50": milliseconds(place(waits, 50)),
        "answered_ms_p99": milliseconds(place(waits, 99)),
        "quick": asked.quick,
    }


async def fresh(url: str) -> str:
    """Another database of the same cluster, for the server."""
    if not url:
        return ""
    made = f"rondo_served_{len(_made)}"
    _made.append(made)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c",
        f"import psycopg; psycopg.connect({url!r}, autocommit=True).execute('CREATE DATABASE {made}')",
    )  # fmt: skip
    assert await process.wait() == 0
    return url.rsplit("/", 1)[0] + "/" + made


_made: list[str] = []


async def at_once(rondo: Side, many: int, each: int) -> list[float]:
    """Sixteen people who write as fast as they are answered: the seconds of each answer."""
    rounds = await rondo.tell("more", many)
    people = [Caller(rondo.port, token) for token in rondo.ready["tokens"][1 : WRITERS + 1]]

    async def write(number: int, times: int) -> None:
        for turn in range(times):
            await ask_and_take_back(people[number], rounds[(number + turn) % many])

    await asyncio.gather(*(write(number, 3) for number in range(WRITERS)))
    for one in people:
        one.took.clear()
    await asyncio.gather(*(write(number, max(10, each)) for number in range(WRITERS)))
    for one in people:
        one.close()
    return [seconds for one in people for seconds in one.took]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench commands", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--each", type=int, default=60, help="commands in a round")
    parser.add_argument("--quick", action="store_true", help="few commands: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
