"""From people and their habits to what comes in a second, and from that to how many processes and machines it takes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from bench.parts.costs import Costs
from bench.parts.habits import Habits
from bench.parts.simulated import Layout, Load, simulate

HOUR = 3600.0
ANSWER_MS, PUSH_MS = 150.0, 400.0
"""What the 95th percentile of an answer and of a push may be."""
ROOM_FOR_MORE = 0.7  # of a processor: beyond that a busy minute has nowhere to go
SIZES = (2, 4, 8)
MEMBERS = (1_000, 10_000, 100_000, 1_000_000)
DATABASE_CORES = (2, 4, 8, 16, 32, 64)
SAMPLE, LONGEST = 400, 7200.0  # commands; seconds
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
    """So long that its percentiles are of some hundred commands."""
    return max(seconds, min(LONGEST, SAMPLE / load.commands))


def within(told: dict[str, Any]) -> bool:
    if told["overloaded"] or told["answer_ms"] is None:
        return False
    pushed = told["push_ms"] or {"p95": 0.0}
    return bool(told["answer_ms"]["p95"] <= ANSWER_MS and pushed["p95"] <= PUSH_MS)


def comfortable(told: dict[str, Any]) -> bool:
    return within(told) and max(told["used"].values()) <= ROOM_FOR_MORE


def sized(members: int, cores: int, habits: Habits, costs: Costs, *, seconds: float, seed: int = 1) -> dict[str, Any]:
    """The fewest processes, and machines of so many cores, that carry them. The database has a machine of its own as
    soon as one machine is not enough; `found` is None where the simulation finds no number that is."""
    load = load_of(members, habits, costs)
    processes = 1
    told: dict[str, Any] = {}
    while processes <= 2048:
        layout = laid_out(processes, cores, habits, costs, load)
        told = simulate(costs, layout, load, seconds=enough(load, seconds), seed=seed)
        if comfortable(told) or (members_of_one(costs) and processes == 1):
            break
        processes = max(processes + 1, math.ceil(processes * growth(told)))
    return described(members, layout, load, told, costs)


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
    asked = load.commands * 25 * costs["statement_command"] + sum(load.reads.values()) * 6 * costs["statement"]
    asked += (load.arrivals + load.commands * costs["turned"]) * 10 * costs["statement"]
    database = next((size for size in DATABASE_CORES if size * ROOM_FOR_MORE >= asked), DATABASE_CORES[-1])
    return Layout(processes, cores, math.ceil(processes / cores), database, hop=habits.network_ms / 1000)


def described(members: int, layout: Layout, load: Load, told: dict[str, Any], costs: Costs) -> dict[str, Any]:
    sockets = load.sockets / layout.processes
    memory = costs["rss"] / MIB + sockets * costs["kib_of_socket"] / 1024
    return {
        "members": members,
        "cores": layout.cores,
        "setup": costs["setup"],
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


def most_teams(cores: int, habits: Habits, costs: Costs, processes: int, *, seconds: float, memory: float) -> dict[str, Any]:
    """The most members that one machine carries with room for more, found by halving; `memory` in MiB bounds it too."""
    low, high, best = 0, 1000, None
    while True:
        told = tried(high, cores, habits, costs, processes, seconds)
        if not fits(told, memory) or high > 10**7:
            break
        low, best, high = high, told, high * 2
    while high - low > max(50, low * 0.05):
        middle = (low + high) // 2
        told = tried(middle, cores, habits, costs, processes, seconds)
        if fits(told, memory):
            low, best = middle, told
        else:
            high = middle
    return best or tried(high, cores, habits, costs, processes, seconds)


def fits(told: dict[str, Any], memory: float) -> bool:
    return comfortable(told) and told["mib"] <= memory


def tried(
    members: int, cores: int, habits: Habits, costs: Costs, processes: int, seconds: float
) -> dict[str, Any]:
    load = load_of(members, habits, costs)
    layout = replace(Layout(), processes=processes, cores=cores)
    told = simulate(costs, layout, load, seconds=enough(load, seconds))
    return described(members, layout, load, told, costs)
