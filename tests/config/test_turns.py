"""Threads in turns: few at once, in order, and who takes long holds up nobody."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from config import turns
from config.turns import Turns

pytestmark = pytest.mark.asyncio
FOR_EVER = 3600.0


@dataclass
class Seen:
    """Which calls began, and how many of them were at work in the same moment."""

    began: list[int] = field(default_factory=list)
    most: int = 0
    _now: int = 0
    _met: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def call(self, number: int) -> int:
        with self._guard:
            self.began.append(number)
            self._now += 1
            self.most = max(self.most, self._now)
            if self.most > 1:
                self._met.set()
        self._met.wait(0.002)  # another thread may begin meanwhile, were it let
        with self._guard:
            self._now -= 1
        return number


async def all_of(given: Turns, seen: Seen, numbers: range) -> list[int]:
    return await asyncio.gather(*(given.take(lambda number=number: seen.call(number)) for number in numbers))  # type: ignore[misc]


async def test_one_goes_on_at_a_time_in_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", FOR_EVER)
    seen = Seen()
    assert await all_of(Turns(1, 4, "read"), seen, range(50)) == list(range(50))
    assert (seen.began, seen.most) == (list(range(50)), 1)


async def test_who_takes_long_holds_up_nobody() -> None:
    given, let = Turns(1, 3, "read"), threading.Event()
    long = [asyncio.create_task(given.take(lambda: let.wait(30))) for _ in range(2)]
    async with asyncio.timeout(20):
        assert await all_of(given, Seen(), range(5)) == list(range(5))
    assert not any(one.done() for one in long)
    let.set()
    assert await asyncio.gather(*long) == [True, True]


async def test_when_the_long_ones_are_done_one_goes_on_at_a_time_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given, let, seen = Turns(1, 3, "read"), threading.Event(), Seen()
    long = [asyncio.create_task(given.take(lambda: let.wait(30))) for _ in range(2)]
    await all_of(given, Seen(), range(5))
    monkeypatch.setattr(turns, "LONG", FOR_EVER)
    let.set()
    await asyncio.gather(*long)
    await all_of(given, seen, range(50))
    assert (sorted(seen.began), seen.most) == (list(range(50)), 1)


async def test_never_more_threads_than_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONG", 0.001)
    given, let, going = Turns(1, 3, "read"), threading.Event(), threading.Semaphore(0)

    def hold() -> str:
        going.release()
        assert let.wait(30)
        return threading.current_thread().name

    held = [asyncio.create_task(given.take(hold)) for _ in range(9)]
    for _ in range(3):
        assert await asyncio.to_thread(going.acquire, timeout=20)
    let.set()
    assert set(await asyncio.gather(*held)) <= {"read-1", "read-2", "read-3"}


async def test_one_that_is_not_ready_lets_another_have_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    let = threading.Event()

    def who() -> str:
        return threading.current_thread().name

    given = Turns(1, 2, "read", lambda: who() != "read-2")
    long = asyncio.create_task(given.take(lambda: let.wait(30) and who()))
    await asyncio.sleep(0)
    assert await given.take(who) == "read-2"
    monkeypatch.setattr(turns, "LONG", FOR_EVER)
    let.set()
    assert await long == "read-1"
    async with asyncio.timeout(20):
        while await given.take(who) != "read-1":  # it may not yet wait for its turn
            pass
    assert {await given.take(who) for _ in range(20)} == {"read-1"}


async def test_of_two_at_once_the_one_that_is_ready_goes_on_alone_until_it_is_held_up() -> None:
    let, ready = threading.Event(), {"read-1": True, "read-2": False}

    def who() -> str:
        return threading.current_thread().name

    given = Turns(2, 2, "read", lambda: ready[who()])
    long = asyncio.create_task(given.take(lambda: let.wait(30) and who()))
    await asyncio.sleep(0)
    assert await given.take(who) == "read-2"
    let.set()
    assert await long == "read-1"
    async with asyncio.timeout(20):
        while await given.take(who) != "read-1":  # it may not yet be done
            pass
    assert {await given.take(who) for _ in range(20)} == {"read-1"}
    let.clear()
    long = asyncio.create_task(given.take(lambda: let.wait(30) and who()))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        assert await given.take(who) == "read-2"
    let.set()
    assert await long == "read-1"


@pytest.mark.parametrize("at_once", [1, 2])
async def test_those_that_are_not_ready_go_on_where_there_is_no_other(at_once: int) -> None:
    given = Turns(at_once, at_once, "read", lambda: False)
    async with asyncio.timeout(20):
        assert await all_of(given, Seen(), range(50)) == list(range(50))


async def test_what_fails_is_told_to_whoever_waits_for_it_and_the_next_goes_on() -> None:
    given = Turns(1, 1, "read")
    with pytest.raises(ZeroDivisionError):
        await given.take(lambda: 1 // 0)
    assert await given.take(lambda: 7) == 7


async def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    given, let, begun = Turns(1, 1, "read"), threading.Event(), []
    first = asyncio.create_task(given.take(lambda: let.wait(30)))
    second = asyncio.create_task(given.take(lambda: begun.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    let.set()
    await first
    assert await given.take(lambda: "third") == "third"
    assert begun == []
