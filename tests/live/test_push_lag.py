"""How late entries reach their readers, told for each: from whichever process they came, and by whichever way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic

import pytest
from prometheus_client.samples import Sample

from conventions import clock
from conventions.clock import rfc3339
from conventions.measures import pushes
from decisions.live.hub import Hub
from tests.live.book import TOPIC, Book, P, Page, settled, subscribe

pytestmark = pytest.mark.asyncio
A_WORD = 12.0  # seconds that the next head took


def ago(seconds: float) -> str:
    return rfc3339(clock.now() - timedelta(seconds=seconds))


def told() -> dict[str, float]:
    """How many pushes were told of, and how many seconds all of them took."""
    samples: list[Sample] = next(iter(pushes.collect())).samples
    return {one.name: one.value for one in samples if one.name.endswith(("_count", "_sum"))}


class Lag:
    """What is told between two looks: (pushes, seconds)."""

    def __init__(self) -> None:
        self._before = told()

    def since(self) -> tuple[float, float]:
        count, spent = (
            told()[name] - self._before[name] for name in ("rondo_push_seconds_count", "rondo_push_seconds_sum")
        )
        return count, spent


async def read_by(book: Book, *pages: Page) -> Hub:
    hub = Hub(book)
    for page in pages or (Page(),):
        await subscribe(hub, book, page, 0)
    return hub


async def test_an_entry_that_no_word_came_of_counts_from_when_it_was_recorded() -> None:
    book, page = Book(), Page()
    hub, lag = await read_by(book, page), Lag()
    book.write(P, at=ago(A_WORD))
    await hub.beat()
    await settled()
    count, spent = lag.since()
    assert page.seqs == [1]
    assert count == 1
    assert A_WORD <= spent < A_WORD + 2


async def test_a_word_of_another_process_counts_from_when_its_entry_was_recorded() -> None:
    book = Book()
    hub, lag = await read_by(book), Lag()
    hub.publish(*book.write(P, at=ago(3)))
    await settled()
    count, spent = lag.since()
    assert count == 1
    assert 3 <= spent < 5


async def test_a_commit_in_this_process_counts_by_the_steady_clock_alone() -> None:
    book = Book()
    hub, lag = await read_by(book), Lag()
    hub.publish(*book.write(P, at=ago(3600)), monotonic())
    await settled()
    count, spent = lag.since()
    assert count == 1
    assert spent < 1


async def test_a_clock_that_goes_before_ours_makes_no_entry_come_before_its_time() -> None:
    book = Book()
    hub, lag = await read_by(book), Lag()
    hub.publish(*book.write(P, at=ago(-60)))
    await settled()
    count, spent = lag.since()
    assert count == 1
    assert 0 <= spent < 1


async def test_of_what_is_written_at_once_the_oldest_counts() -> None:
    book = Book()
    hub, lag = await read_by(book), Lag()
    book.write(P, at=ago(A_WORD))
    hub.publish(*book.write(P, at=ago(0)), monotonic())
    await settled()
    assert lag.since()[0] == 1
    assert lag.since()[1] >= A_WORD


async def test_what_nobody_was_there_to_read_counts_for_nobody_who_comes_later() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    book.readable.clear()
    coming = asyncio.create_task(subscribe(hub, book, page, 0))
    await settled()
    hub.publish(*book.write(P), monotonic() - 3600)
    book.readable.set()
    await coming
    lag = Lag()
    hub.publish(*book.write(P), monotonic())
    await settled()
    assert page.seqs == [1, 2]
    assert hub.topics[TOPIC].live
    assert lag.since()[1] < 1
