"""R18: circles decide one thing after another, for hours or as fast as it goes: the server holds no more memory and no
more files for it, and forgets no connection to its database."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator

import pytest

from bench.meeting import circles
from tests.faults import forgetful
from tests.faults.circle import database
from tests.faults.judge import judge
from tests.faults.run import running, times
from tests.faults.soak import Held, Load, Watch, mib_per_hour
from tests.story.conftest import a_database
from tests.story.rondo import serving

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(14400)]

CIRCLES, MEMBERS = 5, 12
MINUTES = times(0, 120)  # 0: some commands, as fast as it goes
PACE = 0.4 if MINUTES else 0.0  # seconds; where mostly one speaks after another that makes ten commands a second
SECONDS = MINUTES * 60.0
WARM_SECONDS = min(SECONDS / 3, 600.0)  # of them, until all that is kept at hand is full
COMMANDS, WARM_COMMANDS = (math.inf, math.inf) if MINUTES else (900, 600)
LONG = 3600.0  # seconds; in less a straight line through the memory says nothing
MOST_PER_HOUR = 1.0  # MiB
MOST_PER_THOUSAND = 4096.0  # KiB for a thousand commands
CALM = 10  # looks in a row that find the same files


def test_the_server_grows_neither_in_memory_nor_in_files_and_forgets_no_connection() -> None:
    with (
        running("R18") as run,
        a_database() as there,
        serving(1, there, forgetful.PROGRAM) as rondo,
    ):
        load = Load(rondo.ports[0], circles(rondo, MEMBERS, CIRCLES), run.chance, PACE)
        watch = Watch(rondo.pid(0), database(rondo))
        every = max(0.2, SECONDS / 400)
        asyncio.run(load.lasts(lambda: None, every, WARM_SECONDS or None, WARM_COMMANDS))
        before = left_alone(watch, load)
        asyncio.run(load.lasts(lambda: watch.look(load.done), every, SECONDS - WARM_SECONDS or None, COMMANDS))
        after = left_alone(watch, load)
        seen = [held for held in watch.seen if before.at < held.at < after.at]
        run.fault("sockets that came and went", load.comings)
        run.acked = load.done
        for surprise in load.surprises:
            run.found("server_errors", surprise)
        judge(run, database(rondo), [])
        assert rondo.complaints() == ""
        growth = (after.kib - before.kib) / (after.done - before.done) * 1000
        run.figures |= {
            "minutes": round((after.at - before.at) / 60, 1),
            "decided": load.decided,
            "commands_per_s": round((after.done - before.done) / (after.at - before.at), 1),
            "mib_at_first": round(before.kib / 1024, 1),
            "mib_at_last": round(after.kib / 1024, 1),
            "mib_per_hour": round(mib_per_hour(seen), 2),
            "kib_per_thousand_commands": round(growth),
            "files_at_first": before.files,
            "files_at_last": after.files,
            "most_connections": max(held.connections for held in seen),
            "idle_in_transaction": max(held.forgotten for held in seen),
        }
    assert after.files <= before.files
    assert run.figures["most_connections"] <= before.connections
    assert run.figures["idle_in_transaction"] == 0
    assert growth <= MOST_PER_THOUSAND
    assert SECONDS - WARM_SECONDS < LONG or run.figures["mib_per_hour"] <= MOST_PER_HOUR


def left_alone(watch: Watch, load: Load) -> Held:
    """What the server holds when everybody has left, and it has noticed."""
    limit = time.monotonic() + 30
    while True:
        looks = [watch.look(load.done) for _ in pauses(CALM)]
        if len({held.files for held in looks}) == 1 or time.monotonic() > limit:
            return looks[-1]


def pauses(count: int) -> Iterator[None]:
    for _ in range(count):
        time.sleep(0.1)
        yield
