"""Every bench, one after another, in the order in which a machine that was busy at first disturbs least."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

RUNS: Mapping[str, Mapping[str, Any]] = {
    "start": {},
    "http": {},
    "commands": {},
    "growth": {},
    "storm": {"sockets": 1000},
    "fanout --sockets 100": {"sockets": 100},
    "fanout --sockets 1000": {"sockets": 1000},
    "fanout --sockets 5000 --rounds 3": {"sockets": 5000},
    "idle": {"sockets": 10_000},
    "meeting": {"members": 40},
    "meeting --members 200 --pace 5 --seconds 180": {"teams": 1, "members": 200, "pace_s": 5.0, "seconds": 180.0},
    "meeting --members 200": {"members": 200},
    "meeting --teams 50": {"teams": 50, "setup": "redis", "pace_s": 30.0},
    "meeting --teams 50 --pace 5 --setup redis --seconds 180": {
        "teams": 50, "setup": "redis", "pace_s": 5.0, "seconds": 180.0,
    },
    "meeting --teams 50 --pace 5 --setup sqlite --seconds 900": {
        "teams": 50, "setup": "sqlite", "pace_s": 5.0, "seconds": 900.0,
    },
    "capacity": {},
}  # fmt: skip
"""Each with what tells its line from those of other runs. The page of speed tells of these alone."""
QUICK = ("start", "http", "commands", "growth", "storm", "fanout", "idle", "capacity")


def run_of(line: Mapping[str, Any]) -> str | None:
    """The run that this line is of: `fanout --sockets 1000`."""
    for run, told in RUNS.items():
        if run.split()[0] == line["bench"] and all(line.get(name) == value for name, value in told.items()):
            return run
    return None


def main() -> int:
    """1 where one of them did not come to its end; the others are run all the same."""
    quick = "--quick" in sys.argv
    broken = []
    for run in QUICK if quick else RUNS:
        name, *words = run.split()
        began = time.monotonic()
        print(f"── {run}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", *words, *(["--quick"] if quick else [])]
        if subprocess.run(command, check=False).returncode:
            broken.append(run)
        print(f"── {time.monotonic() - began:.0f} s", flush=True)
    if broken:
        print("Did not come to their end: " + ", ".join(broken), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
