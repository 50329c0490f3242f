"""The figures of README.md, between marks in what is written by hand: from the runs that the pages tell of."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bench.all import run_of
from bench.parts.notes import ROOT
from bench.parts.targets import TARGETS, TEAMS, judged
from tests.faults.table import FAULTS

Line = Mapping[str, Any]
Runs = Mapping[str, Any]
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
WIDTH = 130

WRITTEN_TO = ("R1", "R1b", "R1c", "R2", "R7", "R7b", "R17", "R18", "R19")
"""Faults in which people write meanwhile, so that what was answered is counted one by one."""
NOT_WAITED_FOR = "R7b-standby-behind"
"""Loses what its standby has not heard, as it is set up to: told of on the page of reliability alone."""
CRASHES = ("R1-random", "R1-pointed", "R1b", "R16")
RESTORED = 120.0
"""Seconds that are aimed at for putting sixty thousand entries back."""
RACES = ("R5", "R5-eight", "R6", "R6-changes")


def write() -> None:
    README.write_text(filled(README.read_text(), *kept()))


def kept() -> tuple[list[Line], Runs]:
    """What docs/performance.md and docs/reliability.md tell of."""
    found = [
        json.loads(line)
        for name in ("performance", "capacity")
        for line in (ROOT / "docs" / f"{name}.jsonl").read_text().splitlines()
    ]
    lines = [line for line in found if line["bench"] in TARGETS]
    return lines, {
        path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "docs" / "faults").glob("*.json"))
    }


def filled(text: str, lines: Sequence[Line], runs: Runs) -> str:
    """The page with what is between its marks made anew. Raises KeyError for a mark that nothing is known of."""
    return MARKED.sub(lambda found: found[1] + MAKERS[found[2]](lines, runs) + "\n" + found[3], text)


def fast(lines: Sequence[Line], _: Runs) -> str:
    crowd = next(line for line in lines if line["bench"] == "fanout" and line["sockets"] == 1000)
    idle = next(line for line in lines if line["bench"] == "idle")
    more = crowd["ratio_with_stopped_reader"] - 1
    text = (
        f"One entry to a thousand sockets, on {crowd['machine']['cpus']} shared cores: the last socket has it after "
        f"{crowd['rondo_last_ms']:.0f} ms (median), in {crowd['ratio_to_websockets']:.1f} of the time that a bare "
        "broadcast of the `websockets` library takes beside it in the same run, and in "
        f"1/{1 / crowd['ratio_to_tutorial']:.0f} of what the usual Channels group takes; a reader that stopped costs "
        f"the others {'nothing' if more < 0.05 else f'{more:.0%} more time'} (`python3 run.py bench fanout`). One of "
        f"{idle['sockets']:,} idle sockets costs {idle['kib_per_idle_socket']:.0f} KiB (`python3 run.py bench idle`). "
        f"{missed(lines)}"
    )
    return wrapped(text)


def wrapped(text: str) -> str:
    """No line ends within a command."""
    whole = re.sub(r"`[^`]+`", lambda found: found[0].replace(" ", "\0"), text)
    return textwrap.fill(whole, WIDTH, break_long_words=False, break_on_hyphens=False).replace("\0", " ")


def missed(lines: Sequence[Line]) -> str:
    verdicts = judged(lines)
    short = sum(not met for *_, met in verdicts)
    return (
        f"Of {len(verdicts)} figures that have a target {short or 'none'} miss it: [all of them](docs/performance.md)."
    )


def reliable(lines: Sequence[Line], runs: Runs) -> str:
    answered = [
        runs[name]
        for fault in FAULTS
        for name in fault.runs
        if fault.name in WRITTEN_TO and name in runs and name != NOT_WAITED_FOR
    ]
    lost, acked = (sum(run[what] for run in answered) for what in ("lost", "acked"))
    calls, sound = runs["R12"], runs["R15-sound"]
    rows = [
        ("answered commands lost, of those answered while something went wrong", f"**{lost}** of {acked:,}",
         again(*WRITTEN_TO)),
        ("crashes: server, PostgreSQL and postman killed at once", f"{times(runs, CRASHES):,}",
         again(*faults(CRASHES))),
        ("acts that exclude or complete each other, at the same moment", f"{times(runs, RACES):,}, "
         f"{wrong(runs, RACES)} with an outcome that cannot be", again(*faults(RACES))),
        ("calls made up by chance", f"{times(runs, ['R12']):,}, {calls['server_errors']} answered with 500 or above",
         again("R12")),
        ("ways of tampering with the journal that are found", f"{runs['R15']['figures']['found']}; false alarms "
         f"{sound['figures']['false_alarms']} sound journals", again("R15")),
        *((f"push, p95, {TEAMS} teams of twelve at once, everybody acting every {line['pace_s']:g} s, "
           f"{SERVERS[line['setup']]}", push(line), f"`bench {run_of(line)}`")
          for line in lines if line["bench"] == "meeting" and line.get("teams") == TEAMS),
        ("a backup put back and verified", "; ".join(restored(runs)), again("R14")),
    ]  # fmt: skip
    return "\n".join(["| counted | found | again with `python3 run.py …` |", "|---|---|---|", *map(row, rows)])


SERVERS = {"redis": "two processes, PostgreSQL and Redis", "sqlite": "one process, SQLite"}


def push(line: Line) -> str:
    """With whether it is within what is asked of it."""
    met = all(met for what, *_, met in judged([line]) if what.endswith(": push_ms_p95"))
    return f"{line['push_ms_p95']:.0f} ms" + ("" if met else ", **too long**")


def restored(runs: Runs) -> Iterable[str]:
    for name, on in (("R14-large", "SQLite"), ("R14-large-postgres", "PostgreSQL")):
        seconds = runs[name]["figures"]["restored_and_verified_ms"] / 1000
        late = "" if seconds <= RESTORED else ", **too long**"
        yield f"{times(runs, [name]):,} entries in {seconds:.0f} s ({on}){late}"


def times(runs: Runs, names: Iterable[str]) -> int:
    return sum(sum(runs[name]["faults"].values()) for name in names)


def wrong(runs: Runs, names: Iterable[str]) -> int:
    return sum(runs[name]["impossible"] for name in names)


def faults(names: Sequence[str]) -> list[str]:
    return [fault.name for fault in FAULTS if {*fault.runs} & {*names}]


def again(*names: str) -> str:
    return f"`faults {' '.join(names)} --full`"


def row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


MAKERS: Mapping[str, Callable[[Sequence[Line], Runs], str]] = {"fast": fast, "reliable": reliable}
