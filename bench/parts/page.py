"""docs/performance.md from what the benches noted: the last full run of each, its targets, a chart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.all import RUNS, run_of
from bench.parts import capacity_page, charts, readme
from bench.parts.notes import KEPT, ROOT, SERVERS
from bench.parts.targets import ABOUT, APART, TEAMS, Line, judged, title

PAGE = ROOT / "docs" / "performance.md"
TOLD = ROOT / "docs" / "performance.jsonl"
"""The runs of which the page tells: what was not measured again keeps its last."""
IMAGES = ROOT / "docs" / "images"
OLD = "not recorded"
LOADS = {"busy_at_first": "beginning", "busy": "end"}
"""What runs noted of it: those of earlier days did so when they were over."""
DRAWN = {"fanout": charts.fanout, "growth": charts.growth}
"""The benches whose figures are drawn as well."""


def main() -> int:
    found = [*read(TOLD), *read(KEPT)]
    if not found:
        print("Nothing was measured yet: python3 run.py bench all", file=sys.stderr)
        return 1
    lines = latest(found)
    TOLD.write_text("".join(json.dumps(line) + "\n" for line in lines))
    steps = [line for line in capacity_page.latest(capacity_page.read()) if line["bench"] == "capacity"]
    PAGE.write_text(page(lines, steps))
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "targets.svg").write_text(charts.targets(judged([*lines, *steps])))
    for name, draw in DRAWN.items():
        (IMAGES / f"{name}.svg").write_text(draw(lines))
    print(f"Written: {PAGE.relative_to(ROOT)}")
    broken = capacity_page.main() if steps else 0
    readme.write()
    print(f"Written: the figures in {readme.README.name}")
    return broken


def read(place: Path) -> list[Line]:
    return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []


def latest(lines: Iterable[Line]) -> list[Line]:
    """The last of each run of `bench all`, in its order; what was only tried out does not count."""
    kept: dict[tuple[Any, ...], Line] = {}
    for line in sorted(lines, key=lambda line: str(line["at"])):
        if not line.get("quick") and line["bench"] in ABOUT and run_of(line):
            kept[(line["bench"], *(line.get(name) for name in APART))] = line
    runs, benches = [*RUNS], [*ABOUT]
    return sorted(kept.values(), key=lambda line: (benches.index(line["bench"]), runs.index(run_of(line) or "")))


def page(lines: Sequence[Line], steps: Sequence[Line] = ()) -> str:
    """`steps`: what `bench capacity` measured, which has a page of its own."""
    verdicts = judged([*lines, *steps])
    text = [
        "# Speed",
        "",
        "Written by `python3 run.py bench --report` from the last full run of each bench, not by hand. They were not "
        "all measured in one go: each table says its own day.",
        "",
        "What is compared was measured in turns in one run, so that ratios hold on a busy machine too. Milliseconds "
        "hold on this one alone: clients and servers share its processors, over loopback, without TLS. It is a shared "
        "one and not always equally fast: the yardstick is what 2,000 hashes and some JSON took in Python then.",
        "",
        *(["![Found against target](images/targets.svg)", ""] if verdicts else []),
        "| What | Found | Target | |",
        "|---|---|---|---|",
        *(f"| {what} | {found} | {which} {target} | {'met' if met else '**missed**'} |"
          for what, found, which, target, met in verdicts),
        *paces(lines, steps),
    ]  # fmt: skip
    told: set[str] = set()
    for line in lines:
        if line["bench"] not in told:
            text += ["", f"## {line['bench']}", "", ABOUT[line["bench"]]]
            if line["bench"] in DRAWN:
                text += ["", f"![{line['bench']}](images/{line['bench']}.svg)"]
            told.add(line["bench"])
        text += ["", f"**{title(line)}**, {line['at'][:10]}, {weather(line['machine'])}"]
        if run := run_of(line):
            text += ["", f"`python3 run.py bench {run}`"]
        text += ["", "| | |", "|---|---|"]
        known = ("bench", "at", "machine", "quick", *APART)
        text += [f"| {name} | {value} |" for name, value in line.items() if name not in known]
    for what, days in machines(lines).items():
        text += ["", f"## Machine of {', '.join(days)}", "", *(f"- {name}: {value}" for name, value in what)]
    return "\n".join(text) + "\n"


def weather(machine: Mapping[str, Any]) -> str:
    """What the machine was like just then, as far as it was recorded."""
    when, load = next(((LOADS[name], machine[name]) for name in LOADS if name in machine), ("beginning", OLD))
    told = f"load of the machine at its {when}: {load}"
    return f"{told}; the yardstick: {machine['yardstick_ms']} ms" if "yardstick_ms" in machine else told


def paces(lines: Sequence[Line], steps: Iterable[Line]) -> Iterator[str]:
    """What is carried at the hard pace, where that is less than was aimed at, and why."""
    for line in steps:
        last = next((step for step in line["steps"] if step["within"] and step["rooms"] == line["rooms"]), None)
        if line["setup"] != "redis" or line["rooms"] >= TEAMS or last is None:
            continue
        each = (sum(last["processes_busy"]) + last["database_busy"]) / last["commands_per_s"]
        asked = TEAMS * last["commands_per_s"] / last["rooms"]
        yield ""
        pace = line.get("pace_s", 5.0)
        yield (
            f"{TEAMS} teams of twelve at once are asked for at two paces: of people who talk with each other, and with "
            f"everybody acting every {pace:g} seconds. {''.join(kept_for(lines, pace))}With PostgreSQL, Redis and two "
            f"processes on the same processors the second is missed: **{line['rooms']} rooms** are carried within "
            f"150 ms (answers, p95) and 400 ms (pushes). A command takes {1000 * each:.0f} ms of processor there, "
            f"processes and database together, so that {TEAMS} rooms, {asked:.0f} commands a second, ask for "
            f"{asked * each:.1f} processors beside the program that plays the members; the machine has "
            f"{line['machine']['cpus']}. Each step lasts a quarter of a minute. [The steps](capacity.md#the-steps)."
        )


def kept_for(lines: Iterable[Line], pace: float) -> Iterator[str]:
    """For how long one process on SQLite kept this pace within what is asked."""
    for line in lines:
        which = tuple(line.get(name) for name in ("bench", "setup", "pace_s", "teams"))
        if which == ("meeting", "sqlite", pace, TEAMS) and all(met for *_, met in judged([line])):
            yield f"One process on SQLite keeps the second, for {line['seconds'] / 60:g} minutes. "


def machines(lines: Iterable[Line]) -> dict[tuple[tuple[str, Any], ...], list[str]]:
    """What each run hung on, but for what else the machine did, and on what days."""
    found: dict[tuple[tuple[str, Any], ...], set[str]] = {}
    for line in lines:
        what = tuple(
            (name, value) for name, value in line["machine"].items() if not name.startswith(("busy", "yardstick"))
        )
        what += tuple((name, OLD) for name in SERVERS if name not in line["machine"])
        found.setdefault(what, set()).add(line["at"][:10])
    return {what: sorted(days) for what, days in found.items()}


if __name__ == "__main__":
    sys.exit(main())
