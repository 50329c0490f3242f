"""The hub: each entry once and in order to everybody, whatever was lost, doubled or late on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from conventions.precedence import precedence
from decisions.live import hub as hubs
from decisions.live.hub import Hub
from decisions.live.journal import FAR
from tests.live.book import TOPIC, Book, P, Page, settled, subscribe


@pytest.mark.asyncio
async def test_what_is_published_reaches_everybody_in_order() -> None:
    book, pages = Book(), [Page() for _ in range(600)]
    hub = Hub(book)
    for page in pages:
        await subscribe(hub, book, page, 0)
    for _ in range(5):
        hub.publish(*book.write(P))
    await settled()
    assert all(page.seqs == [1, 2, 3, 4, 5] for page in pages)


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.asyncio
async def test_while_something_goes_out_to_many_it_goes_first(many: bool) -> None:
    seen: list[int] = []

    class Looking(Page):
        def put(self, texts: Sequence[bytes], wire: bytes, lag: int = 0) -> bool:
            seen.append(precedence.under_way)
            return super().put(texts, wire, lag)

    book, pages = Book(), [Looking() for _ in range(hubs.BREATH + many)]
    hub = Hub(book)
    for page in pages:
        await subscribe(hub, book, page, 0)
    hub.publish(*book.write(P))
    await settled()
    assert seen == [int(many)] * len(pages)
    assert precedence.under_way == 0


@pytest.mark.asyncio
async def test_a_burst_is_joined_into_one_write() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    for _ in range(20):
        hub.publish(*book.write(P))
    await settled()
    assert page.seqs == list(range(1, 21))
    assert len(page.wires) == 1


@pytest.mark.asyncio
async def test_an_entry_published_while_the_journal_is_read_comes_once() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    book.write(P)
    book.readable.clear()
    subscribing = asyncio.create_task(subscribe(hub, book, page, 0))
    await book.reading.wait()
    hub.publish(*book.write(P))
    hub.publish(*book.write(P))
    book.readable.set()
    await subscribing
    hub.publish(*book.write(P))
    await settled()
    assert page.seqs == [1, 2, 3, 4]


@pytest.mark.asyncio
async def test_an_entry_that_the_reading_already_brought_is_not_sent_again() -> None:
    book, first, second = Book(), Page(), Page()
    hub = Hub(book)
    await subscribe(hub, book, first, 0)
    late = book.write(P)  # committed, its announcement still under way
    await subscribe(hub, book, second, 0)
    hub.publish(*late)
    await settled()
    assert first.seqs == second.seqs == [1]


@pytest.mark.asyncio
async def test_somebody_who_joins_in_the_middle_of_a_flush_misses_nothing() -> None:
    book, pages, late = Book(), [Page() for _ in range(hubs.BREATH * 3)], Page()
    hub = Hub(book)
    for page in pages:
        await subscribe(hub, book, page, 0)
    hub.publish(*book.write(P))
    await asyncio.sleep(0)  # the flusher has begun
    subscribing = asyncio.create_task(subscribe(hub, book, late, 0))
    hub.publish(*book.write(P))
    await subscribing
    await settled()
    assert late.seqs == [1, 2]
    assert all(page.seqs == [1, 2] for page in pages)


@pytest.mark.asyncio
async def test_entries_out_of_order_are_put_in_order() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    one, two, three = book.write(P), book.write(P), book.write(P)
    for entry in (three, one, two, one, three):
        hub.publish(*entry)
    await settled()
    assert page.seqs == [1, 2, 3]


@pytest.mark.asyncio
async def test_a_gap_is_filled_from_the_journal() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    book.write(P)
    book.write(P)
    hub.publish(*book.write(P))
    await settled()
    assert page.seqs == [1, 2, 3]


@pytest.mark.asyncio
async def test_a_long_gap_is_filled_in_several_readings() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    for _ in range(FAR * 2 + 10):
        book.write(P)
    hub.publish(*book.write(P))
    await settled()
    assert page.seqs == list(range(1, FAR * 2 + 12))


@pytest.mark.asyncio
async def test_an_entry_that_comes_while_a_gap_is_filled_is_not_lost() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    book.write(P)
    book.reading.clear()
    book.readable.clear()
    hub.publish(*book.write(P))
    await book.reading.wait()
    book.write(P)
    hub.publish(*book.write(P))
    book.readable.set()
    await settled()
    assert page.seqs == [1, 2, 3, 4]


@pytest.mark.asyncio
async def test_a_lost_publish_is_found_by_the_next_head() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)
    book.write(P)
    assert await hub.beat() == 1
    await settled()
    assert page.seqs == [1]
    assert page.said[0] == {"type": "head", "topic": TOPIC, "seq": 1}
    assert await hub.beat() == 0


@pytest.mark.asyncio
async def test_heads_for_all_topics_cost_one_reading() -> None:
    book = Book()
    hub = Hub(book)
    pages = []
    for number in range(20):
        page = Page()
        subscription = hub.join(f"proposal:q{number}", page)
        hub.settle(f"proposal:q{number}", subscription, 0)
        pages.append(page)
    before = book.readings
    await hub.beat()
    await settled()
    assert book.readings == before + 1
    assert all(page.said[-1]["type"] == "head" for page in pages)


@pytest.mark.asyncio
async def test_a_journal_that_is_shorter_than_it_was_asks_for_the_snapshot() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    for _ in range(3):
        book.write(P)
    await subscribe(hub, book, page, 3)
    del book.entries[P][1:]
    await hub.beat()
    await settled()
    assert page.said == [{"type": "resync", "topic": TOPIC}]


@pytest.mark.asyncio
async def test_a_reader_that_does_not_keep_up_is_closed_and_counted_and_the_others_go_on() -> None:
    book, slow, well = Book(), Page(), Page()
    hub = Hub(book)
    await subscribe(hub, book, slow, 0)
    await subscribe(hub, book, well, 0)
    slow.slow = True
    hub.publish(*book.write(P))
    await settled()
    hub.publish(*book.write(P))
    await settled()
    assert (slow.closed, slow.seqs) == (1013, [])
    assert (well.closed, well.seqs) == (None, [1, 2])
    assert hub.cut == 1


@pytest.mark.asyncio
async def test_a_reader_that_hangs_while_catching_up_is_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hubs, "HELD", 10)
    book, stuck = Book(), Page()
    hub = Hub(book)
    hub.join(TOPIC, stuck)
    for _ in range(11):
        hub.publish(*book.write(P))
    assert stuck.closed == 1013
    assert not hub.topics


@pytest.mark.asyncio
async def test_one_broken_socket_is_its_own_affair() -> None:
    book, broken, well = Book(), Page(), Page()
    hub = Hub(book)
    await subscribe(hub, book, broken, 0)
    await subscribe(hub, book, well, 0)
    broken.broken = True
    hub.publish(*book.write(P))
    await settled()
    assert well.seqs == [1]


@pytest.mark.asyncio
async def test_who_left_gets_nothing_more_even_from_a_flush_under_way() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    subscription = await subscribe(hub, book, page, 0)
    hub.publish(*book.write(P))
    hub.leave(TOPIC, subscription)
    await settled()
    assert page.seqs == []


@pytest.mark.asyncio
async def test_an_empty_topic_is_forgotten() -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    subscription = await subscribe(hub, book, page, 0)
    hub.leave(TOPIC, subscription)
    hub.leave(TOPIC, subscription)
    hub.publish(*book.write(P))
    assert hub.topics == {}


@pytest.mark.asyncio
async def test_a_journal_that_cannot_be_read_now_is_read_at_the_next_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book, page = Book(), Page()
    hub = Hub(book)
    await subscribe(hub, book, page, 0)

    async def away(*_: object) -> list[tuple[int, bytes]]:
        raise ConnectionError("no database")

    with monkeypatch.context() as patched:
        patched.setattr(book, "entries_after", away)
        book.write(P)
        hub.publish(*book.write(P))
        await settled()
    assert page.seqs == []
    hub.publish(*book.write(P))
    await settled()
    assert page.seqs == [1, 2, 3]
