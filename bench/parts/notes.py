"""What a bench found, as one line of JSON: said, and kept where the report is made from it."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.servers import postgres_programs

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".run" / "bench.jsonl"
BEGAN_WITH = round(os.getloadavg()[0], 1)
"""What else the machine had to do when the bench began: the load of the minute before."""
LIBRARIES = ("django", "channels", "djangorestframework", "uvicorn", "uvloop", "websockets", "msgspec", "psycopg")

SERVERS: Mapping[str, Callable[[], list[str]]] = {
    "postgresql": lambda: [str(postgres_programs() / "postgres"), "--version"],
    "redis": lambda: ["redis-server", "--version"],
}


@cache
def yardstick() -> float:
    """Milliseconds for the same small work in Python, the best of some: how fast this machine is just now."""
    return min(_work() for _ in range(15))


def _work() -> float:
    began = time.perf_counter()
    told = [{"number": number, "hash": sha256(b"%d" % number).hexdigest()} for number in range(2_000)]
    assert len({one["hash"] for one in json.loads(json.dumps(told))}) == len(told)
    return milliseconds(time.perf_counter() - began)


def note(figures: dict[str, Any]) -> None:
    """Says it, and appends it with the machine it holds on."""
    kept = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **figures, "machine": machine()}
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a") as file:
        file.write(json.dumps(kept) + "\n")
    print(json.dumps(figures), flush=True)


def machine() -> dict[str, Any]:
    """What the absolute figures hang on."""
    return {
        "cpus": os.cpu_count(),
        "cpu": _cpu(),
        "busy_at_first": BEGAN_WITH,
        "yardstick_ms": yardstick(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: found for name in LIBRARIES if (found := _version(name))},
        **{name: found for name, ask in SERVERS.items() if (found := _server(ask))},
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _server(ask: Callable[[], list[str]]) -> str | None:
    """The version that the program itself tells: `15.18`."""
    try:
        told = subprocess.run(ask(), capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, RuntimeError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+(\.\d+)+", told)
    return found[0] if found else None


def place(seconds: Sequence[float], percent: int) -> float:
    """That percentile."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
