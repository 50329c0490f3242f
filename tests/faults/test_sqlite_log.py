"""R1c: SQLite after a loss of power. The file and its log as they stood at a moment, the log cut off at any step of
what may not have been flushed."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import threading
from pathlib import Path

import pytest

from tests.faults.circle import a_circle, summed_up
from tests.faults.judge import Acked, Rows, chain, nothing_impossible
from tests.faults.run import Run, running, times
from tests.faults.writers import writing
from tests.servers import a_folder

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

STEP = 512  # bytes: what a disk writes whole, or not at all
CUTS = 25  # of each copy
FILE, LOG, INDEX = "rondo.sqlite3", "rondo.sqlite3-wal", "rondo.sqlite3-shm"


def test_a_log_cut_off_anywhere_opens_to_an_unbroken_journal_and_a_whole_one_holds_all_answered() -> None:
    with running("R1c") as run, a_circle() as (rondo, cast, told), a_folder() as folder:
        copies = []
        with writing(cast, told) as writers:
            for number in range(max(1, times(50, 1000) // CUTS)):
                writers.wait_for(10)
                threading.Event().wait(run.chance.uniform(0, 0.3))  # the moment at which the power goes
                copy = folder / str(number)
                copy.mkdir()
                answered = list(writers.acked)
                with rondo.halted(0):
                    for name in (FILE, LOG, INDEX):
                        shutil.copy(rondo.folder / name, copy / name)
                copies.append((copy, answered))
        summed_up(run, rondo, writers, [])
        for copy, answered in copies:
            whole(run, copy, answered)
            for _ in range(CUTS):
                cut(run, copy)


def whole(run: Run, copy: Path, answered: list[Acked]) -> None:
    run.fault("copy of the file and its log")
    kept = opened(run, copy, (copy / LOG).read_bytes())
    for one in answered:
        if kept.get((one.proposal, one.seq)) != one.hash:
            run.found("lost", f"entry {one.seq} of {one.proposal} in a whole copy")


def cut(run: Run, copy: Path) -> None:
    log = (copy / LOG).read_bytes()
    kept = flushed((copy / INDEX).read_bytes())
    first, last = -(-kept // STEP), len(log) // STEP
    length = STEP * run.chance.randint(first, last) if first <= last else len(log)
    run.fault("log cut off")
    if kept:
        run.fault("of which a part stood in the file already")
    opened(run, copy, log[:length])


def flushed(index: bytes) -> int:
    """Bytes of the log of which the file may hold something already. SQLite flushes the log before it brings anything
    of it into the file, so that no loss of power takes these (sqlite.org/walformat.html, nBackfillAttempted)."""
    page, frames = (int.from_bytes(index[place], sys.byteorder) for place in (slice(14, 16), slice(128, 132)))
    return 32 + frames * (24 + (page if page > 1 else 65_536)) if frames else 0


def opened(run: Run, copy: Path, log: bytes) -> dict[tuple[str, int], str]:
    """The journal of a copy with this log; what is amiss in it is counted."""
    with a_folder() as folder:
        shutil.copy(copy / FILE, folder / FILE)
        (folder / LOG).write_bytes(log)
        try:
            rows = Rows(folder / FILE)
            ((sound,),) = rows.ask("PRAGMA quick_check")
            journal = rows.journal()
            nothing_impossible(run, rows)
        except (sqlite3.DatabaseError, ValueError) as fault:
            run.found("bad_hash", f"a log of {len(log)} bytes: {fault}")
            return {}
        if sound != "ok":
            run.found("bad_hash", f"a log of {len(log)} bytes: {sound}")
        ends = chain(run, journal)
        heads = {proposal: (seq, head) for proposal, seq, head, _ in rows.heads()}
        if ends != heads:
            run.found("gaps", f"a log of {len(log)} bytes: the rows and the journal end at different entries")
        return {(row[0], row[1]): row[8] for row in journal}
