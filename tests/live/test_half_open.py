"""A line that died without a word: whoever was at its end is not shown as here any more, within a minute."""

from __future__ import annotations

import asyncio
import random

import pytest

from config.server import OPTIONS
from decisions.live import protocol, switchboard
from decisions.live.presence import CALM, Presence
from tests.faults.proxy import Net, Trouble
from tests.live.served import PATIENCE, Live, Socket, live

P = "proposal:p1"
MINUTE = 60.0


def test_whose_line_died_is_away_within_a_minute_also_for_those_at_another_process() -> None:
    noticed = OPTIONS["ws_ping_interval"] + OPTIONS["ws_ping_timeout"] + protocol.PATIENCE
    told = switchboard.PRESENCE + CALM
    assert noticed + 2 * told <= MINUTE


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def hears(client: Socket, it: Live, watch: Watch) -> list[str]:
    watch.now += CALM
    await it.switchboard.tell_presence()
    return list((await client.hear("presence"))["online"])


@pytest.mark.asyncio
@pytest.mark.parametrize("trouble", [Trouble.HALF_OPEN, Trouble.UNHEARD, Trouble.UNTOLD])
async def test_who_is_at_a_line_that_died_without_a_word_is_shown_as_away(trouble: Trouble) -> None:
    async with live(ws_ping_interval=0.1, ws_ping_timeout=0.1) as it:
        watch = Watch()
        it.switchboard.presence = Presence(watch)
        it.book.write("p1")
        lines = Net(it.server.port, random.Random(0), mean=1.0, longest=1.0)
        await lines.open()
        fay = await it.open("fay-token")
        max_ = await it.open("max-token", through=lines.url)
        for client in (fay, max_):
            await client.subscribe(P)
        assert await hears(fay, it, watch) == ["fay", "max"]
        (line,) = lines.lines
        await line.suffer(trouble, 0)
        async with asyncio.timeout(PATIENCE):
            while len(it.switchboard.guests) > 1:
                await asyncio.sleep(0.01)
        assert await hears(fay, it, watch) == ["fay"]
        await lines.close()
