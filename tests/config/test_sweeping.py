"""The whole of the memory is looked through when nobody waits, and now and then in any case."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from config import sweeping
from config.sweeping import AT_LAST, QUIET, SHARE, SOON, Sweeper, added, due


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    turns = gc.get_threshold()
    yield
    gc.set_threshold(*turns)
    gc.enable()


def test_it_waits_for_a_quiet_moment_and_takes_the_first_one() -> None:
    assert not due(SOON, silence=0, took=0)
    assert not due(SOON, silence=QUIET * 0.9, took=0)
    assert due(SOON, silence=QUIET, took=0)


def test_one_quiet_moment_after_the_other_is_not_taken() -> None:
    assert not due(SOON * 0.9, silence=60, took=0)


def test_the_longer_a_look_takes_the_longer_it_is_until_the_next() -> None:
    took = 2 * SOON / SHARE
    assert not due(SHARE * took * 0.9, silence=60, took=took)
    assert due(SHARE * took, silence=60, took=took)


def test_where_it_never_is_quiet_it_is_done_at_last() -> None:
    assert not due(AT_LAST * 0.9, silence=0, took=0)
    assert due(AT_LAST, silence=0, took=0)
    assert due(AT_LAST, silence=0, took=AT_LAST)


def test_where_nothing_was_added_there_is_nothing_to_look_for() -> None:
    gc.set_threshold(*sweeping.TURNS)
    gc.collect()
    assert not added()
    held = [[number] for number in range(2 * sweeping.TURNS[0])]
    assert added()
    assert len(held) == 2 * sweeping.TURNS[0]


@dataclass(eq=False)
class Holding:
    """Two of these that hold each other nobody else need hold."""

    other: list[Holding] = field(default_factory=list)


def circle() -> weakref.ref[Holding]:
    one, other = Holding(), Holding()
    one.other.append(other)
    other.other.append(one)
    return weakref.ref(one)


@pytest.mark.asyncio
async def test_what_only_holds_itself_goes_in_a_quiet_moment_and_stays_while_somebody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "LOOK", 0.001)
    monkeypatch.setattr(sweeping, "SOON", 0.0)
    monkeypatch.setattr(sweeping, "SHARE", 0)
    monkeypatch.setattr(sweeping, "added", lambda: True)
    silence, looked = 0.0, asyncio.Semaphore(0)

    def of_now() -> float:
        looked.release()
        return silence

    sweeper = Sweeper(of_now)
    sweeper.start()
    left = circle()
    for _ in range(3):
        await looked.acquire()
    assert left() is not None
    silence = QUIET
    async with asyncio.timeout(10):
        while left() is not None:
            await looked.acquire()
    await sweeper.stop()


@pytest.mark.asyncio
async def test_python_itself_looks_at_what_is_young_and_never_at_everything() -> None:
    gc.disable()
    sweeper = Sweeper(lambda: 0.0)
    sweeper.start()
    whole, young = gc.get_stats()[2]["collections"], gc.get_stats()[0]["collections"]
    held = [[number] for number in range(400_000)]
    assert gc.get_stats()[0]["collections"] > young
    assert gc.get_stats()[2]["collections"] == whole
    assert len(held) == 400_000
    await sweeper.stop()
