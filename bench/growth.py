"""What a list, a search, a snapshot and a command cost as decisions become many, and as members do.

Small and large stand side by side, each a database of its own, and are asked in turns.
"""

from __future__ import annotations

import argparse
import statistics
from contextlib import AsyncExitStack
from typing import Any

import uvloop

from bench.parts.notes import milliseconds, note, say
from bench.parts.side import side

FEW = 100  # decisions
WHAT = ("list", "search", "snapshot", "command")


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.decisions, asked.members, asked.rounds = 2000, 60, 2
    note(await compared("decisions", (FEW, 12), (asked.decisions, 12), asked))
    note(await compared("members", (FEW, 3), (FEW, asked.members), asked))


async def compared(what: str, small: tuple[int, int], large: tuple[int, int], asked: argparse.Namespace) -> Any:
    async with AsyncExitStack() as stack:
        sides = [
            await stack.enter_async_context(
                side("grown", 0, str(decisions), BENCH_PEOPLE=str(members), BENCH_CIRCLE=str(members))
            )
            for decisions, members in (small, large)
        ]
        say(f"{what}: {small} and {large} are filled")
        found: list[list[dict[str, float]]] = [[], []]
        for number in range(asked.rounds + 1):
            for which in (number % 2, 1 - number % 2):
                measured = await sides[which].tell("measure")
                if number:
                    found[which].append(measured)
    figures: dict[str, Any] = {"bench": "growth", "of": what}
    figures |= {"from": small[what == "members"], "to": large[what == "members"]}
    for name in WHAT:
        ratios = [many[name] / few[name] for few, many in zip(found[0], found[1], strict=True)]
        figures[f"{name}_times"] = round(statistics.median(ratios), 2)
    for name in WHAT:
        for label, side_ in (("few", 0), ("many", 1)):
            figures[f"{name}_ms_{label}"] = milliseconds(statistics.median(one[name] for one in found[side_]))
    return {**figures, "rounds": asked.rounds, "quick": asked.quick}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench growth", description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="fewer of all: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
