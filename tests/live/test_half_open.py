"""A line that died without a word: whoever was at its end is not shown as here any more, within a minute."""

from __future__ import annotations

import asyncio
import random
from contextlib import closing

import pytest

from config.server import OPTIONS
from decisions.live import protocol, switchboard
from decisions.live.presence import CALM, Presence
from decisions.live.pulse import Pulse
from tests.faults.proxy import Line, Net, Trouble
from tests.live.book import settled
from tests.live.served import PATIENCE, Live, Socket, live
from tests.live.wire import Wire

P = "proposal:p1"
MINUTE = 60.0
DEATHS = [Trouble.HALF_OPEN, Trouble.UNHEARD, Trouble.UNTOLD]
IMPATIENT = {"ws_ping_interval": 0.1, "ws_ping_timeout": 0.1}


def test_noticing_that_a_line_died_and_telling_it_at_two_processes_takes_less_than_a_minute() -> None:
    with closing(asyncio.new_event_loop()) as loop:
        pulse = Pulse(loop, OPTIONS["ws_ping_interval"], OPTIONS["ws_ping_timeout"])
    noticed = pulse.longest + protocol.LAST_WORD
    told = switchboard.PRESENCE + CALM
    assert noticed + 2 * told <= MINUTE


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def hears(client: Socket, watch: Watch, *processes: Live) -> list[str]:
    """Who is shown to the client after each of the processes has told what it knows."""
    watch.now += CALM
    for it in processes:
        await it.switchboard.tell_presence()
        await settled()
    return list((await client.hear("presence"))["online"])


async def dies(line: Line, trouble: Trouble, it: Live) -> None:
    """Until its process has noticed."""
    before = len(it.switchboard.guests)
    await line.suffer(trouble, 0)
    async with asyncio.timeout(PATIENCE):
        while len(it.switchboard.guests) == before:
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
@pytest.mark.parametrize("trouble", DEATHS)
async def test_who_is_at_a_line_that_died_without_a_word_is_shown_as_away(trouble: Trouble) -> None:
    async with live(**IMPATIENT) as it:
        watch = Watch()
        it.switchboard.presence = Presence(watch)
        it.book.write("p1")
        lines = Net(it.server.port, random.Random(0), mean=1.0, longest=1.0)
        await lines.open()
        fay = await it.open("fay-token")
        max_ = await it.open("max-token", through=lines.url)
        for client in (fay, max_):
            await client.subscribe(P)
        assert await hears(fay, watch, it) == ["fay", "max"]
        (line,) = lines.lines
        await dies(line, trouble, it)
        assert await hears(fay, watch, it) == ["fay"]
        await lines.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("trouble", DEATHS)
async def test_who_is_at_a_line_that_died_is_shown_as_away_to_those_at_another_process(trouble: Trouble) -> None:
    wire = Wire()
    async with live(wire) as here, live(wire, **IMPATIENT) as there:
        watch = Watch()
        for it in (here, there):
            it.switchboard.presence = Presence(watch)
            it.book.write("p1")
        await settled()
        lines = Net(there.server.port, random.Random(0), mean=1.0, longest=1.0)
        await lines.open()
        fay = await here.open("fay-token")
        max_ = await there.open("max-token", through=lines.url)
        for client in (fay, max_):
            await client.subscribe(P)
        assert await hears(fay, watch, there, here) == ["fay", "max"]
        (line,) = lines.lines
        await dies(line, trouble, there)
        assert await hears(fay, watch, there, here) == ["fay"]
        await lines.close()
