"""What waits for whom is read for everybody concerned at once, and no oftener than the reading is worth."""

from __future__ import annotations

import asyncio

import pytest

from decisions.live.hub import OF_ONE, Hub
from decisions.live.waiting import GATHER, LONGEST, Waiting, gathering
from tests.live.book import Book, Page

PEOPLE = ("fay", "pia", "max")


class Counting(Book):
    """Notes who is read when."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    async def waiting(self, account: str) -> bytes:
        self.read.append(account)
        return await super().waiting(account)


@pytest.mark.parametrize("took", [0.001, 0.01, 0.03, 0.055])
def test_no_more_than_a_tenth_of_the_time_goes_into_reading(took: float) -> None:
    assert took / (took + gathering(took)) <= 0.1 + 1e-9


def test_gathering_is_short_where_there_is_little_to_do_and_never_longer_than_half_a_second() -> None:
    assert gathering(0.0) == GATHER
    assert gathering(3.0) == LONGEST == 0.5


@pytest.mark.asyncio
async def test_however_often_something_changes_in_one_moment_each_is_read_once() -> None:
    book = Counting()
    waiting = Waiting(book, hub := Hub(book))
    for who in PEOPLE:
        hub.join(OF_ONE + who, Page())
    for _ in range(5):
        waiting.changed(PEOPLE)
    assert book.read == []
    assert waiting.telling
    await asyncio.wait_for(waiting.telling, 10)
    assert sorted(book.read) == sorted(PEOPLE)
    waiting.changed(["max"])
    await asyncio.wait_for(waiting.telling, 10)
    assert book.read[3:] == ["max"]
