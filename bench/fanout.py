"""One entry, a thousand sockets: how long until the last has it. The bare library and the usual way run beside us."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import uvloop

from bench.parts import epoll
from bench.parts.control import now
from bench.parts.crowd import stopped_reader
from bench.parts.notes import milliseconds, note, place, say
from bench.parts.side import Side, side
from tests.servers import redis

ENTRIES = 50
SELDOM = 10  # one entry in so many goes to the server of the tutorial: it takes long enough
FEWEST_ROUNDS = 3
ENOUGH = 45.0  # seconds after which no further round begins: a busy machine shall not take for ever
FEW = 5  # entries in a row, before the readers come or go
PACE = 0.05  # seconds between two entries, unless the one before is still on its way to somebody
KIB = 1024
OF = {"bare": "websockets", "tutorial": "tutorial", "epoll": "c"}
WITH_SPENT = ("rondo", "tutorial")  # whose processor is counted
READERS = 4  # who ask over HTTP as fast as they are answered, while entries go out
BACKLOG = 32 * KIB  # bytes that the stopped reader is behind while the others are measured

MANY = 2000  # sockets beyond which the server of the tutorial takes seconds for an entry, and is left out


async def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.sockets, asked.rounds = min(asked.sockets, 100), 1
    room_for(5 * asked.sockets + 200)
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(one) for one in competitors(asked.sockets)]
        more = await measured(asked, sides)
    report(asked, sides, more)


def competitors(sockets: int) -> list[AbstractAsyncContextManager[Side]]:
    """Rondo first."""
    found: list[AbstractAsyncContextManager[Side]] = [side("rondo", ENTRIES), side("bare", ENTRIES)]
    if epoll.compiler():
        found.append(side("epoll", ENTRIES))
    else:
        say("There is no C compiler here (cc, gcc or clang): measured without the floor in C.")
    if sockets <= MANY:
        found.append(side("tutorial", ENTRIES // SELDOM))
    return found


async def measured(asked: argparse.Namespace, sides: list[Side]) -> dict[str, Any]:
    """Fills the sides with their times; returns the figures that are of Rondo alone."""
    rondo, *others = sides
    sample = await rondo.tell("sample")
    idle = await gather(rondo, asked.sockets)
    for other in others:
        await other.tell("sample", with_type(sample, rondo))
        await gather(other, asked.sockets)
    began = now()
    for number in range(asked.rounds):
        if number < FEWEST_ROUNDS or now() - began < ENOUGH:
            await play(number, sides)
    more: dict[str, Any] = {"kib_per_idle_socket": round(idle / KIB, 1)}
    if asked.sockets <= MANY:
        more |= await with_a_stopped_reader(rondo)
        more |= await among_readers(rondo)
    for other in others:
        await other.crowd.disperse()
    return more | await over_redis(rondo, asked)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="few sockets, one round: does it run at all?")
    return parser.parse_args()


def room_for(files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, min(files, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def with_type(sample: str, rondo: Side) -> str:
    """The same text as Rondo's frames hold."""
    return f'{{"type":"event","topic":"proposal:{rondo.ready["topics"][0]}",{sample[1:]}'


