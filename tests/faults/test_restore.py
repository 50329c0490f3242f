"""R13 and R14: a backup taken while people write, restored; and migrations over what they wrote."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import whole
from tests.faults.circle import a_circle, database
from tests.faults.cluster import cluster
from tests.faults.judge import ENTRIES, Acked, Rows, chain, judge
from tests.faults.run import FULL, Run, running, times
from tests.faults.writers import writing
from tests.servers import a_folder
from tests.story.people import Cast

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

BEFORE_PLAYED = ("decisions", "0004")


def test_a_backup_taken_while_people_write_comes_back_sound_and_receipts_name_each_entry_that_is_gone() -> None:
    with running("R14") as run, a_circle() as (rondo, cast, told), a_folder() as folder:
        for number in range(times(1, 20)):
            copy = folder / f"{number}.sqlite3"
            with writing(cast, told) as writers:
                writers.wait_for(15)
                sure = list(writers.acked)
                rondo.manage("backup", str(copy))
                writers.wait_for(15)
            known = cast.done("fay", "GET", "me/")["epoch"]
            began = time.monotonic()
            assert "all sound" in rondo.manage("restore", str(copy), "--yes")
            if cast.done("fay", "GET", "me/")["epoch"] == known:
                run.found("impossible", "the server that ran on does not know of the new epoch")
            run.figures["restored_and_serving_ms"] = round((time.monotonic() - began) * 1000)
            run.fault("backup under load, restored under the running server")
            judge(run, database(rondo), sure)
            newer_are_named(run, cast, Rows(rondo.folder / "rondo.sqlite3"), writers.acked)


def newer_are_named(run: Run, cast: Cast, rows: Rows, acked: Iterable[Acked]) -> None:
    """The receipt of an entry stands where the entry came back, and is said not to stand where it did not."""
    kept = {(row[0], row[1]): row[8] for row in rows.journal()}
    gone = 0
    for one in acked:
        receipt = f"rondo:{one.proposal}:{one.seq}:{one.hash[:32]}"
        told = cast.done("fay", "GET", f"receipts/?receipt={receipt}")
        back = kept.get((one.proposal, one.seq)) == one.hash
        gone += not back
        if told["stands"] != back or (told["restored"] is None) == (not back):
            run.found("lost", f"the receipt of entry {one.seq} of {one.proposal} says {told}")
    run.figures["entries_newer_than_the_backup"] = run.figures.get("entries_newer_than_the_backup", 0) + gone


def there_and_back(run: Run, env: dict[str, str], where: str | Path) -> None:
    """Down to before something was added, up again: not a byte of the journal differs."""
    whole.manage(env, "migrate", "--noinput")
    whole.manage(env, "demo")
    before = Rows(where).ask(ENTRIES)
    assert len(before) > 50
    whole.manage(env, "migrate", *BEFORE_PLAYED, "--noinput")
    run.fault("migrations taken back")
    same(run, before, Rows(where).ask(ENTRIES))
    began = time.monotonic()
    whole.manage(env, "migrate", "--noinput")
    run.figures[f"up_again_ms_{'file' if isinstance(where, Path) else 'cluster'}"] = round(
        (time.monotonic() - began) * 1000
    )
    run.fault("migrations over data")
    same(run, before, Rows(where).ask(ENTRIES))
    chain(run, before)
    assert "all sound" in whole.manage(env, "verify_journal")
    run.acked += len(before)


def same(run: Run, before: list[tuple[object, ...]], now: list[tuple[object, ...]]) -> None:
    if before != now:
        run.found("bad_hash", f"{len(before)} entries before, {len(now)} now, and they differ")


def test_migrations_over_a_journal_change_not_a_byte_of_it(tmp_path: Path) -> None:
    with running("R13") as run:
        there_and_back(run, whole.surroundings(tmp_path / "file"), tmp_path / "file" / "rondo.sqlite3")
        if FULL:
            with cluster() as postgres:
                env = whole.surroundings(tmp_path / "cluster", DATABASE_URL=postgres.url)
                there_and_back(run, env, postgres.url)
