"""Redis being away is one event, not one in a second: a line in a minute tells of it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from decisions.live import relay
from decisions.live.relay import QUIET
from tests.live.served import PATIENCE
from tests.live.wire import Wire, related


class Watch:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


class Again(Wire):
    """Cut, and counts how often it was tried."""

    def __init__(self) -> None:
        super().__init__()
        self.cut, self.tries = True, 0

    def _whole(self) -> None:
        self.tries += 1
        super()._whole()

    async def tried(self, more: int) -> None:
        wanted = self.tries + more
        async with asyncio.timeout(PATIENCE):
            while self.tries < wanted:
                await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_of_a_redis_that_is_away_one_line_is_logged_in_a_minute_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watch, wire = Watch(), Again()
    monkeypatch.setattr(relay, "time", watch)
    monkeypatch.setattr(relay, "AGAIN", 0.0)
    for seldom in logging.getLogger("rondo.live.relay").filters:
        monkeypatch.setattr(seldom, "_last", -QUIET)
    async with related(wire, wire):
        for minute in range(3):
            watch.now = minute * QUIET
            await wire.tried(10)
            watch.now += QUIET - 1
            await wire.tried(10)
            assert len(caplog.records) == minute + 1
    assert {record.getMessage() for record in caplog.records} == {"Redis is not there, trying again: no Redis"}


def test_what_the_channel_layer_says_of_a_redis_that_is_away_is_logged_as_seldom(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watch, layer = Watch(), logging.getLogger("channels_redis.pubsub")
    monkeypatch.setattr(relay, "time", watch)
    for seldom in layer.filters:
        monkeypatch.setattr(seldom, "_last", -QUIET)
    for seconds in (0, 1, QUIET - 1, QUIET, QUIET + 1):
        watch.now = seconds
        layer.warning("at %d", seconds)
    assert [record.getMessage() for record in caplog.records] == ["at 0", "at 60"]
