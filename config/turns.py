"""Threads in turns: few of them reckon at once, and whoever takes long holds up nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from conventions.precedence import precedence

LONG = 0.02  # seconds after which a call has had its turn, though it goes on

T = TypeVar("T")
Call = tuple[Callable[[], Any], Future[Any]]


class Turns:
    """Runs calls in the order in which they came, `at_once` of them side by side, and one more for each that takes
    longer than LONG while others wait; never more than `workers`.

    Threads that all reckon take Python's lock from each other and from the loop: one after the other they are done
    sooner. A call that takes long waits for something else, or writes out a whole circle, and short ones need not
    wait for it.

    `ready`, asked in the thread after each call: whether it has what calls need. One that has not is soon done with
    each of them, and would take them all from those that have: it has its turn where nobody else can.
    """

    def __init__(self, at_once: int, workers: int, name: str, ready: Callable[[], bool] = lambda: True) -> None:
        self._most = workers
        self._name = name
        self._ready = ready
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._line = _Line(at_once)
        self._workers: list[_Worker] = []
        self._looking = False

    async def take(self, call: Callable[[], T]) -> T:
        """What the call gives or raises, from the thread whose turn it was."""
        told: Future[T] = Future()
        self._calls.put((call, told))
        if not self._workers:
            self._one_more()
        if not self._looking:
            self._looking = True
            self._look_again()
        return await asyncio.wrap_future(told)

    def _look_again(self) -> None:
        asyncio.get_running_loop().call_later(LONG, self._look, [(one, one.at) for one in self._workers])

    def _look(self, before: list[tuple[_Worker, Future[Any] | None]]) -> None:
        """Who is still at the same call passes the turn on, if somebody waits for it."""
        if self._calls.empty():
            self._looking = False
            return
        for one, at in before:
            if at is not None:
                self._line.pass_on(one, at)
        if self._line.is_empty():
            self._one_more()
        self._look_again()

    def _one_more(self) -> None:
        if len(self._workers) < self._most:
            one = _Worker(self._calls, self._line, self._ready)
            self._workers.append(one)
            threading.Thread(target=one.work, name=f"{self._name}-{len(self._workers)}", daemon=True).start()


class _Worker:
    """`at`: what it does just now. `its_turn`: whether it goes on with the next call when it is done. `ready`: whether
    it had what its last call needed. They change in the line alone; `called` is let go when its turn comes."""

    def __init__(self, calls: SimpleQueue[Call], line: _Line, ready: Callable[[], bool]) -> None:
        self._calls = calls
        self._line = line
        self._is_ready = ready
        self.at: Future[Any] | None = None
        self.its_turn = False
        self.ready = True
        self.called = threading.Semaphore(0)

    def work(self) -> None:
        while True:
            self._line.wait(self)
            while self.its_turn:
                self._next()

    def _next(self) -> None:
        call, told = self._calls.get()
        precedence.give_way()
        if not told.set_running_or_notify_cancel():
            return
        self._line.begins(self, told)
        try:
            told.set_result(call())
        except BaseException as failed:  # whoever waits for it is told, as by any executor
            told.set_exception(failed)
        self._line.ends(self, self._is_ready())


class _Line:
    """Workers who wait for their turn, in the order in which they came; those who are not ready after all others."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting: list[_Worker] = []
        self._at_work: set[_Worker] = set()
        self._guard = threading.Lock()

    def is_empty(self) -> bool:
        return not self._waiting

    def wait(self, one: _Worker) -> None:
        """Until it is its turn."""
        with self._guard:
            self._waiting.append(one)
            self._call()
        one.called.acquire()

    def begins(self, one: _Worker, call: Future[Any]) -> None:
        with self._guard:
            one.at = call

    def ends(self, one: _Worker, ready: bool) -> None:
        """It is done with its call. One that is not ready gives its turn back, if there is anybody else."""
        with self._guard:
            one.at, one.ready = None, ready
            if one.its_turn and not ready and (self._waiting or len(self._at_work) > 1):
                self._give_back(one)

    def pass_on(self, one: _Worker, call: Future[Any]) -> None:
        """Whoever is still at this call has had its turn."""
        with self._guard:
            if one.its_turn and one.at is call:
                self._give_back(one)

    def _give_back(self, one: _Worker) -> None:
        one.its_turn = False
        self._at_work.remove(one)
        self._free += 1
        self._call()

    def _call(self) -> None:
        while self._free and (called := self._next()):
            self._free -= 1
            self._waiting.remove(called)
            self._at_work.add(called)
            called.its_turn = True
            called.called.release()

    def _next(self) -> _Worker | None:
        """Who was turned away has another try where nobody who is ready goes on with what comes."""
        ready = next((one for one in self._waiting if one.ready), None)
        if ready is None and self._waiting and not any(one.ready for one in self._at_work):
            return self._waiting[0]
        return ready
