"""How many circles decide at once on what machine, measured step by step, and how it grows beyond one, simulated.

Three set-ups stand side by side and take each step in turns: one process on SQLite, one on PostgreSQL, two on
PostgreSQL with Redis. Then a simulation is fed with what each thing cost, is held against what was measured, and goes
on from there.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

import uvloop

from bench.fanout import room_for
from bench.parts import capacity_page, sized, spent
from bench.parts.control import now
from bench.parts.costs import Costs, costs
from bench.parts.fitted import checked, fit
from bench.parts.habits import Habits, changed
from bench.parts.notes import note, place, say
from bench.parts.rooms import Found, Room
from bench.parts.setups import MEMBERS, NAMES, Setup, setup

MACHINES = {2: 4, 4: 8}  # cores and GiB of one machine that the page tells of
LADDER = (2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 120)
PACE = 5.0  # seconds between two acts of one member
WARM = 3.0  # seconds of each step that do not count
Line = dict[str, Any]


def main() -> int:
    asked = arguments()
    if asked.report:
        return capacity_page.main()
    if asked.quick:
        asked.seconds, asked.most, asked.calls, asked.rest, asked.simulated = 4.0, 2, 10, 1.0, 4.0
    habits = changed(asked.habit)
    if asked.again:
        measured = kept()
    else:
        room_for(20_000)
        measured = uvloop.run(measure(asked))
    factors = fit(measured, asked.simulated)
    for line in measured:
        note(checked(line, factors[line["setup"]], asked.simulated))
    for line in simulated([{**line["costs"], **factors[line["setup"]]} for line in measured], habits, asked):
        note(line)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench capacity", description=__doc__)
    parser.add_argument("--setups", nargs="*", default=list(NAMES), choices=list(NAMES))
    parser.add_argument("--seconds", type=float, default=15.0, help="that a step counts")
    parser.add_argument("--most", type=int, default=LADDER[-1], help="rooms at once")
    parser.add_argument("--calls", type=int, default=100, help="of each kind, to count what one costs")
    parser.add_argument("--rest", type=float, default=5.0)
    parser.add_argument("--simulated", type=float, default=20.0, help="seconds of the busiest hour that are simulated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--habit", action="append", default=[], metavar="NAME=NUMBER", help="see bench/parts/habits.py")
    parser.add_argument("--again", action="store_true", help="simulate once more what was measured last")
    parser.add_argument("--report", action="store_true", help="write the tables of docs/capacity.md")
    parser.add_argument("--quick", action="store_true", help="few rooms, short: does it run at all?")
    return parser.parse_args()


def kept() -> list[Line]:
    """The last of each set-up that was measured in full."""
    found = [dict(line) for line in capacity_page.latest(capacity_page.read()) if line["bench"] == "capacity"]
    if not found:
        sys.exit("Nothing was measured yet: python3 run.py bench capacity")
    return found


# Measured


async def measure(asked: argparse.Namespace) -> list[Line]:
    lines = []
    async with AsyncExitStack() as stack:
        there: list[Setup] = []
        for name in asked.setups:
            try:
                there.append(await stack.enter_async_context(setup(name)))
            except RuntimeError as missing:
                say(str(missing))
        found: dict[str, Costs] = {}
        for one in there:
            await one.settle(min(asked.most, LADDER[-1]) + 1)
            found[one.name] = await costs(one, calls=asked.calls, decisions=1 if asked.quick else 4, rest=asked.rest)
            say(f"{NAMES[one.name]}: what each thing costs is counted")
        steps = await climbed(there, asked)
        for one in there:
            line = described(one, found[one.name], steps[one.name], asked)
            note(line)
            lines.append(line)
    return lines


async def climbed(there: list[Setup], asked: argparse.Namespace) -> dict[str, list[Line]]:
    """Step by step, each set-up in turn, each until it has twice been beyond the limits on one step."""
    steps: dict[str, list[Line]] = {one.name: [] for one in there}
    going = list(there)
    for rooms in (step for step in LADDER if step <= asked.most):
        for one in list(going):
            for _ in range(2):
                told = await step(one, rooms, asked)
                steps[one.name].append(told)
                if told["within"]:
                    break
            else:
                going.remove(one)
        going.reverse()  # another one first each time
    return steps


async def step(one: Setup, rooms: int, asked: argparse.Namespace, pace: float = PACE) -> Line:
    """So many rooms at once, in which each member acts every `pace` seconds, beside a page left open by everybody."""
    gc.collect()
    found = Found()
    there = [Room(one.ports, team, found, asked.seed * 1000 + number) for number, team in enumerate(one.teams[:rooms])]
    for start in range(0, rooms, 4):
        await asyncio.gather(*(room.begin() for room in there[start : start + 4]))
    until = now() + WARM + asked.seconds
    acting = asyncio.gather(*(room.act(until, pace / len(room.people)) for room in there))
    await asyncio.sleep(WARM)
    found.counts = True
    before, own, everybody, began = await one.spent(), time.process_time(), spent.of_everybody(), now()
    await asyncio.sleep(max(0.0, until - now()))
    told, took = (await one.spent()).since(before), now() - began
    found.counts = False
    load, busy = time.process_time() - own, spent.of_everybody() - everybody
    await acting
    await asyncio.gather(*(room.end() for room in there))
    for room in there:
        room.close()
    ours = sum(told.whole) + told.database + told.redis
    line = {
        "rooms": rooms,
        "commands_per_s": round(len(found.answers) / took, 2),
        "answer_ms": percentiles(found.answers),
        "push_ms": percentiles(found.pushes),
        "adopted": found.adopted,
        "refused": found.refused.total(),
        "errors": found.errors.total(),
        "missing": found.missing,
        "processes_busy": [round(each / took, 3) for each in told.whole],
        "database_busy": round(told.database / took, 3),
        "redis_busy": round(told.redis / took, 3),
        "load_busy": round(load / took, 3),
        "others_busy": round(max(0.0, busy - ours - load) / took, 3),
    }
    line["within"] = bool(found.answers) and holds(line)
    say(f"{one.name}, {rooms} rooms: {json.dumps(line)}")
    for trouble in found.errors:
        say(f"    {trouble}")
    return line


def holds(line: Line) -> bool:
    calm = line["answer_ms"]["p95"] <= sized.ANSWER_MS and line["push_ms"]["p95"] <= sized.PUSH_MS
    return bool(calm and not line["errors"] and not line["missing"])


def percentiles(seconds: list[float]) -> dict[str, float] | None:
    return {f"p{which}": round(1000 * place(seconds, which), 1) for which in (50, 95, 99)} if seconds else None


def described(one: Setup, found: Costs, steps: list[Line], asked: argparse.Namespace) -> Line:
    carried = [line for line in steps if line["within"]]
    entries = found["entries"] * found["commands"] * MEMBERS
    return {
        "bench": "capacity",
        "setup": one.name,
        "pace_s": PACE,
        "rooms": max((line["rooms"] for line in carried), default=0),
        "commands_per_s": max((line["commands_per_s"] for line in carried), default=0),
        "ended_by": ended_by(steps),
        "idle_pages": found["open_sockets"],
        "mib_of_process": round(found["rss"] / sized.MIB),
        "kib_of_socket": found["kib_of_socket"],
        "ms_of_command": round(1000 * (sized.mean_of(found["command"]) + found["loop_command"]), 2),
        "ms_of_what_waits": round(1000 * found["turned"] * sum(found["waiting"][:2]), 2),
        "us_of_push": round(1e6 * found["write_push"], 1),
        "ms_of_snapshot": round(1000 * (sized.mean_of(found["snapshot"]) + found["loop_call"]), 2),
        "ms_of_list": round(1000 * (sized.mean_of(found["list"]) + found["loop_call"]), 2),
        "ms_of_arrival": round(1000 * sum(found["arrival"][:2]), 2),
        "percent_of_idle_pages": round(100 * 1000 * sized.of_idle_page(found), 2),
        "bytes_of_entry": found["bytes_of_entry"],
        "kib_of_decision": round(entries * found["bytes_of_entry"] / 1024),
        "steps": steps,
        "costs": found,
        "quick": asked.quick,
    }


def ended_by(steps: list[Line]) -> str:
    """Why it did not go on: what was beyond its limit on the last step, or the end of the ladder."""
    last = steps[-1] if steps else None
    if last is None or last["within"]:
        return "the last step"
    if last["errors"] or last["missing"]:
        return "errors"
    return "answers" if (last["answer_ms"] or {"p95": 1e9})["p95"] > sized.ANSWER_MS else "pushes"


# Simulated


def simulated(found: list[Costs], habits: Habits, asked: argparse.Namespace) -> list[Line]:
    """One machine with each set-up, then as many as it takes."""
    lines: list[Line] = []
    known = {one["setup"]: one for one in found}
    common = {"quick": asked.quick, "habits": asdict(habits)}
    for one in known.values():
        memory = {cores: gib * 1024 * capacity_page.MEMORY_FOR_US for cores, gib in MACHINES.items()}
        carried = sized.most_on_each(memory, habits, one, seconds=asked.simulated)
        lines += [{"bench": "capacity-one", "gib": MACHINES[most["cores"]], **most, **common} for most in carried]
    if "redis" in known:
        for members in sized.MEMBERS[: 2 if asked.quick else None]:
            for cores in sized.SIZES:
                began = time.monotonic()
                told = sized.sized(members, cores, habits, known["redis"], seconds=asked.simulated, seed=asked.seed)
                lines.append({"bench": "capacity-grown", **told, **common})
                say(f"{members} members, machines of {cores} cores: {time.monotonic() - began:.0f} s to simulate")
    return lines


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever ends it ends its servers too
    sys.exit(main())
