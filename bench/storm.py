"""A thousand who join in the same moment, each with a credential of their own; beside them the same, asked nothing,
and the same through `AuthMiddlewareStack`, each with a session."""

from __future__ import annotations

import argparse
import statistics
from contextlib import AsyncExitStack

import uvloop

from bench.fanout import room_for
from bench.parts.control import now
from bench.parts.notes import note, say
from bench.parts.side import Side, side


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.sockets, asked.rounds = 100, 1
    room_for(2 * asked.sockets + 200)
    async with AsyncExitStack() as stack:
        people = str(asked.sockets)
        rondo = await stack.enter_async_context(side("rondo", BENCH_PEOPLE=people))
        unasked = await stack.enter_async_context(side("rondo", 0, "unasked", BENCH_PEOPLE=people))
        stock = await stack.enter_async_context(side("stock", 0, "cookies", BENCH_PEOPLE=people))
        sides = [rondo, unasked, stock]
        for one in sides:
            await joined(one, asked.sockets // 10)  # what is made once is made now
        times: dict[int, list[float]] = {0: [], 1: [], 2: []}
        for number in range(asked.rounds):
            for which in (number % 2, 1 - number % 2, 2):
                times[which].append(await joined(sides[which], asked.sockets))
            ours, nothing, usual = (f"{times[which][-1]:.2f} s" for which in range(3))
            say(f"round {number + 1}: {ours}, asked nothing {nothing}, the usual way {usual}")
    note(
        {
            "bench": "storm",
            "sockets": asked.sockets,
            "ratio_to_unasked": ratio(times[0], times[1]),
            "usual_times_ours": ratio(times[2], times[0]),
            "joined_s": round(statistics.median(times[0]), 3),
            "unasked_s": round(statistics.median(times[1]), 3),
            "usual_s": round(statistics.median(times[2]), 3),
            "rounds": asked.rounds,
            "quick": asked.quick,
        }
    )


def ratio(ones: list[float], others: list[float]) -> float:
    """The median over rounds; within a round both had the same machine."""
    return round(statistics.median(one / other for one, other in zip(ones, others, strict=True)), 3)


async def joined(one: Side, sockets: int) -> float:
    """Seconds until the last of them streams."""
    began = now()
    await one.crowd.gather(sockets, one.ready["tokens"], one.ready["topics"][:1], at_once=sockets)
    took = now() - began
    await one.crowd.disperse()
    await one.tell("until_alone")
    return took


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench storm", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="few sockets, one round: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
