"""One socket: what it follows, what may be said, and what ends it."""

from __future__ import annotations

import pytest

from decisions.away import GONE
from decisions.live.consumer import AT_ONCE, MOST_TOPICS
from decisions.live.journal import FAR
from decisions.live.switchboard import Switchboard
from tests.live.book import Book
from tests.live.served import Live, Socket, live

pytestmark = pytest.mark.asyncio
P = "proposal:p1"


# Subscribing


async def test_a_subscriber_gets_what_came_after_and_then_what_comes() -> None:
    async with live() as it:
        for _ in range(5):
            it.book.write("p1")
        client = await it.open("max-token")
        assert await client.subscribe(P, 2) == {"type": "subscribed", "topic": P, "seq": 5, "epoch": "first"}
        it.write("p1", by="max", changes={"phase": "consent"})
        assert await client.hear_seqs(3) == [3, 4, 5]
        told = await client.hear("event")
        assert told == {
            "type": "event", "topic": P, "seq": 6, "event": "reacted", "by": "max",
            "changes": {"phase": "consent"},
        }  # fmt: skip


async def test_without_after_a_subscriber_gets_what_comes_from_now_on() -> None:
    async with live() as it:
        it.book.write("p1")
        client = await it.open("max-token")
        assert (await client.subscribe(P))["seq"] == 1
        it.write("p1")
        assert await client.hear_seqs(1) == [2]


async def test_asking_again_with_after_brings_it_again_and_doubles_nothing() -> None:
    async with live() as it:
        it.book.write("p1")
        client = await it.open("max-token")
        await client.subscribe(P, 0)
        assert await client.hear_seqs(1) == [1]
        await client.subscribe(P, 0)
        it.write("p1")
        assert await client.hear_seqs(2) == [1, 2]
        it.write("p1")
        assert await client.hear_seqs(1) == [3]


async def test_a_whole_long_absence_up_to_the_limit_is_caught_up() -> None:
    async with live() as it:
        for _ in range(FAR):
            it.book.write("p1", text="x" * 2000)
        client = await it.open("max-token")
        await client.subscribe(P, 0)
        it.write("p1")
        assert await client.hear_seqs(FAR + 1) == list(range(1, FAR + 2))


@pytest.mark.parametrize("after", [0, FAR + 3])
async def test_too_far_behind_or_ahead_of_the_journal_asks_for_the_snapshot(after: int) -> None:
    async with live() as it:
        for _ in range(FAR + 1):
            it.book.write("p1")
        client = await it.open("max-token")
        assert await client.subscribe(P, after) == {"type": "resync", "topic": P, "epoch": "first"}
        assert not it.switchboard.hub.topics


async def test_who_knew_the_database_before_it_was_restored_fetches_anew_even_where_the_numbers_fit() -> None:
    async with live() as it:
        it.book.write("p1")
        client = await it.open("max-token")
        known = await client.subscribe(P, 1)
        assert known["epoch"] == "first"
        it.book.life = "second"
        await client.say(type="subscribe", topic=P, after=1, epoch=known["epoch"])
        assert await client.hear("resync", "subscribed") == {"type": "resync", "topic": P, "epoch": "second"}
        await client.say(type="subscribe", topic=P, after=1, epoch="second")
        assert (await client.hear("resync", "subscribed"))["type"] == "subscribed"


async def test_a_restore_under_a_running_server_reaches_every_reader_at_the_next_beat_and_the_stream_goes_on() -> None:
    async with live() as it:
        for _ in range(3):
            it.book.write("p1")
        clients = [await it.open("max-token"), await it.open("max-token")]
        for client in clients:
            await client.subscribe(P, 3)
        it.book.entries["p1"] = [b'{"seq":1,"event":"opened"}', b'{"seq":2}', b'{"seq":3}', b'{"seq":4}']
        it.book.life = "second"
        await it.switchboard.beat()
        for client in clients:
            assert await client.hear("resync", "event") == {"type": "resync", "topic": P, "epoch": "second"}
            await client.say(type="subscribe", topic=P, after=4, epoch="second")
            assert (await client.hear("subscribed"))["seq"] == 4
        it.write("p1")
        for client in clients:
            assert await client.hear_seqs(1) == [5]


