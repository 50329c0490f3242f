"""docs/reliability.md: what is promised, and what the last runs counted. Written by `run.py faults --report`."""

from __future__ import annotations

import json
from typing import Any

from tests.faults.run import MADE, NEVER, ROOT
from tests.faults.table import FAULTS, Fault

PAGE = ROOT / "docs" / "reliability.md"
WORDS = ROOT / "tests" / "faults" / "promises.md"
FIGURES = "<!-- figures -->"


def kept() -> dict[str, Any]:
    """The runs whose files are there, by name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(MADE.glob("*.json"))}


def page() -> str:
    runs = kept()
    tables = [figures(runs), coverage()]
    return WORDS.read_text().replace(FIGURES, "\n".join(tables))


def figures(runs: dict[str, Any]) -> str:
    heads = ("run", "seed", "faults", "answered", *(name.replace("_", " ") for name in NEVER), "also")
    lines = [row(heads), row(["---"] * len(heads))]
    lines += [row(told(name, runs[name])) for fault in FAULTS for name in fault.runs if name in runs]
    return "\n".join([*lines, "", machine(runs), ""])


def told(name: str, run: dict[str, Any]) -> list[str]:
    faults = ", ".join(f"{often:,} × {kind}" for kind, often in run["faults"].items())
    zeros = [str(run[count]) for count in NEVER]
    also = [f"{what.replace('_', ' ')}: {value}" for what, value in run["figures"].items() if what != "answers"]
    if run["converge_p99_ms"] is not None:
        also.append(f"everybody has everything within {run['converge_p99_ms']} ms (p99)")
    return [name, str(run["seed"]), faults, f"{run['acked']:,}", *zeros, "; ".join(also)]


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
