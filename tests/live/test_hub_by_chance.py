"""R3: the hub under whatever chance brings. Everybody ends with every entry once."""

from __future__ import annotations

import asyncio
import random

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from decisions.live.hub import Hub, Subscription
from tests.faults.run import SEED, running, times
from tests.live.book import Book, P, Page, settled, subscribe


def test_whatever_is_lost_doubled_or_late_everybody_ends_with_every_entry_once() -> None:
    with running("R3") as run:

        @seed(SEED)
        @settings(max_examples=times(300, 20_000), database=None, deadline=None)
        @given(chance=st.integers(0, 2**32), length=st.integers(1, 60))
        def one(chance: int, length: int) -> None:
            played = asyncio.run(play(random.Random(chance), length))
            run.fault("plays of chance")
            run.fault("entries of which nobody was told", played.told.count(0))
            run.fault("entries told more than once", sum(often > 1 for often in played.told))
            run.fault("readers that came in between", len(played.readers))

        one()


class Play:
    """Writers, a careless carrier and people coming and going, in an order that chance decides."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.book = Book()
        self.hub = Hub(self.book)
        self.under_way: list[tuple[str, int, bytes]] = []
        self.told: list[int] = []  # how often, by entry
        self.readers: list[tuple[Page, int]] = []
        self.tasks: list[asyncio.Task[Subscription]] = []

    async def write(self) -> None:
        self.under_way.append(self.book.write(P))
        self.told.append(0)

    async def carry(self) -> None:
        if self.under_way:
            entry = self.chance.choice(self.under_way)
            self.hub.publish(*entry)
            self.told[entry[1] - 1] += 1
            if self.chance.random() < 0.8:
                self.under_way.remove(entry)

    async def come(self) -> None:
        page, after = Page(), self.chance.randint(0, len(self.book.entries[P]))
        self.readers.append((page, after))
        self.tasks.append(asyncio.create_task(subscribe(self.hub, self.book, page, after)))

    async def beat(self) -> None:
        self.book.readable.set()
        await self.hub.beat()

    async def stop_reading(self) -> None:
        self.book.readable.clear()


async def play(chance: random.Random, length: int) -> Play:
    it = Play(chance)
    steps = [it.write, it.carry, it.come, it.beat, it.stop_reading]
    for step in chance.choices(steps, weights=[9, 5, 3, 2, 1], k=length):
        await step()
        await settled(chance.randint(0, 3))
    it.book.readable.set()
    await asyncio.gather(*it.tasks)
    await it.hub.beat()
    await settled()
    for page, after in it.readers:
        assert page.seqs == list(range(after + 1, len(it.book.entries[P]) + 1))
    return it
