"""docs/performance.md from what the benches noted: the last full run of each, its targets, a chart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bench.parts import capacity_page, sized
from bench.parts.notes import KEPT, ROOT, SERVERS

Line = Mapping[str, Any]
PAGE = ROOT / "docs" / "performance.md"
TOLD = ROOT / "docs" / "performance.jsonl"
"""The runs of which the page tells: what was not measured again keeps its last."""
IMAGES = ROOT / "docs" / "images"
APART = ("sockets", "database", "proposals", "of", "teams", "members", "setup", "pace_s")
"""What tells two runs of one bench apart."""

MOST, LEAST = "at most", "at least"
TEAMS = 50  # of twelve, that decide at once
OLD = "not recorded"
TARGETS: Mapping[str, Sequence[tuple[str, str, float, Line]]] = {
    "fanout": (
        ("ratio_to_c", MOST, 1.5, {"sockets": 1000}),
        ("ratio_to_c", MOST, 1.3, {"sockets": 5000}),
        ("ratio_to_websockets", MOST, 0.7, {"sockets": 1000}),
        ("burst_times_c", LEAST, 1.5, {}),
        ("ratio_over_redis", MOST, 1.3, {}),
    ),
    "http": (("snapshot_times_nested", LEAST, 8, {}),),
    "commands": (("ratio_to_bare", MOST, 3, {}), ("p99_to_p50", MOST, 3, {})),
    "storm": (("ratio_to_unasked", MOST, 1.7, {}),),
    "idle": (("kib_per_idle_socket", MOST, 30, {}), ("answered_ms_p99", MOST, 150, {})),
    "growth": tuple(
        (f"{name}_times", MOST, 1.3, {"of": "decisions"}) for name in ("list", "search", "snapshot", "command")
    ),
    "meeting": (
        ("answer_ms_p95", MOST, sized.ANSWER_MS, {"teams": TEAMS}),
        ("push_ms_p95", MOST, sized.PUSH_MS, {"teams": TEAMS}),
        ("errors", MOST, 0, {"teams": TEAMS}),
    ),
    "capacity": (("rooms", LEAST, TEAMS, {"setup": "redis"}),),
}
ABOUT = {
    "fanout": "From an entry's announcement to the last of the sockets having read it, beside a C loop around epoll "
    "that sends each entry by itself, a bare `websockets` `broadcast()`, and the group of the Channels tutorial.",
    "http": "The snapshot of a decision over HTTP, beside nested DRF serializers over the same rows and bare SQL into "
    "msgspec, which asks nobody who they are. Rondo's is warm: its process keeps the picture while the journal's head "
    "stays the same, and still asks each time who asks and whether they may see it; the first round is left out. The "
    "other two read every row each time, as such views do.",
    "commands": "A command through `submit`, beside the very statements that it made, sent bare to a copy; and 16 "
    "people who write at once through the server. PostgreSQL runs with fsync off: the bare side gains most by it.",
    "storm": "All join in the same moment, each with a token of their own (`Authorization: Bearer`, no cookie), beside "
    "the same with nobody asked who they are or what they may see. It ends when the last of them is told `subscribed`; "
    "what a page then asks for, its snapshot first of all, is not in it.",
    "idle": "Sockets on which nothing happens, and how a room of fifty is answered meanwhile.",
    "growth": "What one request costs as decisions become many, and as members do. In one process, without a network, "
    "on SQLite. With a thousand members a list costs more because it says more: it names everybody whom each decision "
    "waits for, in twenty of its fifty rows a thousand people each; two fifths of its time are reading them, a quarter "
    "was writing them. The command here asks the first question of a round or takes it back. For that all thousand "
    "were painted anew; since 2026-11-29 the author alone is, who may answer now: 2.4 ms of processor for 5.0, both in "
    "one run (1.3 with three members). Writing the names of such a list takes 1.6 ms for 6.7. Figures of an earlier "
    "day do not have that yet.",
    "meeting": "One room over two servers, PostgreSQL and Redis, cut off again and again; and many rooms of twelve at "
    "once, on the same two or in one process on SQLite, as `setup` says: each acts every `pace_s` seconds, 30 being "
    "the pace of people who talk with each other. `answer`: "
    "until the command was answered; `push`: from the press until everybody in the room has it. The one room has a "
    "PostgreSQL with fsync off, the many rooms one with fsync on, as each table says.",
}


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
    (IMAGES / "targets.svg").write_text(chart(judged([*lines, *steps])))
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return capacity_page.main() if steps else 0


def read(place: Path) -> list[Line]:
    return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []


def latest(lines: Iterable[Line]) -> list[Line]:
    """The last of each kind; what was only tried out quickly does not count."""
    kept: dict[tuple[Any, ...], Line] = {}
    for line in sorted(lines, key=lambda line: str(line["at"])):
        if not line.get("quick") and line["bench"] in ABOUT:
            kept[(line["bench"], *(line.get(name) for name in APART))] = line
    return sorted(kept.values(), key=lambda line: list(ABOUT).index(line["bench"]))


def judged(lines: Iterable[Line]) -> list[tuple[str, float, str, float, bool]]:
    """(what, found, at most or at least, target, whether it was met), of every figure that has a target."""
    found = []
    for line in lines:
        for name, which, target, only in TARGETS.get(line["bench"], ()):
            if name in line and all(line.get(key) == value for key, value in only.items()):
                met = line[name] <= target if which == MOST else line[name] >= target
                found.append((f"{title(line)}: {name}", line[name], which, target, met))
    return found


def title(line: Line) -> str:
    """`fanout (sockets 1000)`."""
    apart = ", ".join(f"{name} {line[name]}" for name in APART if name in line)
    return f"{line['bench']} ({apart})" if apart else str(line["bench"])


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
            told.add(line["bench"])
        text += ["", f"**{title(line)}**, {line['at'][:10]}, {weather(line['machine'])}", "", "| | |", "|---|---|"]
        known = ("bench", "at", "machine", "quick", *APART)
        text += [f"| {name} | {value} |" for name, value in line.items() if name not in known]
    for what, days in machines(lines).items():
        text += ["", f"## Machine of {', '.join(days)}", "", *(f"- {name}: {value}" for name, value in what)]
    return "\n".join(text) + "\n"


def weather(machine: Mapping[str, Any]) -> str:
    """What the machine was like just then, as far as it was recorded."""
    told = f"load of the machine at its beginning: {machine.get('busy_at_first', OLD)}"
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


def chart(verdicts: Sequence[tuple[str, float, str, float, bool]]) -> str:
    """A bar for each target: how much of it is used up; the line is the target itself."""
    row, left, width = 22, 360, 300
    height = row * len(verdicts) + 10
    drawn = []
    for number, (what, found, which, target, met) in enumerate(verdicts):
        used = found / max(target, 1e-9) if which == MOST else target / max(found, 1e-9)
        y, long = 5 + number * row, min(used, 2) * width / 2
        colour = "#2a7f78" if met else "#b4552d"
        drawn.append(
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{escape(what)}</text>'
            f'<rect x="{left}" y="{y + 3}" width="{long:.0f}" height="{row - 8}" fill="{colour}"/>'
            f'<text x="{left + long + 6:.0f}" y="{y + 15}">{found:g}</text>'
        )
    middle = left + width / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 60}" height="{height}" '
        'font-family="sans-serif" font-size="12" role="img"><title>How much of each target is used up</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(drawn)}'
        f'<path d="M{middle:.0f} 0V{height}" stroke="#333" stroke-dasharray="3 3"/></svg>\n'
    )


if __name__ == "__main__":
    sys.exit(main())
