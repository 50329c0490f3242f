"""Whoever is silent is asked, whoever does not answer is let go, and nobody is let go for what the server missed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from decisions.live.pulse import STEPS, TURNS, Pulse

INTERVAL, TIMEOUT = 30.0, 15.0
TURN = TIMEOUT / TURNS
STEP = TURN / STEPS


@dataclass
class Handle:
    at: float
    work: Callable[[], None]
    on: bool = True

    def cancel(self) -> None:
        self.on = False


@dataclass
class Loop:
    """One timer at a time, and a clock that stands still between them."""

    now: float = 1000.0
    waiting: list[Handle] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, work: Callable[[], None]) -> Handle:
        self.waiting.append(Handle(self.now + delay, work))
        return self.waiting[-1]

    def steps(self) -> Iterator[None]:
        """From one timer to the next."""
        while left := [one for one in self.waiting if one.on]:
            first = min(left, key=lambda one: one.at)
            self.waiting = [one for one in left if one is not first]
            self.now = max(self.now, first.at)
            with suppress(OSError):  # a loop says so, and goes on
                first.work()
            yield

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        for _ in self.steps():
            if self.now >= end:
                break


class Line:
    """Answers at once while it lives."""

    def __init__(self, loop: Loop, pulse: Pulse) -> None:
        self._loop, self._pulse = loop, pulse
        self.heard, self.asked = loop.now, 0.0
        self.alive = True
        self.questions: list[float] = []
        self.gone: float | None = None
        pulse.add(self)

    def ask(self) -> None:
        self.questions.append(self._loop.now)
        if self.alive:
            self.speak()

    def speak(self) -> None:
        self.heard, self.asked = self._loop.now, 0.0

    def give_up(self) -> None:
        self.gone = self._loop.now
        self._pulse.discard(self)


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def pulse(loop: Loop) -> Pulse:
    return Pulse(cast("Any", loop), INTERVAL, TIMEOUT)


@pytest.fixture
def line(loop: Loop, pulse: Pulse) -> Line:
    return Line(loop, pulse)


def test_who_is_silent_is_asked_about_once_in_each_interval(loop: Loop, line: Line) -> None:
    loop.run(20 * INTERVAL)
    assert 18 <= len(line.questions) <= 22
    assert line.gone is None


def test_who_speaks_is_asked_nothing(loop: Loop, line: Line) -> None:
    for _ in range(10):
        loop.run(INTERVAL / 2)
        line.speak()
    assert line.questions == []


def test_who_does_not_answer_is_asked_once_and_then_let_go(loop: Loop, line: Line) -> None:
    line.alive = False
    loop.run(INTERVAL + TIMEOUT + TURN)
    assert len(line.questions) == 1
    assert line.gone is not None
    assert TIMEOUT - TURN / 2 <= line.gone - line.questions[0] <= TIMEOUT + TURN


def test_an_answer_that_comes_late_but_before_the_end_counts(loop: Loop, line: Line) -> None:
    line.alive = False
    while not line.questions:
        loop.run(STEP)
    loop.run(TIMEOUT - TURN)
    assert line.gone is None
    line.speak()
    loop.run(INTERVAL - TURN)
    assert line.gone is None


@pytest.mark.parametrize("seed", range(20))
def test_a_line_that_dies_is_let_go_within_the_longest_whoever_comes_and_goes_meanwhile(
    loop: Loop, pulse: Pulse, seed: int
) -> None:
    chance = random.Random(seed)
    there = [Line(loop, pulse)]
    dead: dict[Line, float] = {}
    for _ in loop.steps():
        if loop.now > 1600:
            break
        there += [Line(loop, pulse) for _ in range(chance.choice((0, 0, 1, 7)))]
        for _ in range(chance.choice((0, 0, 1, 8))):
            if len(there) > 1:
                pulse.discard(there.pop(chance.randrange(len(there))))
        if chance.random() < 0.2 and len(there) > 1:
            one = there.pop(chance.randrange(len(there)))
            one.alive = False
            dead[one] = max(one.heard, loop.now)
    due = {one: at for one, at in dead.items() if at + pulse.longest < loop.now}
    assert len(due) > 50
    taken = [one.gone - at for one, at in due.items() if one.gone is not None]
    assert len(taken) == len(due)
    assert max(taken) <= pulse.longest + STEP
    assert [one for one in there if one.gone is not None] == []


def test_nobody_is_let_go_for_an_answer_that_lay_unread_while_the_process_was_held_up(
    loop: Loop, pulse: Pulse, line: Line
) -> None:
    line.alive = False
    while not line.questions:
        loop.run(STEP)
    loop.now += 10 * TIMEOUT
    next(loop.steps())
    assert line.gone is None
    line.speak()  # what lay unread is read between two steps
    line.alive = True
    loop.run(5 * INTERVAL)
    assert line.gone is None


def test_who_is_dead_all_the_same_is_let_go_after_the_process_was_held_up(loop: Loop, line: Line) -> None:
    line.alive = False
    while not line.questions:
        loop.run(STEP)
    loop.now += 10 * TIMEOUT
    loop.run(2 * TURN)
    assert line.gone is not None


def test_no_step_looks_at_more_than_its_share(loop: Loop, pulse: Pulse) -> None:
    lines = [Line(loop, pulse) for _ in range(1000)]
    loop.now += INTERVAL
    asked = 0
    for _ in range(STEPS):
        next(loop.steps())
        now = sum(len(one.questions) for one in lines)
        assert now - asked <= len(lines) / STEPS
        asked = now
    assert asked == len(lines)


def test_one_socket_that_is_broken_keeps_nobody_from_being_asked(loop: Loop, pulse: Pulse) -> None:
    class Broken(Line):
        def ask(self) -> None:
            raise OSError("broken")

    lines = [Broken(loop, pulse) if number % 3 == 0 else Line(loop, pulse) for number in range(100)]
    loop.run(3 * INTERVAL)
    assert all(one.questions for one in lines if type(one) is Line)


def test_where_nobody_is_there_nothing_ticks(loop: Loop, pulse: Pulse, line: Line) -> None:
    other = Line(loop, pulse)
    loop.run(TURN)
    for one in (line, other):
        pulse.discard(one)
    assert not any(handle.on for handle in loop.waiting)
    Line(loop, pulse)
    assert any(handle.on for handle in loop.waiting)


def test_the_last_one_let_go_ends_the_walk(loop: Loop, line: Line) -> None:
    line.alive = False
    loop.run(10 * INTERVAL)
    assert line.gone is not None
    assert not any(handle.on for handle in loop.waiting)
