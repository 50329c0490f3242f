"""From people and their habits to what comes in a second, and from that to how many processes and machines it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bench.parts.costs import PERIODS, Costs, Rows
from bench.parts.habits import Habits
from bench.parts.simulated import Layout, Load, simulate

HOUR = 3600.0
ANSWER_MS, PUSH_MS = 150.0, 400.0
"""What the 95th percentile of an answer and of a push may be."""
ROOM_FOR_MORE = 0.7  # of a processor: beyond that a busy minute has nowhere to go
SIZES = (2, 4, 8)
MEMBERS = (1_000, 10_000, 100_000, 1_000_000)
DATABASE_CORES = (2, 4, 8, 16, 32, 64)
SAMPLE, LONGEST, SHORTEST = 1000, 7200.0, 6.0  # commands; seconds
ONE_OF_A_KIND = ("redis", "database")  # where these are short, a process more only asks more of them
MOST = 1000  # processes that are tried
FEWEST = 24  # members
STEP = 1.05  # times as many, or as few, are tried next
CHANCES = (1, 2, 3)
MIB = 1024 * 1024


def load_of(members: float, habits: Habits, costs: Costs) -> Load:
    """The busiest hour of a usual day."""
    teams = members / habits.members_of_team
    decisions = teams * habits.decisions_a_week / habits.days * habits.peak_hour / HOUR
    commands = decisions * habits.members_of_team * costs["commands"]
    live = commands * habits.live
    rooms = max(1, round(decisions * habits.live * habits.minutes_in_room * 60))
    looks = members * habits.looks_a_day * habits.peak_hour / HOUR
    reads = {"me": looks, "list": looks, "snapshot": looks * habits.pages_a_look}
    return Load(
        rooms=(rooms, live / rooms, round(habits.members_of_team)),
        alone=commands - live,
        along=habits.along,
        listening=1.0,
        reads=reads,
        arrivals=looks,
        sockets=members * habits.open_pages,
    )


def enough(load: Load, seconds: float) -> float:
    """So long that its percentiles are of many commands, and no longer where there are very many."""
    return max(SHORTEST, min(LONGEST, SAMPLE / load.commands, seconds if load.commands * seconds > SAMPLE else LONGEST))


def within(told: dict[str, Any]) -> bool:
    if told["overloaded"] or told["answer_ms"] is None:
        return False
    pushed = told["push_ms"] or {"p95": 0.0}
    return bool(told["answer_ms"]["p95"] <= ANSWER_MS and pushed["p95"] <= PUSH_MS)


def comfortable(told: dict[str, Any]) -> bool:
    return within(told) and max(told["used"].values()) <= ROOM_FOR_MORE


def sized(members: int, cores: int, habits: Habits, costs: Costs, *, seconds: float, seed: int = 1) -> dict[str, Any]:
    """The fewest processes, and machines of so many cores, that carry them. The database has a machine of its own as
    soon as one machine is not enough. `carried` is false where no number of processes is enough."""
    load = load_of(members, habits, costs)
    processes = 1 if members_of_one(costs) else max(1, int(work(load, costs) / ROOM_FOR_MORE))
    told: dict[str, Any] = {}
    while True:
        layout = laid_out(processes, cores, habits, costs, load)
        told = simulate(costs, layout, load, seconds=enough(load, seconds), seed=seed)
        if comfortable(told) or members_of_one(costs) or processes >= MOST or told["most_used"] in ONE_OF_A_KIND:
            return described(members, layout, load, told, costs)
        processes = max(processes + 1, math.ceil(processes * growth(told)))


def work(load: Load, costs: Costs) -> float:
    """Processors that Python alone is busy with, what processes tell each other left out: where to begin to search."""
    command = mean_of(costs["command"]) + costs["loop_command"] + costs["turned"] * costs["waiting"][1]
    reads = sum(rate * (mean_of(costs[name]) + costs["loop_call"]) for name, rate in load.reads.items())
    beats = load.sockets * of_idle_page(costs)
    once = load.commands * command + reads + load.arrivals * sum(costs["arrival"][:2]) + beats
    return float(once * costs.get("dear", 1.0))


def of_idle_page(costs: Costs) -> float:
    """Processors that one page left open keeps busy."""
    return float(sum(seconds / PERIODS[name] for name, seconds in costs["beats"].items()))


def mean_of(rows: Rows, column: int = 0) -> float:
    return sum(row[column] for row in rows) / len(rows)


def members_of_one(costs: Costs) -> bool:
    """SQLite is for one process."""
    return bool(costs["setup"] == "sqlite")


def growth(told: dict[str, Any]) -> float:
    """By how much more it may be tried next: far off by a half, near by a tenth."""
    return 1.5 if told["overloaded"] or told["used"]["process"] > 1.5 * ROOM_FOR_MORE else 1.1


def laid_out(processes: int, cores: int, habits: Habits, costs: Costs, load: Load) -> Layout:
    """All on one machine while its cores are enough for processes and database; beyond that one process for a core,
    and the database, with Redis, elsewhere."""
    if costs["setup"] == "sqlite":
        return Layout(1, cores)
    if processes < cores or processes == 1:
        return Layout(processes, cores)
    asked = database_work(processes, load, costs)
    database = next((size for size in DATABASE_CORES if size * ROOM_FOR_MORE >= asked), DATABASE_CORES[-1])
    return Layout(processes, cores, math.ceil(processes / cores), database, hop=habits.network_ms / 1000)


def database_work(processes: int, load: Load, costs: Costs) -> float:
    """Processors that the database is busy with."""
    statements = sum(rate * mean_of(costs[name], 2) for name, rate in load.reads.items())
    statements += load.arrivals * costs["arrival"][2] + load.commands * costs["turned"] * sum(costs["waiting"][2:])
    commands = load.commands * mean_of(costs["command"], 2) * costs["statement_command"]
    return float(commands + statements * costs["statement"] + processes * costs["still_database"])


def described(members: int, layout: Layout, load: Load, told: dict[str, Any], costs: Costs) -> dict[str, Any]:
    sockets = load.sockets / layout.processes
    memory = costs["rss"] / MIB + sockets * costs["kib_of_socket"] / 1024
    return {
        "members": members,
        "cores": layout.cores,
        "setup": costs["setup"],
        "dear": costs.get("dear", 1.0),
        "carried": within(told),
        "processes": layout.processes,
        "machines": layout.machines,
        "database_cores": layout.database,
        "connections": round(layout.processes * costs["connections_of_process"]),
        "mib_of_process": round(memory),
        "mib": round(memory * layout.processes),
        "sockets": round(load.sockets),
        "rooms": load.rooms[0],
        "commands_per_s": round(load.commands, 2),
        "reads_per_s": round(sum(load.reads.values()), 1),
        **told,
    }


def most_on_each(
    memory: Mapping[int, float], habits: Habits, costs: Costs, *, seconds: float
) -> Iterator[dict[str, Any]]:
    """The most members on a machine of each size, from the smallest on; `memory` in MiB by cores. What fewer cores
    carry more of them carry too, if need be with some of them idle: chance alone never lets them carry less."""
    least = FEWEST
    for cores, mib in sorted(memory.items()):
        processes = 1 if costs["setup"] != "redis" else max(2, cores - 1)
        most = most_members(cores, habits, costs, processes, seconds=seconds, memory=mib, least=least)
        least = max(least, most["members"])
        yield most


def most_members(
    cores: int, habits: Habits, costs: Costs, processes: int, *, seconds: float, memory: float, least: int = FEWEST
) -> dict[str, Any]:
    """The most members that one machine carries with room for more, to a twentieth; `memory` in MiB bounds it too, and
    `least` are carried in any case. Where it is hardly anybody, `carried` is false."""
    some = 10_000
    asked = work(load_of(some, habits, costs), costs) + processes * costs["still_process"]
    places = (memory - processes * costs["rss"] / MIB) * 1024 / costs["kib_of_socket"] / habits.open_pages
    members = max(least, min(int(some * processes * ROOM_FOR_MORE / asked), int(places)))
    told = tried(members, cores, habits, costs, processes, seconds)
    if fits(told, memory):
        while fits(more := tried(int(told["members"] * STEP), cores, habits, costs, processes, seconds), memory):
            told = more
        return told
    while not fits(told, memory) and told["members"] > least:
        told = tried(max(least, int(told["members"] / STEP)), cores, habits, costs, processes, seconds)
    return {**told, "carried": least > FEWEST or fits(told, memory)}


def fits(told: dict[str, Any], memory: float) -> bool:
    return comfortable(told) and told["mib"] <= memory


def tried(members: int, cores: int, habits: Habits, costs: Costs, processes: int, seconds: float) -> dict[str, Any]:
    """By three chances: the one in the middle of what the busiest part has to do."""
    load = load_of(members, habits, costs)
    layout = replace(Layout(), processes=processes, cores=cores)
    runs = [simulate(costs, layout, load, seconds=enough(load, seconds), seed=seed) for seed in CHANCES]
    runs.sort(key=lambda told: max(told["used"].values()))
    return described(members, layout, load, runs[len(runs) // 2], costs)
