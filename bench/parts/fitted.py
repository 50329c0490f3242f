"""The simulation held against what was measured, and fitted to it: few factors, found on every other step and tried on
the rest.

`dear`, one for each set-up: what the work of its processes cost under load, where 1 is what was counted one thing after
another. A second of processor time is not the same all day long: neighbours on the same hardware, caches, threads that
hand Python's lock to each other. `crowd`, one for the machine: by how much of its time work takes longer while all
other processors are busy.
"""

from __future__ import annotations

import math
import os
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.parts import sized
from bench.parts.setups import MEMBERS
from bench.parts.simulated import Layout, Load, simulate

Line = dict[str, Any]
FITTED, TRIED = "fitted", "tried"
CROWDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
ROUNDS = 3  # in which a factor is made better
CAREFUL = 20  # a factor is rounded up to the next twentieth
RUNS = 5  # of each step, by other chances: the middle one is told
OFF = 1.5  # times; beyond that the simulation is said to be off
CALM = 0.3  # processors that something else may have had meanwhile, for times to be compared


def fit(lines: Sequence[Mapping[str, Any]], seconds: float) -> dict[str, Line]:
    """`{dear, crowd}` of each set-up, from every other step that was measured: that crowd with which the fewest of them
    are simulated too hopefully, and of such the one with which the fewest are simulated too carefully."""
    found = []
    for crowd in CROWDS:
        factors = {line["setup"]: {"dear": _dear(line, crowd, seconds), "crowd": crowd} for line in lines}
        told = Counter(
            compared(line, step, factors[line["setup"]], seconds)["verdict"]
            for line in lines
            for step in line["steps"][::2]
        )
        found.append((told[HOPEFULLY], told[CAREFULLY], crowd, factors))
    return min(found, key=lambda one: one[:3])[3]


def _dear(line: Mapping[str, Any], crowd: float, seconds: float) -> float:
    """So that the processor time of the steps adds up, never less than what was counted."""
    dear, steps = 1.0, line["steps"][::2]
    really = sum(max(step["processes_busy"]) for step in steps)
    for _ in range(ROUNDS):
        costs = {**line["costs"], "dear": dear, "crowd": crowd}
        told = sum(simulate(costs, *as_measured(line, step), seconds=seconds)["used"]["process"] for step in steps)
        dear = max(1.0, dear * really / told)
    return math.ceil(round(dear * CAREFUL, 6)) / CAREFUL


def as_measured(line: Mapping[str, Any], one: Mapping[str, Any]) -> tuple[Layout, Load]:
    """The load itself and what else ran take their share of the same processors. Where the limits were not kept, as
    much is asked of it as was: for each room what it was where they were kept, not the less that was then answered."""
    processes = len(one["processes_busy"])
    others = one["load_busy"] + one["others_busy"]
    cores = line.get("machine", {}).get("cpus") or os.cpu_count() or 2
    kept = [step["commands_per_s"] / step["rooms"] for step in line.get("steps", ()) if step["within"]]
    each = one["commands_per_s"] / one["rooms"]
    if not one["within"]:
        each = max([each, *kept[-1:]])
    sockets = line["idle_pages"] + one["rooms"] * MEMBERS
    return Layout(processes, cores, others=others), Load(rooms=(one["rooms"], each, MEMBERS), sockets=sockets)


def checked(line: Mapping[str, Any], factors: Line, seconds: float) -> Line:
    """The simulation of the very steps that were measured, and how far it is off."""
    halves = [{"half": (FITTED, TRIED)[number % 2]} for number in range(len(line["steps"]))]
    steps = [half | compared(line, one, factors, seconds) for half, one in zip(halves, line["steps"], strict=True)]
    return {"bench": "capacity-checked", "setup": line["setup"], **factors, "steps": steps, "quick": line["quick"]}


def compared(line: Mapping[str, Any], one: Mapping[str, Any], factors: Line, seconds: float) -> Line:
    """One step, measured and simulated."""
    layout, load = as_measured(line, one)
    costs = {**line["costs"], **factors}
    runs = [simulate(costs, layout, load, seconds=seconds, seed=seed + 1) for seed in range(RUNS)]
    row: Line = {"rooms": one["rooms"], "measured": one["within"], "others_busy": one["others_busy"]}
    for what in ("answer_ms", "push_ms"):
        really = (one[what] or {}).get("p95")
        told = middle([(run[what] or {}).get("p95", math.inf) for run in runs])
        row |= {f"{what}_p95": really, f"simulated_{what}_p95": told}
        row[f"{what[:-3]}_ratio"] = round(told / really, 2) if told and really else None
    row["overloaded"] = row["simulated_answer_ms_p95"] is None
    busy = statistics.median(run["used"]["process"] for run in runs)
    row |= {"process_busy": max(one["processes_busy"]), "simulated_process_busy": round(busy, 3)}
    return {**row, "verdict": verdict(row)}


def middle(times: Sequence[float]) -> float | None:
    """None where most of them have no end."""
    found = statistics.median(times)
    return found if math.isfinite(found) else None


FITS, BEYOND, CAREFULLY, HOPEFULLY, APART = "fits", "both say: too much", "too careful", "too hopeful", "not comparable"


def verdict(row: Mapping[str, Any]) -> str:
    """Beyond the limits times grow without end, and by chance: there it only counts whether both are beyond them."""
    if row["others_busy"] > CALM:
        return APART
    told = (row["simulated_answer_ms_p95"] or math.inf, row["simulated_push_ms_p95"] or math.inf)
    if not row["measured"]:
        return BEYOND if told[0] > sized.ANSWER_MS or told[1] > sized.PUSH_MS else HOPEFULLY
    pairs = zip(told, (row["answer_ms_p95"], row["push_ms_p95"]), strict=True)
    ratios = [one / really for one, really in pairs if really]
    if max(ratios, default=1.0) > OFF:
        return CAREFULLY
    return HOPEFULLY if min(ratios, default=1.0) < 1 / OFF else FITS


def errors(line: Mapping[str, Any], half: str) -> Line:
    """Of one half: how far processor time and times are off, and how many steps are off in what way."""
    rows = [row for row in line["steps"] if row["half"] == half]
    calm = [row for row in rows if row["verdict"] != APART]
    busy = [row["simulated_process_busy"] / row["process_busy"] for row in rows if row["process_busy"]]
    times = [row["answer_ratio"] for row in calm if row["measured"] and row["answer_ratio"]]
    counted = {name: sum(row["verdict"] == name for row in calm) for name in (FITS, BEYOND, CAREFULLY, HOPEFULLY)}
    return {"steps": len(rows), "compared": len(calm), "busy": spread(busy), "answer": spread(times), **counted}


def spread(ratios: Sequence[float]) -> tuple[float, float, float] | None:
    """The least, the geometric mean and the greatest."""
    if not ratios:
        return None
    return min(ratios), math.exp(statistics.fmean(map(math.log, ratios))), max(ratios)
