"""The tables of docs/capacity.md, between marks in what is written by hand: the last full run of `bench capacity`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.parts import fitted, sized
from bench.parts.habits import REASONS
from bench.parts.notes import KEPT, ROOT
from bench.parts.setups import NAMES
from bench.parts.sized import ROOM_FOR_MORE

Line = Mapping[str, Any]
PAGE = ROOT / "docs" / "capacity.md"
MARKED = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
MEMORY_FOR_US = 0.6
"""What of a machine's memory the processes may have: the rest is the system's, PostgreSQL's and its cache's."""
FILES = 65_000  # of one process, as deploy/rondo@.service has it
WEEKS = 52
NEXT = {
    "machine": "its cores",
    "process": "Python: one core for each process",
    "database": "PostgreSQL's one machine",
    "redis": "Redis: one core",
}
TOLD = ROOT / "docs" / "capacity.jsonl"
"""The runs of which the page tells: what was not measured again keeps its last."""


def main() -> int:
    lines = latest(read())
    if not any(line["bench"] == "capacity" for line in lines):
        print("Nothing was measured yet: python3 run.py bench capacity", file=sys.stderr)
        return 1
    TOLD.write_text("".join(json.dumps(line) + "\n" for line in lines))
    PAGE.write_text(filled(PAGE.read_text(), lines))
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


def read() -> list[Line]:
    return [json.loads(line) for place in (TOLD, KEPT) if place.exists() for line in place.read_text().splitlines()]


def latest(lines: Iterable[Line]) -> list[Line]:
    """The last of each kind that was measured in full."""
    kept: dict[tuple[Any, ...], Line] = {}
    for line in sorted(lines, key=lambda line: str(line.get("at", ""))):
        if line["bench"].startswith("capacity") and not line["quick"]:
            size = line["members"] if line["bench"] == "capacity-grown" else None
            kept[(*(line.get(name) for name in ("bench", "setup", "cores", "gib")), size)] = line
    return list(kept.values())


def filled(text: str, lines: Sequence[Line]) -> str:
    """The page with each of its tables made anew. Raises KeyError for a mark that there is no table for."""
    return MARKED.sub(lambda found: found[1] + TABLES[found[2]](lines) + "\n" + found[3], text)


def of(lines: Sequence[Line], kind: str) -> list[Line]:
    return [line for line in lines if line["bench"] == kind]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body])


def at_a_glance(lines: Sequence[Line]) -> str:
    rooms = {line["setup"]: line for line in of(lines, "capacity")}
    head = ("machine", "set-up", "rooms at once", "pages left open", "teams", "members", "first to be short of")
    rows = []
    for one in sorted(of(lines, "capacity-one"), key=lambda one: (one["cores"], list(NAMES).index(one["setup"]))):
        measured = rooms.get(one["setup"])
        if measured is None:
            continue
        here = one["cores"] == measured["machine"]["cpus"]
        rows.append((
            f"{one['cores']} cores, {one['gib']} GiB",
            processes(one),
            f"**{measured['rooms']}** (measured)" if here else "–",
            f"{pages(one, measured):,}",
            f"{round(one['members'] / one['habits']['members_of_team']):,}" if one["carried"] else "none",
            f"{one['members']:,}" if one["carried"] else "–",
            NEXT[one["most_used"]],
        ))  # fmt: skip
    return table(head, rows) + warning(lines)


def warning(lines: Sequence[Line]) -> str:
    """Said where something else had more than a little of the machine while it was measured."""
    busy = [one["others_busy"] for line in of(lines, "capacity") for one in line["steps"]]
    if not busy or max(busy) <= fitted.CALM:
        return ""
    cpus = of(lines, "capacity")[-1]["machine"]["cpus"]
    return (
        f"\n\n**Measured on a machine that did something else meanwhile:** that had {sum(busy) / len(busy):.1f} of its "
        f"{cpus} processors on average. Rooms at once, and times, are those of what was left. Teams are reckoned from "
        "processor time, which other work disturbs little."
    )


def processes(one: Line) -> str:
    many = "one process" if one["processes"] == 1 else f"{one['processes']} processes"
    return many + NAMES[one["setup"]][NAMES[one["setup"]].index(",") :]


def pages(one: Line, measured: Line) -> int:
    """How many sockets there are memory, processors and files for, rounded down to hundreds."""
    free = one["gib"] * 1024 * MEMORY_FOR_US - one["processes"] * measured["mib_of_process"]
    by_memory = free * 1024 / measured["kib_of_socket"]
    by_processor = one["processes"] * ROOM_FOR_MORE / (sized.of_idle_page(measured["costs"]) * one.get("dear", 1.0))
    return max(0, int(min(by_memory, by_processor, one["processes"] * FILES))) // 100 * 100


COSTS = {
    "ms_of_command": "ms of processor for a command",
    "ms_of_what_waits": "ms for what waits for whom after it, looked up alone; for many at once it is hardly more",
    "us_of_push": "µs for each page that it is pushed to",
    "ms_of_snapshot": "ms for a snapshot",
    "ms_of_list": "ms for the list of what waits",
    "ms_of_arrival": "ms for a page that comes: socket, who it is, `me`, a decision",
    "mib_of_process": "MiB for a process before anybody comes",
    "kib_of_socket": "KiB for a page left open",
    "percent_of_idle_pages": "% of a processor for a thousand pages left open",
    "bytes_of_entry": "bytes of database for an entry",
    "kib_of_decision": "KiB for a decision of twelve, from draft to agreement",
}


BETWEEN = {
    "hear": "µs for each word of another process",
    "presence_hear": "µs for each page that is open at another process, every twenty seconds",
}


def micro(seconds: float | None) -> str:
    return "–" if seconds is None else f"{1e6 * seconds:.1f}"


def costs(lines: Sequence[Line]) -> str:
    found = of(lines, "capacity")
    rows = [(words, *(line[name] for line in found)) for name, words in COSTS.items()]
    rows += [(words, *(micro(line["costs"].get(name)) for line in found)) for name, words in BETWEEN.items()]
    habits = next((line["habits"] for line in of(lines, "capacity-one")), None)
    if habits:
        yearly = [line["kib_of_decision"] * habits["decisions_a_week"] * WEEKS / 1024 for line in found]
        rows.append(("MiB of disk for a team and year", *(round(each, 1) for each in yearly)))
    told = [line["costs"].get("redis_word", (None, None)) for line in found]
    rows.append(("µs of Redis for taking a word", *(micro(once) for once, _ in told)))
    rows.append(("µs of Redis for giving it to one process", *(micro(each) for _, each in told)))
    return table(("what it costs", *(NAMES[line["setup"]] for line in found)), rows)


def steps(lines: Sequence[Line]) -> str:
    head = ("set-up", "rooms", "commands/s", "answer p50 / p95 / p99 ms", "push p50 / p95 / p99 ms", "processes",
            "database", "load", "others", "within the limits")  # fmt: skip
    rows = []
    for line in of(lines, "capacity"):
        for one in line["steps"]:
            busy = " + ".join(f"{each:.2f}" for each in one["processes_busy"])
            rows.append((
                NAMES[line["setup"]], one["rooms"], one["commands_per_s"], times(one["answer_ms"]),
                times(one["push_ms"]), busy, f"{one['database_busy']:.2f}", f"{one['load_busy']:.2f}",
                f"{one['others_busy']:.2f}",
                "yes" if one["within"] else "**no**",
            ))  # fmt: skip
    return table(head, rows)


def times(found: Mapping[str, float] | None) -> str:
    return " / ".join(f"{found[name]:g}" for name in ("p50", "p95", "p99")) if found else "–"


def grown(lines: Sequence[Line]) -> str:
    head = ("members", "processes", "machines of 2 / 4 / 8 cores", "PostgreSQL", "connections", "memory", "pages open",
            "rooms", "commands/s", "Redis words/s", "answer p50 / p95 / p99 ms", "push p50 / p95 / p99 ms",
            "busiest", "then short of")  # fmt: skip
    rows = []
    found = of(lines, "capacity-grown")
    for members in sorted({one["members"] for one in found}):
        sizes = {one["cores"]: one for one in found if one["members"] == members}
        one = sizes[max(sizes)]
        database = " / ".join(dict.fromkeys(database_of(sizes[size]) for size in sorted(sizes)))
        fits = one["carried"]
        rows.append((
            f"{members:,}", " / ".join(str(sizes[size]["processes"]) for size in sorted(sizes)),
            " / ".join(str(sizes[size]["machines"]) for size in sorted(sizes)), database, one["connections"],
            f"{one['mib'] / 1024:.1f} GiB", f"{one['sockets']:,}", f"{one['rooms']:,}", one["commands_per_s"],
            one["redis_words"], times(one["answer_ms"]) if fits else "**overloaded**",
            times(one["push_ms"]) if fits else "**overloaded**", f"{one['used'][one['most_used']]:.0%}",
            NEXT[one["most_used"]],
        ))  # fmt: skip
    return table(head, rows)


def database_of(one: Line) -> str:
    return f"{one['database_cores']} cores, {one['used']['database']:.0%}" if one["database_cores"] else "same machine"


def checked(lines: Sequence[Line]) -> str:
    """What was measured beside the simulation of the same."""
    rows = [
        (
            NAMES[line["setup"]], one["rooms"], one["half"], one["answer_ms_p95"],
            shown(one["simulated_answer_ms_p95"]), shown(one["answer_ratio"]), one["push_ms_p95"],
            shown(one["simulated_push_ms_p95"]), shown(one["push_ratio"]),
            f"{one['process_busy']:.2f} / {one['simulated_process_busy']:.2f}", said(one),
        )
        for line in of(lines, "capacity-checked") for one in line["steps"]
    ]  # fmt: skip
    head = ("set-up", "rooms", "half", "answer p95 ms measured", "simulated", "ratio", "push p95 ms measured",
            "simulated", "ratio", "processor of the busiest process measured / simulated", "")  # fmt: skip
    return table(head, rows)


def shown(found: float | None) -> str:
    return "–" if found is None else f"{found:g}"


def said(one: Line) -> str:
    verdict = str(one["verdict"])
    if verdict == fitted.APART:
        return f"{verdict}: {one['others_busy']:.1f} processors were busy with something else"
    return f"**{verdict}**" if verdict in (fitted.CAREFULLY, fitted.HOPEFULLY) else verdict


def errors(lines: Sequence[Line]) -> str:
    """How far the simulation is off, on the steps that it was fitted to and on those that it was not."""
    head = ("set-up", "dear", "half", "steps", "processor simulated / measured", "answer p95 simulated / measured",
            "fit, of those compared", "too careful", "too hopeful")  # fmt: skip
    rows = []
    for line in of(lines, "capacity-checked"):
        for half in (fitted.FITTED, fitted.TRIED):
            found = fitted.errors(line, half)
            good = found[fitted.FITS] + found[fitted.BEYOND]
            rows.append((
                NAMES[line["setup"]], f"{line['dear']:g}", half, found["steps"], ranged(found["busy"]),
                ranged(found["answer"]), f"{good} of {found['compared']}", found[fitted.CAREFULLY],
                found[fitted.HOPEFULLY],
            ))  # fmt: skip
    return table(head, rows)


def ranged(found: tuple[float, float, float] | None) -> str:
    return f"{found[1]:.2f} ({found[0]:.2f} to {found[2]:.2f})" if found else "–"


def habits(lines: Sequence[Line]) -> str:
    found: Mapping[str, float] = next((line["habits"] for line in of(lines, "capacity-one")), {})
    return table(("habit", "", "what it says"), [(f"`{name}`", f"{found[name]:g}", REASONS[name]) for name in found])


def day(lines: Sequence[Line]) -> str:
    """When, and how fast the machine was just then, as far as it was noted."""
    line = of(lines, "capacity")[-1]
    told = f"Measured on {line['at'][:10]}."
    if "yardstick_ms" not in line["machine"]:
        return told
    return (
        f"{told} The yardstick, some fixed work in Python, took {line['machine']['yardstick_ms']} ms then.\n"
        "Where a run of [Speed](performance.md) names another, it was slower or faster there by about as much."
    )


def machine(lines: Sequence[Line]) -> str:
    line = of(lines, "capacity")[-1]
    told = [f"Measured on {line['at'][:10]}.", *([line["rebuilt"]] if "rebuilt" in line else [])]
    told += [f"{name}: {value}" for name, value in line["machine"].items()]
    return "\n".join(f"- {each}" for each in told)


TABLES = {
    "day": day,
    "glance": at_a_glance,
    "costs": costs,
    "steps": steps,
    "grown": grown,
    "checked": checked,
    "errors": errors,
    "habits": habits,
    "machine": machine,
}

if __name__ == "__main__":
    sys.exit(main())
