"""Rondo as it is, with a clock on everything that costs: which thread spent how much on what, call by call.

Processor time is counted, not time on the wall, so that a busy machine disturbs it little.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db.backends.utils import CursorWrapper

from conventions import transactions


class Tally(threading.local):
    """What the thread has done so far."""

    def __init__(self) -> None:
        self.statements = 0
        self.held = 0.0
        self.depth = 0


tally = Tally()
calls: list[tuple[str, str, float, float, int]] = []
"""(method, path, seconds of its thread, of these inside a transaction, statements)."""
works: list[tuple[str, int, float, int]] = []
"""(what the live side looked up, of how many, seconds of its thread, statements)."""
writes: list[tuple[int, float]] = []
"""(sockets, seconds of the loop)."""
words = {"heard": 0, "sent": 0}

_writing = transactions.writing
_cursor: Any = CursorWrapper  # its two ways to run a statement have no name that a type checker knows


@contextmanager
def writing() -> Iterator[None]:
    tally.depth += 1
    try:
        with _writing():
            began = time.thread_time()
            yield
        if tally.depth == 1:
            tally.statements += 2  # begin and commit
            tally.held += time.thread_time() - began
    finally:
        tally.depth -= 1


def counting(execute: Callable[..., Any]) -> Callable[..., Any]:
    def counted(self: CursorWrapper, *given: Any, **more: Any) -> Any:
        tally.statements += 1
        return execute(self, *given, **more)

    return counted


transactions.writing = writing  # before anybody has taken the other one
_cursor._execute, _cursor._executemany = counting(_cursor._execute), counting(_cursor._executemany)
django.setup()

import uvicorn
from django.core.management import call_command

from bench.parts import control
from bench.parts.newcomers import circles
from config import threads
from config.server import OPTIONS
from decisions.live import database
from decisions.live.frames import Frame
from decisions.live.hub import Hub, Topic
from decisions.live.relay import Relay
from decisions.live.switchboard import Switchboard

LOOKED_UP = ("admit_all", "open_all", "waiting_of_all", "gone", "hidden", "current_seqs")
_answer, _write_all = threads.answer, Hub._write_all
_send, _hear = Relay.send, Switchboard._hear


def answer(app: Any, told: dict[str, Any]) -> Any:
    began, statements, held = time.thread_time(), tally.statements, tally.held
    found = _answer(app, told)
    spent = time.thread_time() - began
    path = str(told["PATH_INFO"])
    calls.append((told["REQUEST_METHOD"], path, spent, tally.held - held, tally.statements - statements))
    return found


def timed(name: str) -> Callable[..., Any]:
    work = getattr(database, name)

    def counted(*given: Any) -> Any:
        began, statements = time.thread_time(), tally.statements
        found = work(*given)
        works.append((name, len(given[-1]), time.thread_time() - began, tally.statements - statements))
        return found

    return counted


async def write_all(self: Hub, topic: Topic, batch: list[Frame]) -> None:
    sockets, began = len(topic.live), time.thread_time()
    await _write_all(self, topic, batch)
    if topic.has_journal:
        writes.append((sockets, time.thread_time() - began))


def send(self: Relay, word: dict[str, Any]) -> None:
    words["sent"] += 1
    _send(self, word)


def hear(self: Switchboard, word: dict[str, Any], at: float = 0.0) -> None:
    words["heard"] += "process" in word  # the process's own come without
    _hear(self, word, at)


threads.answer = answer
Hub._write_all, Relay.send, Switchboard._hear = write_all, send, hear  # type: ignore[method-assign]
for one in LOOKED_UP:
    setattr(database, one, timed(one))

from config import asgi

LOOP = time.pthread_getcpuclockid(threading.main_thread().ident or 0)
BEATS = ("beat", "check_visitors", "sweep", "note_seen")


class Deeds:
    """What the bench asks of this server."""

    def teams(self, asked: str) -> Any:
        """`{teams, members, first}` as JSON: so many circles, whose numbers begin at `first`."""
        wanted = json.loads(asked)
        return circles(wanted["teams"], wanted["members"], wanted["first"])

    def spent(self) -> dict[str, Any]:
        """Seconds of the whole process and of its loop, resident bytes, and the words that went to and fro."""
        loop, whole = time.clock_gettime(LOOP), time.process_time()
        return {"loop": loop, "whole": whole, "rss": control.memory(), **words}

    def noted(self) -> dict[str, Any]:
        """What was counted since the last time."""
        kept: dict[str, Sequence[Any]] = {"calls": calls[:], "works": works[:], "writes": writes[:]}
        for one in (calls, works, writes):
            one.clear()
        return kept

    def beats(self) -> dict[str, float]:
        """Each beat of the live side once: seconds of the process for it."""
        board, found = asgi.application.switchboard, {}
        for name in BEATS:
            found[name] = spent_on(board._loop, getattr(board, name))
        return found

    def presence(self, times: str) -> None:
        """The other processes are told who is here, so many times."""
        board = asgi.application.switchboard

        async def tell() -> None:
            for _ in range(int(times)):
                await board.tell_presence_abroad()
                await asyncio.sleep(0.02)

        spent_on(board._loop, tell)


def spent_on(loop: asyncio.AbstractEventLoop, work: Callable[[], Any]) -> float:
    began = time.process_time()
    asyncio.run_coroutine_threadsafe(_and_what_follows(work), loop).result()
    return time.process_time() - began


async def _and_what_follows(work: Callable[[], Any]) -> None:
    await work()
    waiting = asgi.application.switchboard.waiting
    while waiting.telling is not None and not waiting.telling.done():
        await asyncio.sleep(0.005)


def main(port: int) -> None:
    if "beside" not in sys.argv:
        call_command("migrate", verbosity=0)
    deeds = Deeds()
    control.obey({name: getattr(deeds, name) for name in ("teams", "spent", "noted", "beats", "presence")})
    control.say({"topics": []})
    uvicorn.run(asgi.application, host="127.0.0.1", port=port, **OPTIONS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
