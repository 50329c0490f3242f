"""Turns of threads as the product gives them (`config.turns`), for flows of work that are only thought."""

from __future__ import annotations

from collections.abc import Generator

from bench.parts.engine import Lock, World
from config.turns import LONG


class Turns:
    """So many at work at once, and one more for each that takes long while others wait; `waiting` may wait."""

    def __init__(self, world: World, at_once: int, workers: int, waiting: int) -> None:
        self._world = world
        self._line = Lock(at_once, waiting)
        self._spare = workers - at_once
        self._at: dict[object, bool] = {}
        """Calls that are under way, and whether each has passed its turn on."""
        self._looks = False

    @property
    def full(self) -> bool:
        return self._line.full

    def take(self) -> Generator[Lock, None, object]:
        """What it gives is given back by `done`."""
        if not self._looks:
            self._looks = True
            self._look_again()
        yield self._line
        call = object()
        self._at[call] = False
        return call

    def done(self, call: object) -> None:
        if self._at.pop(call):
            self._spare += 1
        else:
            self._world.release(self._line)

    def _look_again(self) -> None:
        self._world.at(self._world.now + LONG, self._look, list(self._at))

    def _look(self, before: list[object]) -> None:
        if not self._line.queue:
            self._looks = False
            return
        for call in before:
            if self._at.get(call) is False and self._spare:
                self._at[call] = True
                self._spare -= 1
                self._world.release(self._line)
        self._look_again()
