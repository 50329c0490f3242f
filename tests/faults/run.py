"""One fault test's run: how much of it is asked for, its seed, and the file that keeps what was counted."""

from __future__ import annotations

import json
import os
import platform
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / ".run" / "faults"
NEVER = ("lost", "dup", "gaps", "bad_hash", "impossible", "server_errors")
"""What has to stay zero in every run."""

FULL = os.environ.get("RONDO_FAULTS") == "full"
TIMES = os.environ.get("RONDO_FAULTS_TIMES", "")
SEED = int(os.environ.get("RONDO_FAULTS_SEED") or random.SystemRandom().randrange(2**32))


def times(quick: int, full: int) -> int:
    """How often: as the column that was asked for has it, or as often as was asked for."""
    return int(TIMES or (full if FULL else quick))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; 0 where there are none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


@dataclass
class Run:
    """What a run did and counted. `figures`: further ones, each with its unit in its name."""

    test: str
    seed: int = SEED
    on: date = field(default_factory=date.today)
    faults: dict[str, int] = field(default_factory=dict)
    acked: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NEVER, 0))
    converge_p99_ms: int | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """In words, whatever was found amiss."""

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.test}")

    def fault(self, kind: str, often: int = 1) -> None:
        self.faults[kind] = self.faults.get(kind, 0) + often

    def found(self, what: str, words: str) -> None:
        self.counts[what] += 1
        self.notes.append(f"{what}: {words}")

    def as_json(self) -> dict[str, Any]:
        return {
            "test": self.test,
            "column": f"{TIMES} times" if TIMES else "full" if FULL else "quick",
            "on": self.on.isoformat(),
            "seed": self.seed,
            "faults": self.faults,
            "acked": self.acked,
            **self.counts,
            "converge_p99_ms": self.converge_p99_ms,
            "figures": self.figures,
            "notes": self.notes[:50],
            "machine": {
                "cores": os.cpu_count(),
                "system": f"{platform.system()} {platform.release().split('-')[0]}",
                "python": platform.python_version(),
            },
        }

    def check(self) -> None:
        assert self.faults, f"{self.test}: nothing went wrong, so nothing was tried"
        assert not any(self.counts.values()), f"seed {self.seed}: {self.counts}\n" + "\n".join(self.notes[:20])


@contextmanager
def running(test: str) -> Iterator[Run]:
    """A run that is written down however it ends, and that must have counted no loss."""
    run, began = Run(test), time.monotonic()
    print(f"{test}: seed {run.seed}")
    ended = False
    try:
        yield run
        ended = True
    finally:
        MADE.mkdir(parents=True, exist_ok=True)
        told = run.as_json() | {"seconds": round(time.monotonic() - began, 1), "ended": ended}
        (MADE / f"{test}.json").write_text(json.dumps(told, indent=1) + "\n")
    run.check()
