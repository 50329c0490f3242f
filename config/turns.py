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
    """

    def __init__(self, at_once: int, workers: int, name: str) -> None:
        self._most = workers
        self._name = name
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._turns = threading.Semaphore(min(at_once, workers))
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
            if at is not None and one.at is at and not one.passed_on:
                one.passed_on = True
                self._turns.release()
        self._one_more()
        self._look_again()

    def _one_more(self) -> None:
        if len(self._workers) < self._most:
            one = _Worker(self._calls, self._turns)
            self._workers.append(one)
            threading.Thread(target=one.work, name=f"{self._name}-{len(self._workers)}", daemon=True).start()


class _Worker:
    """`at`: what it does just now. `passed_on`: its turn is over, and when it is done it waits for the next one.

    Should both happen in the same moment, one more goes on beside it for the length of one call.
    """

    def __init__(self, calls: SimpleQueue[Call], turns: threading.Semaphore) -> None:
        self._calls = calls
        self._turns = turns
        self.at: Future[Any] | None = None
        self.passed_on = False

    def work(self) -> None:
        while True:
            self._turns.acquire()
            self.passed_on = False
            while not self.passed_on:
                self._next()

    def _next(self) -> None:
        call, told = self._calls.get()
        precedence.give_way()
        if not told.set_running_or_notify_cancel():
            return
        self.at = told
        try:
            told.set_result(call())
        except BaseException as failed:  # whoever waits for it is told, as by any executor
            told.set_exception(failed)
        finally:
            self.at = None