async def gather(one: Side, sockets: int) -> float:
    """The crowd comes; returns the bytes by which each idle socket made the server grow (of Rondo alone)."""
    tokens, topics = one.ready.get("tokens", []), one.ready["topics"][:1]
    await one.crowd.gather(sockets // 20, tokens, topics)  # what is made once is made now
    await one.crowd.disperse()
    before = await one.tell("memory") if tokens else 0
    began = now()
    await one.crowd.gather(sockets, tokens, topics)
    say(f"{one.name}: {sockets} sockets in {now() - began:.1f} s")
    return (await one.tell("memory") - before) / sockets if tokens else 0.0


async def play(number: int, sides: list[Side]) -> None:
    """One round: entry by entry each side in turn, then a burst on each, another one first each time."""
    turn = number % len(sides)
    order = sides[turn:] + sides[:turn]
    counted = [one for one in order if one.name in WITH_SPENT]
    before = [await one.tell("spent") for one in counted]
    times = await steady(order)
    for one, spent in zip(counted, before, strict=True):
        one.spent.append((await one.tell("spent") - spent) / one.entries)
    for one in order:
        one.each += times[one.name]
        one.steady.append(statistics.median(times[one.name]))
        say(f"round {number + 1}, {one.name}: last socket after {one.steady[-1] * 1000:.1f} ms (median)")
    for one in order if number == 0 else [one for one in order if one.entries == ENTRIES]:
        one.burst.append(await burst(one))
        say(f"    a burst of {one.entries} on {one.name} after {one.burst[-1] * one.entries * 1000:.0f} ms")


async def steady(sides: list[Side]) -> dict[str, list[float]]:
    """For each side the seconds until the last socket had it, entry by entry."""
    times: dict[str, list[float]] = {one.name: [] for one in sides}
    for number in range(ENTRIES):
        began = now()
        for one in sides:
            if number % (ENTRIES // one.entries) == 0:
                times[one.name].append(await one_entry(one))
        await asyncio.sleep(max(0.0, began + PACE - now()))
    return times


async def one_entry(one: Side, topic: str = "") -> float:
    one.crowd.expect(1)
    (published,) = await one.tell("publish", topic)
    await one.crowd.until_all_heard(0, 60)
    return one.crowd.last[0] - float(published)


async def burst(one: Side) -> float:
    """Seconds until the last socket has all of them, for each entry of the burst."""
    one.crowd.expect(one.entries)
    published = await one.tell("burst", one.entries)
    await one.crowd.until_all_heard(one.entries - 1, 60)
    if one.crowd.missing():
        raise RuntimeError(f"{one.name}: {one.crowd.missing()} entries did not arrive")
    return (one.crowd.last[-1] - float(published[0])) / one.entries


async def with_a_stopped_reader(rondo: Side) -> dict[str, Any]:
    """The crowd follows a second proposal, and so does one who stopped reading: an entry here, an entry there."""
    main, beside, other = rondo.ready["topics"]
    cut_before = await rondo.tell("cut")
    await rondo.crowd.follow(beside)
    reader = await stopped_reader(rondo.port, rondo.ready["tokens"][0], [beside, other])
    behind = await rondo.tell("backlog", BACKLOG)
    slower = []
    for _ in range(ENTRIES // 2):
        without = await one_entry(rondo, main)
        slower.append(await one_entry(rondo, beside) / without)
    await rondo.tell("backlog", 1 << 30)  # until it is cut
    reader.close()
    cut = await rondo.tell("cut") - cut_before
    say(f"a reader that stopped was {behind // KIB} KiB behind; it was cut {cut} time")
    return {"ratio_with_stopped_reader": round(statistics.median(slower), 2), "stopped_readers_cut": cut}


async def among_readers(rondo: Side) -> dict[str, Any]:
    """Some entries while the same process answers over HTTP as fast as it can, some while it rests, in turns."""
    path = f"/api/v1/proposals/{rondo.ready['topics'][0]}/"
    wanted = json.dumps({"port": rondo.port, "tokens": rondo.ready["tokens"][:READERS], "path": path})
    full: list[float] = []
    resting: list[float] = []
    answered, took = 0, 0.0
    async with side("askers") as askers:
        for _ in range(ENTRIES // FEW):
            resting += [await one_entry(rondo) for _ in range(FEW)]
            await askers.tell("ask", wanted)
            began = now()
            await asyncio.sleep(PACE)  # until they are at it
            full += [await one_entry(rondo) for _ in range(FEW)]
            took += now() - began
            answered += await askers.tell("rest")
    return {
        "ratio_among_readers": round(statistics.median(full) / statistics.median(resting), 3),
        "readers_answered_per_s": round(answered / took),
    }


async def over_redis(rondo: Side, asked: argparse.Namespace) -> dict[str, Any]:
    """Two processes with Redis between them and half of the sockets each, beside the one process with all of them."""
    try:
        server = redis()
        url = server.__enter__()
    except RuntimeError as missing:
        say(str(missing))
        return {}
    try:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(side("rondo", 0, REDIS_URL=url))
            env = {"REDIS_URL": url, "RONDO_DATA": first.folder}
            second = await stack.enter_async_context(side("rondo", 0, "beside", **env))
            await first.tell("sample")
            half = asked.sockets // 2
            await first.crowd.gather(half, first.ready["tokens"], first.ready["topics"][:1])
            await second.crowd.gather(asked.sockets - half, first.ready["tokens"], first.ready["topics"][:1])
            ratios = [await _beside(rondo, first, second) for _ in range(asked.rounds)]
    finally:
        server.__exit__(None, None, None)
    return {"ratio_over_redis": round(statistics.median(ratios), 3)}


async def _beside(rondo: Side, first: Side, second: Side) -> float:
    alone, together = [], []
    for _ in range(ENTRIES // 2):
        alone.append(await one_entry(rondo))
        for one in (first, second):
            one.crowd.expect(1)
        (published,) = await first.tell("publish", "")
        for one in (first, second):
            await one.crowd.until_all_heard(0, 60)
        together.append(max(first.crowd.last[0], second.crowd.last[0]) - float(published))
    return statistics.median(together) / statistics.median(alone)


def report(asked: argparse.Namespace, sides: list[Side], more: dict[str, Any]) -> None:
    """A ratio below 1 says that Rondo is sooner; a burst's says how many times as many deliveries in a second."""
    middle: Callable[[list[float]], float] = statistics.median
    rondo = sides[0]
    figures: dict[str, Any] = {"bench": "fanout", "sockets": asked.sockets}
    for other in sides[1:]:
        figures[f"ratio_to_{OF[other.name]}"] = round(ratio(rondo.steady, other.steady), 4)
        if other.name == "epoll":
            figures["p99_to_c"] = round(place(rondo.each, 99) / place(other.each, 99), 4)
    for other in sides[1:]:
        figures[f"burst_times_{OF[other.name]}"] = round(middle(other.burst) / middle(rondo.burst), 3)
        if other.spent:
            figures["processor_times_tutorial"] = round(middle(other.spent) / middle(rondo.spent), 1)
    figures |= more
    figures["us_of_processor_a_delivery"] = round(1e6 * middle(rondo.spent) / asked.sockets, 1)
    for one in sides:
        figures[f"{OF.get(one.name, one.name)}_last_ms"] = round(middle(one.steady) * 1000, 2)
        figures[f"{OF.get(one.name, one.name)}_last_ms_p99"] = milliseconds(place(one.each, 99))
        figures[f"{OF.get(one.name, one.name)}_burst_per_s"] = round(asked.sockets / middle(one.burst))
    note({**figures, "entries": ENTRIES, "rounds": len(rondo.steady), "quick": asked.quick})


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median over rounds; within a round both had the same machine."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    uvloop.run(main())
