"""How long a column took, and whether that was its own doing: the quick one is to take seven minutes, and has eight.

A clock alone would fail where a machine is slow or does much else. So the limit counts where the processors did hardly
anything but these tests, and it is longer by as much as a fixed piece of work takes longer than where it was set.
"""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from pathlib import Path

AIM, LIMIT = 420.0, 480.0  # seconds
ALONE = 0.8  # of what the processors did
PIECE = 0.08  # seconds of a processor, where the limit was set
TICKS = 100.0  # a second, in /proc/stat
BUSY = (0, 1, 2, 5, 6, 7)  # user, nice, system, interrupts, soft ones, and what a host took away
STAT = Path("/proc/stat")


def busy() -> float:
    """Seconds for which the processors of this machine have worked; 0 where it does not tell."""
    told = STAT.read_text().split("\n", 1)[0].split()[1:] if STAT.exists() else []
    return sum(float(told[at]) for at in BUSY if at < len(told)) / TICKS


def ours() -> float:
    """Seconds for which they have worked for programs that this one started, and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def slowness() -> float:
    """How many times as long as where the limit was set a piece of work takes; never less than once."""
    return max(1.0, min(piece() for _ in range(5)) / PIECE)


def piece() -> float:
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return time.process_time() - began


@dataclass(frozen=True)
class Spent:
    """`seconds` by the clock; `share`: of what the processors did meanwhile, how much was for the tests."""

    seconds: float
    share: float
    slowness: float

    @property
    def too_long(self) -> bool:
        return self.seconds > LIMIT * self.slowness and self.share >= ALONE

    def __str__(self) -> str:
        told = f"{self.seconds:.0f} s; {AIM * self.slowness:.0f} s are the aim on this machine"
        told += f", {LIMIT * self.slowness:.0f} s the limit"
        whose = f"{self.share:.0%} of what the processors did was for it"
        return f"{told}; {whose}" + ("" if self.share >= ALONE else ", so this says little about the tests")


class Watch:
    def __init__(self) -> None:
        self._slowness = slowness()
        self._began, self._busy, self._ours = time.monotonic(), busy(), ours()

    def spent(self) -> Spent:
        worked = busy() - self._busy
        share = min(1.0, (ours() - self._ours) / worked) if worked > 0 else 0.0
        return Spent(time.monotonic() - self._began, share, self._slowness)
