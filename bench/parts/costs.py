"""What each thing costs a set-up, in seconds of processor time: counted with little going on, one after another.

Kept as rows, one for each call, so that a simulation can draw from what was seen.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from typing import Any

from bench.parts import spent
from bench.parts.caller import Caller
from bench.parts.control import now
from bench.parts.rooms import Found, Room
from bench.parts.setups import MEMBERS, Setup, Spent

KEPT = 60  # rows of a kind
READS = {"me": "/api/v1/me/", "list": "/api/v1/proposals/?waiting_for=me", "snapshot": "/api/v1/proposals/{}/"}
PERIODS = {"beat": 10.0, "check_visitors": 4.0, "sweep": 60.0, "note_seen": 20.0}
"""The beats of the live side, and how often each comes, in seconds."""
Costs = dict[str, Any]
Rows = Sequence[Sequence[float]]


def thinned(rows: Rows, kept: int = KEPT) -> list[list[float]]:
    """So many of them, spread evenly from the cheapest to the dearest, so that their mean stays what it was."""
    ordered = sorted(rows, key=list)
    if len(ordered) <= kept:
        return [[round(value, 7) for value in row] for row in ordered]
    return [[round(value, 7) for value in ordered[int((at + 0.5) * len(ordered) / kept)]] for at in range(kept)]


async def costs(one: Setup, *, calls: int, decisions: int, rest: float) -> Costs:
    """Leaves the set-up with a page open for everybody."""
    found: Costs = {"setup": one.name, "members": MEMBERS}
    found |= await resting(one, rest)
    found |= await reading(one, calls, found)
    found |= await deciding(one, decisions, found)
    found |= await arriving(one, found["looks"])
    found |= await beating(one, found)
    found["waiting"] = once_and_each(found.pop("looks"))
    if one.redis_url:
        found["redis_word"] = [round(each, 8) for each in await asyncio.to_thread(spent.of_a_word, one.redis_url)]
    found["hop"] = round(await asyncio.to_thread(spent.there_and_back, one.url), 6)
    flushes = await asyncio.to_thread(spent.flush_seconds)
    found["flush"] = [row[0] for row in thinned([[each] for each in flushes], 20)]
    connections = await asyncio.to_thread(spent.connections_of, one.url)
    found["connections_of_process"] = round(connections / len(one.sides), 1)
    return found


def once_and_each(rows: Rows) -> list[float]:
    """Of (how many, seconds, statements): seconds for all at once and for each of them, then the same of statements."""
    many = [row[0] for row in rows]
    lines = []
    for column in (1, 2):
        values = [row[column] for row in rows]
        if len(set(many)) > 1:
            slope, start = statistics.linear_regression(many, values)
        else:
            slope, start = sum(values) / sum(many), 0.0
        if start < 0:
            slope, start = sum(values) / sum(many), 0.0
        lines.append((start, max(0.0, slope)))
    (once, each), (asked_once, asked_each) = lines
    return [round(once, 7), round(each, 7), round(asked_once, 3), round(asked_each, 3)]


async def resting(one: Setup, seconds: float) -> Costs:
    """Nobody is there: what a process and its database do by the clock alone, a second."""
    before, began = await one.spent(), now()
    await asyncio.sleep(seconds)
    told, took = (await one.spent()).since(before), now() - began
    processes = len(one.sides)
    return {
        "still_process": round(sum(told.whole) / took / processes, 6),
        "still_database": round(told.database / took / processes, 6),
        "rss": int(statistics.mean(one.bare)),
    }


async def reading(one: Setup, calls: int, known: Costs) -> Costs:
    """Each page's calls one by one, by everybody in turn."""
    people = one.people[: 4 * MEMBERS]
    callers = [Caller(one.ports[0], token) for token, _ in people]
    for number in range(min(calls, len(people))):
        for path in READS.values():
            await callers[number].call("GET", path.format(people[number][1]))
    await one.noted()
    before, began = await one.spent(), now()
    for number in range(calls):
        for path in READS.values():
            caller, (_, proposal) = callers[number % len(people)], people[number % len(people)]
            await caller.call("GET", path.format(proposal))
    told, took = (await one.spent()).since(before), now() - began
    for each in callers:
        each.close()
    noted = (await one.noted())[0]["calls"]
    found: Costs = {}
    for name, path in READS.items():
        ending = "/proposals/" if name == "list" else path.split("{")[0]
        rows = [row for row in noted if _is(name, row[1], ending)]
        found[name] = thinned([[cpu, held, statements] for _, _, cpu, held, statements in rows])
    asked = sum(row[4] for row in noted)
    still = took * known["still_database"] * len(one.sides)
    found["statement"] = round(max(0.0, told.database - still) / max(1, asked), 7) if one.url else 0.0
    found["redis_call"] = round(told.redis / max(1, len(noted)), 8)
    found["loop_call"] = round(told.loop[0] / max(1, len(noted)), 7)
    return found