async def test_what_one_may_not_see_is_as_unknown_as_what_is_not_there() -> None:
    async with live() as it:
        it.book.write("p1")
        it.book.closed_to.add(("max", "p1"))
        client = await it.open("max-token")
        hidden, absent = await client.subscribe(P), await client.subscribe("proposal:p2")
        assert (hidden["code"], hidden["detail"]) == (absent["code"], absent["detail"])
        assert hidden["code"] == "not_found"
        assert not it.switchboard.hub.topics


async def test_unsubscribing_ends_the_stream_of_that_topic_alone() -> None:
    async with live() as it:
        it.book.write("p1")
        it.book.write("p2")
        client = await it.open("max-token")
        await client.subscribe(P)
        await client.subscribe("proposal:p2")
        await client.say(type="unsubscribe", topic=P)
        await client.subscribe("me")
        it.write("p1")
        it.write("p2")
        assert (await client.hear("event"))["topic"] == "proposal:p2"


async def test_a_socket_that_closes_leaves_nothing_behind() -> None:
    async with live() as it:
        it.book.write("p1")
        client = await it.open("max-token")
        await client.subscribe(P)
        await client.subscribe("me")
        (connection,) = it.server.server_state.connections
        (task,) = it.server.server_state.tasks
        await client.close()
        await task
        assert (it.switchboard.hub.topics, it.switchboard.guests) == ({}, set())
        assert it.switchboard.presence.here() == {}
        assert connection not in it.server.server_state.connections


# What may be said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_json"),
        ("{", "bad_json"),
        ("[]", "bad_json"),
        ("17", "bad_json"),
        ('{"type":"subscribe","type":', "bad_json"),
        ("[" * 16_000, "bad_json"),
        ('{"type":"subscribe"}', "bad_message"),
        ('{"type":"subscribe","topic":7}', "bad_message"),
        ('{"type":"subscribe","topic":"proposal:p1","after":"x"}', "bad_message"),
        ('{"type":"subscribe","topic":"proposal:p1","after":-1}', "bad_message"),
        ('{"type":"subscribe","topic":"proposal:p1","after":1.5}', "bad_message"),
        ('{"type":"subscribe","topic":"proposal:p1","after":1e400}', "bad_json"),
        ('{"type":"subscribe","topic":"team x"}', "bad_topic"),
        ('{"type":"subscribe","topic":"proposal:"}', "bad_topic"),
        ('{"type":"subscribe","topic":"proposal:../p1"}', "bad_topic"),
        (b'{"type":"subscribe","topic":"me"}', "bad_message"),
    ],
)
async def test_what_cannot_be_understood_is_answered_and_changes_nothing(text: str | bytes, code: str) -> None:
    async with live() as it:
        client = await it.open("max-token")
        await client.connection.send(text)
        assert (await client.hear())["code"] == code
        assert (await client.subscribe("me"))["type"] == "subscribed"


async def test_unknown_types_and_fields_are_ignored() -> None:
    async with live() as it:
        client = await it.open("max-token")
        await client.say(type="respond", kind="consent", after="x")
        await client.say(type=["subscribe"])
        await client.say(type="subscribe", topic="me", colour="blue")
        assert (await client.hear())["type"] == "subscribed"


async def test_a_socket_has_a_bounded_number_of_topics() -> None:
    async with live() as it:
        client = await it.open("max-token")
        for number in range(MOST_TOPICS + 1):
            it.book.write(f"q{number}")
            answer = await client.subscribe(f"proposal:q{number}")
        assert answer["code"] == "too_many_topics"
        assert (await client.subscribe("proposal:q0"))["type"] == "subscribed"


async def test_who_says_too_much_is_closed_with_1013() -> None:
    async with live() as it:
        client = await it.open("max-token")
        for _ in range(int(AT_ONCE) * 2):
            await client.say(type="hello")
        assert await client.closed() == 1013


async def test_a_database_that_is_away_is_told_as_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError("no database")

    async with live() as it:
        client = await it.open("max-token")
        monkeypatch.setattr(it.book, "open", away)
        assert (await client.subscribe(P))["code"] == "unavailable"
        assert not it.switchboard.hub.topics
        monkeypatch.setattr(it.book, "admit", away)
        assert await (await it.open("max-token")).closed() == 1013


# What ends it


