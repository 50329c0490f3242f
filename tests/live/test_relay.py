"""From process to process: each word once to every other process, and Redis may come and go."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer

from decisions.live import announce, relay
from decisions.live.relay import Outside, Relay, Word
from decisions.live.switchboard import Switchboard
from tests.live.book import Book, Page, settled
from tests.live.served import PATIENCE
from tests.live.wire import Queue, Wire, related
from tests.servers import redis


async def heard(told: Queue) -> Word:
    return await asyncio.wait_for(told.get(), PATIENCE)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "AGAIN", 0.01)


@pytest.mark.asyncio
async def test_a_word_reaches_every_other_process_once_and_in_order() -> None:
    wire = Wire()
    async with related(wire, wire, wire) as ((one, told_one), (_, told_two), (_, told_three)):
        await settled()
        for seq in range(3):
            one.send({"kind": "entry", "seq": seq})
        for told in (told_two, told_three):
            assert [(await heard(told))["seq"] for _ in range(3)] == [0, 1, 2]
        assert told_one.empty()


@pytest.mark.asyncio
async def test_what_is_there_to_be_said_goes_in_one_message_and_each_word_is_heard_as_if_it_came_alone() -> None:
    wire = Wire()
    async with related(wire, wire) as ((one, _), (_, told_two)):
        await settled()
        wire.messages.clear()
        words: list[Word] = [{"kind": "entry", "topic": "proposal:4f", "seq": seq, "text": b"{}"} for seq in range(40)]
        for word in words:
            one.send(word)
        assert [await heard(told_two) for _ in words] == [{**word, "process": "process-0"} for word in words]
    # A process of an earlier version knows the words that stand in a message first.
    assert [(message["kind"], message["seq"], len(message.get("more", ()))) for message in wire.messages] == [
        ("entry", 0, 31),
        ("entry", 32, 7),
    ]


@pytest.mark.asyncio
async def test_what_was_said_last_before_a_process_stops_still_reaches_the_others() -> None:
    wire = Wire()
    async with related(wire, wire) as ((one, _), (_, told_two)):
        await settled()
        one.send({"kind": "entry", "seq": 1})
        await one.stop()
        assert (await heard(told_two))["seq"] == 1


@pytest.mark.asyncio
async def test_a_redis_that_was_away_is_used_again() -> None:
    wire = Wire()
    wire.cut = True
    async with related(wire, wire) as ((one, _), (_, told_two)):
        one.send({"kind": "entry", "seq": 1})  # lost: the next head makes up for it
        await settled()
        wire.cut = False
        while len(wire.channels) < 2:
            wire.flushed.clear()
            await asyncio.wait_for(wire.flushed.wait(), PATIENCE)
            await settled()
        one.send({"kind": "entry", "seq": 2})
        assert (await heard(told_two))["seq"] == 2


@pytest.mark.asyncio
async def test_a_subscription_that_broke_is_made_again() -> None:
    wire = Wire()
    async with related(wire, wire) as ((one, _), (_, told_two)):
        await settled()
        before = len(wire.channels)
        for channel in list(wire.channels.values()):
            channel.put_nowait(ConnectionError("broken"))
        while len(wire.channels) < before * 2:
            wire.flushed.clear()
            await asyncio.wait_for(wire.flushed.wait(), PATIENCE)
            await settled()
        one.send({"kind": "entry", "seq": 1})
        assert (await heard(told_two))["seq"] == 1


@pytest.mark.asyncio
async def test_a_process_that_hears_not_even_itself_subscribes_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SILENT", 0.01)
    wire = Wire()
    async with related(wire):
        while len(wire.channels) < 3:
            wire.flushed.clear()
            await asyncio.wait_for(wire.flushed.wait(), PATIENCE)
            await settled()


@pytest.mark.asyncio
async def test_words_for_a_redis_that_is_away_do_not_pile_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "KEPT", 5)
    one = Relay(Wire(), "one", lambda word: None)
    for seq in range(8):
        one.send({"kind": "entry", "seq": seq})
    assert one.dropped == 3


@pytest.mark.asyncio
async def test_what_is_announced_in_one_process_is_read_in_another() -> None:
    book, page = Book(), Page()
    wire = Wire()
    here, there = Switchboard(book, wire), Switchboard(book, wire)
    there.start()
    here.start()  # the last to start carries what is announced in this interpreter
    try:
        subscription = there.hub.join("proposal:p1", page)
        there.hub.settle("proposal:p1", subscription, 0)
        await settled()
        await asyncio.to_thread(announce.announce, *book.write("p1"))
        await asyncio.to_thread(announce.announce, *book.write("p1"))
        async with asyncio.timeout(PATIENCE):
            while len(page.seqs) < 2:
                await asyncio.sleep(0)
        assert page.seqs == [1, 2]
    finally:
        await here.stop()
        await there.stop()


@pytest.mark.asyncio
async def test_who_was_alone_at_a_process_and_is_gone_is_away_for_those_at_another_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Switchboard, "beats", lambda _: [])
    wire = Wire()
    here, there = Switchboard(Book(), wire), Switchboard(Book(), wire)
    here.start()
    there.start()
    try:
        await settled()
        for switchboard, account in ((here, "max"), (there, "fay")):
            switchboard.presence.came("proposal:p1", account)
            await switchboard.tell_presence()
        await heard_by(there, ["fay", "max"])
        here.presence.went("proposal:p1", "max")
        await here.tell_presence()
        await heard_by(there, ["fay"])
    finally:
        await here.stop()
        await there.stop()


@pytest.mark.asyncio
async def test_of_who_is_online_processes_tell_each_other_what_has_changed_and_nobody_echoes_it() -> None:
    book, wire = Book(), Wire()
    here, there = Switchboard(book, wire), Switchboard(book, wire)
    ear = await wire.new_channel()
    there.start()
    here.start()
    try:
        await settled()
        here.presence.came("proposal:p1", "max")
        here.presence.came("proposal:p2", "max")
        await here.tell_presence()
        await settled()
        here.presence.came("proposal:p2", "fay")
        await here.tell_presence()
        await settled()
        await there.tell_presence()
        await here.tell_presence()
        await settled()
        assert there.presence.online("proposal:p1") == ["max"]
        assert there.presence.online("proposal:p2") == ["fay", "max"]
        told = [wire.channels[ear].get_nowait() for _ in range(wire.channels[ear].qsize())]
        assert [word["topics"] for word in told] == [
            {"proposal:p1": ["max"], "proposal:p2": ["max"]},
            {"proposal:p2": ["fay", "max"]},
        ]
    finally:
        await here.stop()
        await there.stop()


async def heard_by(switchboard: Switchboard, online: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while switchboard.presence.online("proposal:p1") != online:
            await asyncio.sleep(0)


def test_a_process_without_a_server_and_without_redis_tells_nobody_and_does_not_fail() -> None:
    Outside().carry({"kind": "entry", "topic": "proposal:p1", "seq": 1, "text": b"{}"})


class Failing:
    async def group_send(self, group: str, word: Word) -> None:
        raise ConnectionError("no Redis")


def test_a_redis_that_is_away_hinders_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "channel_layer", Failing)
    Outside().carry({"kind": "entry", "topic": "proposal:p1", "seq": 1, "text": b"{}"})


@pytest.mark.redis
@pytest.mark.asyncio
async def test_two_processes_hear_each_other_over_redis_also_after_it_was_restarted() -> None:
    with redis() as url:
        layers = [layer_on(url), layer_on(url)]
        async with related(*layers) as ((one, _), (_, told_two)):
            assert (await said_until_heard(one, told_two))["kind"] == "entry"
            await layers[1]._get_layer()._shards[0]._redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            while not told_two.empty():
                told_two.get_nowait()
            assert (await said_until_heard(one, told_two))["kind"] == "entry"


@pytest.mark.redis
@pytest.mark.asyncio
async def test_a_management_command_tells_the_servers_over_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    with redis() as url:
        monkeypatch.setattr(relay, "channel_layer", lambda: layer_on(url))
        async with related(layer_on(url)) as ((server, told),):
            await said_until_heard(server, told, via=lambda word: asyncio.to_thread(Outside().carry, word))


def layer_on(url: str) -> Any:
    return RedisPubSubChannelLayer(hosts=[{"address": url, "socket_timeout": None}])


async def said_until_heard(sender: Relay, told: Queue, via: Any = None) -> Word:
    """A subscription takes its time to stand; words before it are lost by design."""
    async with asyncio.timeout(PATIENCE):
        while True:
            word = {"kind": "entry", "topic": "proposal:p1", "seq": 1, "text": os.urandom(10)}
            await via(word) if via else sender.send(word)
            try:
                return await asyncio.wait_for(told.get(), 0.2)
            except TimeoutError:
                continue
