"""A server from nothing to where it listens, and what it holds before anybody has come."""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.parts.control import now
from bench.parts.notes import note, say
from bench.parts.side import free_port
from bench.parts.sized import MIB
from tests.story.tables import make_tables

COMMAND = (sys.executable, "-m", "config.server", "--port")


def main() -> None:
    asked = arguments()
    if asked.quick:
        asked.rounds = 1
    with tempfile.TemporaryDirectory(prefix="rondo-bench-") as folder:
        env = {**os.environ, "RONDO_DATA": folder, "RONDO_ENV": "local", "RONDO_LOG": "ERROR"}
        env |= dict.fromkeys(("REDIS_URL", "DATABASE_URL", "RONDO_OWNER_URL"), "")
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        make_tables({"RONDO_DATA": folder})
        started(env)  # what is compiled once is compiled now
        found = [started(env) for _ in range(asked.rounds)]
    seconds, resident = ([one[which] for one in found] for which in (0, 1))
    note(
        {
            "bench": "start",
            "started_s": round(statistics.median(seconds), 2),
            "started_s_most": round(max(seconds), 2),
            "mib": round(statistics.median(resident) / MIB, 1),
            "rounds": asked.rounds,
            "quick": asked.quick,
        }
    )


def started(env: dict[str, str]) -> tuple[float, float]:
    """Seconds until it says that it listens, and the bytes that are resident then."""
    began = now()
    server = subprocess.Popen([*COMMAND, str(free_port())], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        assert "listens" in server.stdout.readline()
        took = now() - began
        rss = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())
        assert rss
    finally:
        server.terminate()
        server.wait()
    say(f"{took:.2f} s, {int(rss[1]) / 1024:.0f} MiB")
    return took, int(rss[1]) * 1024


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="once: does it run at all?")
    return parser.parse_args()


if __name__ == "__main__":
    main()
