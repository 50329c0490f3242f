"""R2: people read and write over a net that is late, stalls, cuts lines and lets them die: everybody has everything in
the end, each entry once, and nobody comes back in a rush."""

from __future__ import annotations

import asyncio
import math
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle, islice, product

import pytest

from tests.faults import hurried
from tests.faults.circle import database, summed_up
from tests.faults.judge import Rows, moment
from tests.faults.proxy import Elsewhere, elsewhere, net
from tests.faults.reader import LONGEST, SILENCE, Reader
from tests.faults.run import FULL, Run, quantile, running, times
from tests.faults.writers import Writers, stories, writing
from tests.merging import without_nulls
from tests.story.people import Cast
from tests.story.rondo import TRUST, Rondo, serving

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

READERS, WRITERS = 30, 4
PACE = 1 if FULL else 10  # so many times as quickly does either side find out that the other is not there any more
TROUBLED = 15.0 if FULL else 4.0  # seconds of each round
EVERY = 3.0  # seconds between two troubles of one line, on the average
STALLED = 20.0 / PACE  # seconds at most
UNANSWERED = 25.0 / PACE  # seconds until who writes sends it again
PATIENCE = SILENCE / PACE + LONGEST + 30.0  # seconds: for a dead line to be taken for dead, and for another one
SOON = 5_000  # ms until a page whose line lives has everything
MOST, OVER = 11, 5.0  # attempts to come in so many seconds, the first and the last counted
LAST = """
SELECT e.proposal_id, e.seq, e.at FROM decisions_journalentry e
JOIN decisions_proposal p ON p.id = e.proposal_id AND p.seq = e.seq"""


def test_over_a_net_that_cuts_stalls_and_loses_lines_everybody_ends_with_every_entry_once_and_nobody_rushes() -> None:
    with running("R2") as run, serving(1, {hurried.PACE: str(PACE)}, hurried.PROGRAM) as rondo, elsewhere() as there:
        cast = Cast(rondo)
        told, everybody = stories(cast, 3), Writers(cast, [], 0)
        with net(there, rondo.ports[0], run.chance, EVERY, STALLED) as lines:
            readers = [
                Reader(lines.url, cast[who], story.id, run.chance, PACE)
                for story, who in islice(cycle(product(told, ("pia", "max"))), READERS)
            ]
            waits: tuple[list[float], list[float]] = ([], [])
            with reading(there, readers):
                everybody_has(run, there, readers, ends(rondo))
                for _ in range(times(2, 30)):
                    with writing(cast, told, WRITERS, ([lines.url], TRUST), UNANSWERED) as writers:
                        there.do(lines.begin())
                        time.sleep(TROUBLED)
                        dead = there.do(lines.end())
                        over, stuck = time.time(), [reader.port in dead for reader in readers]
                    everybody.add(writers)
                    everybody_has(run, there, readers, last := ends(rondo))
                    for reader, was_stuck in zip(readers, stuck, strict=True):
                        waits[was_stuck].append(waited(reader, over, *last[reader.proposal]))
            for trouble, often in lines.met.items():
                run.fault(trouble, often)
        summed_up(run, rondo, everybody, [])
        judged(run, cast, readers)
        run.converge_p99_ms = milliseconds(waits[False], 0.99)
        run.figures |= {
            "readers": READERS,
            "on_lines_that_were_dead_p99_ms": milliseconds(waits[True], 0.99),
            "comings": sum(len(reader.comings) for reader in readers),
            "most_comings_in_5_s": max(rush(reader) for reader in readers),
            "lines_taken_for_dead": sum(reader.silent for reader in readers),
            "asked_again": sum(reader.asked_again for reader in readers),
            "begun_anew": sum(reader.anew for reader in readers),
        }
        assert rondo.complaints() == ""
    assert run.figures["most_comings_in_5_s"] <= MOST
    assert run.converge_p99_ms is not None
    assert run.converge_p99_ms <= SOON


@contextmanager
def reading(there: Elsewhere, readers: Sequence[Reader]) -> Iterator[None]:
    async def come() -> list[asyncio.Task[None]]:
        return [asyncio.create_task(reader.stays()) for reader in readers]

    async def leave(tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(ended, asyncio.CancelledError):
                raise AssertionError(f"somebody does not read any more: {ended!r}")

    tasks = there.do(come())
    try:
        yield
    finally:
        there.do(leave(tasks))


def everybody_has(run: Run, there: Elsewhere, readers: Sequence[Reader], last: Mapping[str, tuple[int, float]]) -> None:
    """Everything up to the last entry; who has not when all patience is over has lost it."""

    def behind() -> list[Reader]:
        return [reader for reader in readers if reader.seq < last[reader.proposal][0]]

    async def wait() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while behind():
                    await asyncio.sleep(0.01)

    there.do(wait(), 2 * PATIENCE)
    for reader in behind():
        run.found("lost", f"{reader.who.name} has {reader.seq} entries of {last[reader.proposal][0]}")


def waited(reader: Reader, over: float, seq: int, written: float) -> float:
    """Seconds until they had everything, from the end of the trouble on or from when the last of it was written."""
    return max(0.0, reader.at.get(seq, math.inf) - max(over, written))


def ends(rondo: Rondo) -> dict[str, tuple[int, float]]:
    """The number of the last entry of each journal, and when it was written."""
    return {id: (seq, moment(at).timestamp()) for id, seq, at in Rows(database(rondo)).ask(LAST)}


def judged(run: Run, cast: Cast, readers: Sequence[Reader]) -> None:
    """No entry twice, none missing, and what each has before their eyes is what the server tells."""
    for reader in readers:
        for what, words in reader.amiss:
            run.found(what, words)
        told = reader.who.send(cast.rondo.url(0), "GET", f"proposals/{reader.proposal}/").json()
        if without_nulls(reader.model) != without_nulls(told):
            run.found("lost", f"{reader.who.name} sees something else on {reader.proposal} than the server tells")


def rush(reader: Reader) -> int:
    """How often they tried to come within any five seconds."""
    comings = reader.comings
    return max(bisect_right(comings, at + OVER) - number for number, at in enumerate(comings))


def milliseconds(waits: Sequence[float], share: float) -> int:
    return round(min(quantile(waits, share), PATIENCE) * 1000)