def _is(name: str, path: str, ending: str) -> bool:
    if name == "snapshot":
        return path.startswith("/api/v1/proposals/") and len(path) > len("/api/v1/proposals/")
    return path.endswith(ending)


async def deciding(one: Setup, decisions: int, known: Costs) -> Costs:
    """A team decides, all of it at the first process: each act as soon as the one before is answered."""
    found = Found(counts=True)
    rooms = [Room(one.ports[:1], team, found, seed) for seed, team in enumerate(one.teams[:decisions])]
    for room in rooms:
        await room.begin()
    await one.noted()
    size, before, began = await asyncio.to_thread(one.bytes), await one.spent(), now()
    first = sum(room.model["seq"] for room in rooms)
    for room in rooms:
        await room.play()
    await asyncio.sleep(0.3)  # what waits for whom is told a moment later
    told, took = (await one.spent()).since(before), now() - began
    entries = sum(room.model["seq"] for room in rooms) - first
    noted = await one.noted()
    grown = await asyncio.to_thread(one.bytes) - size
    for room in rooms:
        await room.end()
        room.close()
    commands = sum(room.sent for room in rooms)
    return _told_of(noted[0], told, took, commands, known, one) | {
        "entries": round(entries / commands, 4),
        "commands": round(commands / len(rooms) / MEMBERS, 3),
        "bytes_of_entry": round(max(0, grown) / entries),
        "errors": sum(found.errors.values()) + found.missing,
    }


def _told_of(noted: dict[str, list[Any]], told: Spent, took: float, commands: int, known: Costs, one: Setup) -> Costs:
    rows = [[cpu, held, statements] for method, _, cpu, held, statements in noted["calls"] if method != "GET"]
    again = [row for row in noted["works"] if row[0] == "waiting_of_all"]
    looked_up = sum(row[1] for row in again)
    writing = sum(seconds for _, seconds in noted["writes"])
    reached = sum(sockets for sockets, _ in noted["writes"])
    statements = sum(row[2] for row in rows) + sum(row[3] for row in noted["works"])
    still = took * known["still_database"] * len(one.sides)
    loop = told.loop[0] - writing
    figures: Costs = {
        "command": thinned(rows),
        "loop_command": round(loop / commands, 7),
        "write": thinned([[seconds / sockets] for sockets, seconds in noted["writes"] if sockets], 20),
        "writes": round(len(noted["writes"]) / commands, 4),
        "reached": round(reached / max(1, len(noted["writes"])), 2),
        "looks": [list(row[1:]) for row in again],
        "turned": round(looked_up / commands, 4),
        "write_push": round(writing / max(1, reached), 8),
    }
    figures["statement_command"] = round(max(0.0, told.database - still) / max(1, statements), 7) if one.url else 0.0
    if len(one.sides) > 1:
        words = told.heard[1]
        idle = took * known["still_process"]
        figures["words"] = round(told.sent[0] / commands, 4)
        figures["hear"] = round(max(0.0, told.whole[1] - idle) / max(1, words), 7)
    return figures


async def arriving(one: Setup, looks: list[list[float]]) -> Costs:
    """Everybody opens a page: the socket, who it is, `me` and a decision."""
    people = len(one.people)
    await one.arrive(0, people // 6)  # what is made once is made now
    await one.noted()
    before = await one.spent()
    await one.arrive(people // 6, people)
    await asyncio.sleep(0.3)
    told = (await one.spent()).since(before)
    came, noted = people - people // 6, await one.noted()
    threads = sum(row[2] for side_ in noted for row in side_["works"])
    statements = sum(row[3] for side_ in noted for row in side_["works"])
    looks += [row[1:] for side_ in noted for row in side_["works"] if row[0] == "waiting_of_all"]
    return {
        "arrival": [round(sum(told.loop) / came, 7), round(threads / came, 7), round(statements / came, 3)],
        "kib_of_socket": round(sum(told.rss) / came / 1024, 2),
        "open_sockets": people,
    }


async def beating(one: Setup, known: Costs) -> Costs:
    """The beats of the live side, for each open socket and second; and what telling the others who is here costs."""
    sockets = len(one.idle) / len(one.sides)
    found = [await one.sides[0].tell("beats") for _ in range(3)]
    beats = {name: statistics.median(each[name] for each in found) / sockets for name in PERIODS}
    figures: Costs = {"beats": {name: round(seconds, 8) for name, seconds in beats.items()}}
    if len(one.sides) > 1:
        times = 20
        before, began = await one.spent(), now()
        await one.sides[0].tell("presence", times)
        await asyncio.sleep(0.3)
        told, took = (await one.spent()).since(before), now() - began
        for name, whole in zip(("presence_tell", "presence_hear"), told.whole, strict=True):
            figures[name] = round(max(0.0, whole - took * known["still_process"]) / times / sockets, 9)
    return figures