async def test_a_right_withdrawn_closes_the_socket_at_once_and_pushes_nothing_more() -> None:
    async with live() as it:
        it.book.write("p1")
        max_, fay = await it.open("max-token"), await it.open("fay-token")
        await max_.subscribe(P)
        await fay.subscribe(P)
        it.book.closed_to.add(("max", "p1"))
        it.switchboard.carry({"kind": "rights", "accounts": ["max"]})
        assert await max_.closed() == 4403
        it.write("p1")
        assert await fay.hear_seqs(1) == [2]


async def test_a_right_withdrawn_without_a_word_is_found_by_the_sweep() -> None:
    async with live() as it:
        it.book.write("p1")
        client = await it.open("max-token")
        await client.subscribe(P)
        it.book.closed_to.add(("max", "p1"))
        await it.switchboard.sweep()
        assert await client.closed() == 4403


async def test_who_signed_out_is_found_by_the_next_check_and_closed_with_4401() -> None:
    async with live() as it:
        stays = await it.open("fay-token")
        gone = await it.open("max-token")
        await stays.subscribe("me")
        await gone.subscribe("me")
        del it.book.people["max-token"]
        await it.switchboard.check_visitors()
        assert await gone.closed() == 4401
        assert len(it.switchboard.guests) == 1


# Waiting and presence


async def test_me_tells_what_waits_for_me_and_tells_it_again_when_it_changes() -> None:
    async with live() as it:
        it.book.rows["max"] = [{"id": "p1"}]
        client = await it.open("max-token")
        await client.subscribe("me")
        assert (await client.hear("waiting"))["proposals"] == [{"id": "p1"}]
        it.switchboard.carry({"kind": "waiting", "accounts": ["max", "fay"]})  # nothing changed: nothing said
        it.book.rows["max"] = []
        it.switchboard.carry({"kind": "waiting", "accounts": ["max"]})
        assert (await client.hear("waiting"))["proposals"] == []


async def test_what_waits_for_others_is_not_told_to_me() -> None:
    async with live() as it:
        max_, fay = await it.open("max-token"), await it.open("fay-token")
        for client in (max_, fay):
            await client.subscribe("me")
            await client.hear("waiting")
        it.book.rows["fay"] = [{"id": "p1"}]
        it.switchboard.carry({"kind": "waiting", "accounts": ["fay", "max"]})
        assert (await fay.hear())["proposals"] == [{"id": "p1"}]
        it.book.rows["max"] = [{"id": "p2"}]
        it.switchboard.carry({"kind": "waiting", "accounts": ["max"]})
        assert (await max_.hear())["proposals"] == [{"id": "p2"}]


async def test_presence_is_told_once_for_many_changes() -> None:
    async with live() as it:
        it.book.write("p1")
        clients = await presence_of(it)
        await it.switchboard.tell_presence()
        for client in clients:
            assert await client.hear("presence") == {"type": "presence", "topic": P, "online": ["fay", "max"]}
        await it.switchboard.tell_presence()  # nothing changed: nothing said
        it.write("p1")
        assert (await clients[0].hear())["type"] == "event"


async def presence_of(it: Live) -> list[Socket]:
    """Two people, one of them with two tabs."""
    clients = [await it.open("max-token"), await it.open("max-token"), await it.open("fay-token")]
    for client in clients:
        await client.subscribe(P)
    return clients


async def test_whoever_looks_at_a_decision_is_noted_as_here_and_nobody_else() -> None:
    async with live() as it:
        it.book.write("p1")
        looking = await it.open("max-token")
        await looking.subscribe(P)
        await it.open("fay-token")
        await it.switchboard.note_seen()
        assert it.book.noted == {"max"}


async def test_who_left_since_the_last_time_is_noted_once_more() -> None:
    async with live() as it:
        it.book.write("p1")
        leaving = await it.open("max-token")
        await leaving.subscribe(P)
        await leaving.say(type="unsubscribe", topic=P)
        await leaving.subscribe("me")
        await it.switchboard.note_seen()
        assert it.book.noted == {"max"}
        it.book.noted.clear()
        await it.switchboard.note_seen()
        assert it.book.noted == set()


async def test_that_somebody_is_connected_is_noted_several_times_before_they_could_be_taken_for_gone() -> None:
    beats = {work.__name__: seconds for seconds, work in Switchboard(Book()).beats()}
    assert beats["note_seen"] * 3 <= GONE.total_seconds()
