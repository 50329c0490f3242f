"""Time that passes in jumps: processors that take turns, locks that are waited for, and flows of work through them.

A flow is a generator. It yields `Work` (processor time, behind a gate or not), seconds to wait, or a `Lock` to take.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

SLICE = 0.001
"""Seconds that one keeps a processor while others wait: between half a millisecond, for which a thread of the server
keeps Python's lock, and the few that an operating system gives."""


class Machine:
    """So many processors. What wants to run waits in one queue and gets a slice at a time. `crowd`: by how much of its
    time a piece of work takes longer while all other processors are busy too."""

    def __init__(self, name: str, cores: int, crowd: float = 0.0) -> None:
        self.name, self.cores, self.crowd = name, cores, crowd
        self.free = cores
        self.queue: deque[Gate | Work] = deque()
        self.worked = 0.0

    @property
    def slower(self) -> float:
        """How many seconds a second of work takes now, for who has just been given a processor."""
        return 1 + self.crowd * (self.cores - 1 - self.free) / max(1, self.cores - 1)


class Gate:
    """What lets one through at a time, however many processors there are: Python's own lock, Redis' single thread.
    `dear`: seconds that a second of what was counted takes here."""

    def __init__(self, machine: Machine, name: str = "", dear: float = 1.0) -> None:
        self.machine, self.name, self.dear = machine, name, dear
        self.queue: deque[Work] = deque()
        self.worked = 0.0
        self.runs = False


class Work:
    """Seconds of processor time that a flow wants before it goes on."""

    __slots__ = ("flow", "gate", "machine", "seconds")

    def __init__(self, where: Gate | Machine, seconds: float) -> None:
        self.gate = where if isinstance(where, Gate) else None
        self.machine = where.machine if isinstance(where, Gate) else where
        self.seconds = seconds * (self.gate.dear if self.gate else 1)
        self.flow: Flow | None = None


class Lock:
    """So many at a time; who comes first is served first. `most`: how many may wait."""

    def __init__(self, places: int = 1, most: int | None = None) -> None:
        self.places, self.most = places, most
        self.queue: deque[Flow] = deque()

    @property
    def full(self) -> bool:
        return self.places <= 0 and self.most is not None and len(self.queue) >= self.most


Flow = Generator["Work | Lock | float", None, None]


class World:
    """The clock and what is to come."""

    def __init__(self) -> None:
        self.now = 0.0
        self._coming: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._number = 0

    def at(self, when: float, what: Callable[..., None], *given: Any) -> None:
        self._number += 1
        heapq.heappush(self._coming, (when, self._number, what, given))

    def run(self, until: float) -> None:
        coming = self._coming
        while coming and coming[0][0] <= until:
            self.now, _, what, given = heapq.heappop(coming)
            what(*given)
        self.now = until

    def start(self, flow: Flow) -> None:
        """On with it, to the next thing that it has to wait for."""
        for wish in flow:
            if isinstance(wish, Work):
                wish.flow = flow
                self._queue(wish)
                return
            if isinstance(wish, Lock):
                if wish.places > 0:
                    wish.places -= 1
                    continue
                wish.queue.append(flow)
                return
            self.at(self.now + wish, self.start, flow)
            return

    def release(self, lock: Lock) -> None:
        if lock.queue:
            self.at(self.now, self.start, lock.queue.popleft())
        else:
            lock.places += 1

    def _queue(self, work: Work) -> None:
        gate, machine = work.gate, work.machine
        if gate is None:
            machine.queue.append(work)
        else:
            gate.queue.append(work)
            if not gate.runs:
                gate.runs = True
                machine.queue.append(gate)
        self._dispatch(machine)

    def _dispatch(self, machine: Machine) -> None:
        while machine.free and machine.queue:
            machine.free -= 1
            one = machine.queue.popleft()
            work = one.queue.popleft() if isinstance(one, Gate) else one
            slower = machine.slower
            turn = min(SLICE, work.seconds * slower)
            self.at(self.now + turn, self._ran, work, turn, slower)

    def _ran(self, work: Work, turn: float, slower: float) -> None:
        gate, machine = work.gate, work.machine
        machine.free += 1
        machine.worked += turn
        work.seconds -= turn / slower
        over = work.seconds <= 1e-12
        if gate is not None:
            gate.worked += turn
            if not over:
                gate.queue.append(work)
            if gate.queue:
                machine.queue.append(gate)
            else:
                gate.runs = False
        elif not over:
            machine.queue.append(work)
        if over and work.flow is not None:
            self.start(work.flow)
        self._dispatch(machine)
