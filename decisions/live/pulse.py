"""Which lines are alive: one walk round all sockets asks who has been silent, and gives up who does not answer.

A timer for each socket and each question, as servers have it, is more work than the question: of ten thousand sockets
on which nothing happens it was half of what they cost.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import islice
from typing import Protocol
from weakref import WeakKeyDictionary

from uvicorn.config import Config

PING = b"\x89\x00"  # a ping frame that says nothing: any pong answers it
TURNS = 3  # walks round all of them in the time that somebody has for answering
STEPS = 20  # of one walk, so that no step keeps the loop for long


class Line(Protocol):
    """A socket: when it was last `heard`, and since when it is `asked`, in seconds of the loop; 0.0 if it is not."""

    heard: float
    asked: float

    def ask(self) -> None: ...

    def give_up(self) -> None: ...


class Pulse:
    """Of one server. Silent for `interval` is asked, silent for `timeout` more is given up; either up to half a walk
    earlier or later, so `longest` is when a line that died is noticed at the latest, in seconds."""

    _all: WeakKeyDictionary[Config, Pulse] = WeakKeyDictionary()

    def __init__(self, loop: asyncio.AbstractEventLoop, interval: float, timeout: float) -> None:
        turn = timeout / TURNS
        self.longest = interval + timeout + turn
        self._loop = loop
        self._step = turn / STEPS
        self._silent = interval - turn / 2
        self._unanswered = timeout - turn / 2
        self._held_up = timeout / 2
        self._lines: OrderedDict[Line, None] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    @classmethod
    def of(cls, config: Config, loop: asyncio.AbstractEventLoop) -> Pulse:
        """The one of this server."""
        found = cls._all.get(config)
        if found is None:
            interval, timeout = config.ws_ping_interval, config.ws_ping_timeout
            assert interval, "who is silent has to be asked"
            assert timeout, "a line that died has to be noticed"
            found = cls._all[config] = cls(loop, interval, timeout)
        return found

    def add(self, line: Line) -> None:
        self._lines[line] = None
        if self._timer is None:
            self._wait()

    def discard(self, line: Line) -> None:
        self._lines.pop(line, None)
        if not self._lines and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._due = self._loop.time() + self._step
        self._timer = self._loop.call_later(self._step, self._walk)

    def _walk(self) -> None:
        """One step. Where the process itself was held up, answers may lie unread: nobody is given up then. The next
        step is set first: one broken socket is its own affair."""
        now = self._loop.time()
        fair = now - self._due < self._held_up
        self._wait()
        for line in list(islice(self._lines, -(-len(self._lines) // STEPS))):
            self._lines.move_to_end(line)
            self._look_at(line, now, fair)

    def _look_at(self, line: Line, now: float, fair: bool) -> None:
        if line.asked:
            if fair and now - line.asked >= self._unanswered:
                line.give_up()
        elif now - line.heard >= self._silent:
            line.asked = now
            line.ask()
