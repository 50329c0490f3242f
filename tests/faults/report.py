"""docs/reliability.md: what is promised, and what the last runs counted. Written by `run.py faults --report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.parts import readme
from tests.faults.run import MADE, NEVER, ROOT
from tests.faults.table import FAULTS, Fault

PAGE = ROOT / "docs" / "reliability.md"
TOLD = ROOT / "docs" / "faults"
"""The runs of which the page tells. All of them together take longer than anybody has in one day."""
WORDS = ROOT / "tests" / "faults" / "promises.md"
FIGURES = "<!-- figures -->"
HOURS = "<!-- hours -->"
WAITED_OFTEN = ("R2",)
"""Runs in which everybody was waited for again and again; in the others once, after the last command."""


def write() -> None:
    """The page, and beside it the runs of which it tells."""
    runs = fullest(read(TOLD), read(MADE))
    TOLD.mkdir(exist_ok=True)
    for name, run in runs.items():
        (TOLD / f"{name}.json").write_text(json.dumps(run, indent=1) + "\n")
    PAGE.write_text(page(runs))
    readme.write()


def read(folder: Path) -> dict[str, Any]:
    """The runs whose files are there, by name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def fullest(told: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """A new run takes the place of the one that was told of, unless that one went further. One that did not come to
    its end, or counted what must not be, is always told of."""

    def goes_in(name: str) -> bool:
        broken = not made[name]["ended"] or any(made[name][count] for count in NEVER)
        return broken or name not in told or often(made[name]) >= often(told[name])

    return told | {name: made[name] for name in made if goes_in(name)}


def often(run: dict[str, Any]) -> tuple[float, bool]:
    """How much of a fault a run has brought about, and whether it was meant to go as far as one can."""
    return float(run["figures"].get("minutes", 0)) or sum(run["faults"].values()), run["column"] == "full"


def page(runs: dict[str, Any]) -> str:
    tables = [figures(runs), coverage()]
    return WORDS.read_text().replace(FIGURES, "\n".join(tables)).replace(HOURS, f"{hours(runs):.1f} hours")


def hours(runs: dict[str, Any]) -> float:
    return sum(float(run["seconds"]) for run in runs.values()) / 3600


def figures(runs: dict[str, Any]) -> str:
    heads = ("run", "column", "on", "seed", "faults", "answered", *(name.replace("_", " ") for name in NEVER), "also")
    lines = [row(heads), row(["---"] * len(heads))]
    lines += [row(told(name, runs[name])) for fault in FAULTS for name in fault.runs if name in runs]
    return "\n".join([*lines, "", machine(runs), ""])


def told(name: str, run: dict[str, Any]) -> list[str]:
    faults = ", ".join(f"{often:,} × {kind}" for kind, often in run["faults"].items())
    zeros = [str(run[count]) for count in NEVER]
    also = [f"{what.replace('_', ' ')}: {value}" for what, value in run["figures"].items() if what != "answers"]
    if run["converge_p99_ms"] is not None:
        also.append(converged(name, run["converge_p99_ms"]))
    return [name, run["column"], run["on"], str(run["seed"]), faults, f"{run['acked']:,}", *zeros, "; ".join(also)]


def converged(name: str, ms: int) -> str:
    if name in WAITED_OFTEN:
        return f"everybody has everything within {ms} ms (p99)"
    return f"everybody had everything {ms} ms after the last command, measured once"


def machine(runs: dict[str, Any]) -> str:
    found = sorted({tuple(run["machine"].items()) for run in runs.values()})
    told = "; ".join(", ".join(f"{what} {value}" for what, value in one) for one in found)
    return f"Machine: {told}. It was shared with other work while these ran, so its times are longer than they need be."


def coverage() -> str:
    heads = ("", "what goes wrong", "what is counted", "quick", "full", "tests", "not tried yet")
    return "\n".join([row(heads), row(["---"] * len(heads)), *(row(covered(fault)) for fault in FAULTS)])


def covered(fault: Fault) -> list[str]:
    tests = ", ".join(f"`{test.removeprefix('tests/')}`" for test in fault.tests)
    return [fault.name, fault.what, fault.counted, fault.quick if tests else "–", fault.full or "–", tests, fault.open]


def row(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"
