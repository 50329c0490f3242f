"""R13 and R14: a backup taken while people write, restored; and migrations over what they wrote."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import whole
from tests.faults.circle import a_circle, database
from tests.faults.cluster import cluster
from tests.faults.judge import ENTRIES, Rows, chain, judge
from tests.faults.receipts import newer_are_named
from tests.faults.run import FULL, Run, running, times
from tests.faults.writers import writing
from tests.servers import a_folder

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

BEFORE_PLAYED = ("decisions", "0004")
FEW = 3  # who write all the while: what is tried is the order of locks, not the load
NOTED = 40  # receipts that are asked about


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


@pytest.mark.postgres
def test_a_backup_of_postgresql_taken_while_people_write_is_restored_while_they_write() -> None:
    with (
        running("R14-postgres") as run,
        cluster("-c", "timezone=Australia/Lord_Howe") as postgres,
        a_circle({"DATABASE_URL": postgres.url}) as (rondo, cast, told),
        a_folder() as folder,
    ):
        for number in range(times(1, 20)):
            copy = folder / str(number)
            with writing(cast, told, FEW) as writers:
                writers.wait_for(15)
                sure = list(writers.acked)
                rondo.manage("backup", str(copy))
                writers.wait_for(15)
                began = time.monotonic()
                assert "all sound" in rondo.manage("restore", str(copy), "--yes")
                run.figures["restored_ms"] = round((time.monotonic() - began) * 1000)
                back = len(writers.acked)
                writers.wait_for(15)
            run.fault("backup and restoration under load")
            for what in writers.unforeseen:
                run.found("server_errors", what)
            judge(run, postgres.url, sure + writers.acked[back:])
            noted = run.chance.sample(writers.acked, min(NOTED, len(writers.acked)))
            newer_are_named(run, cast, Rows(postgres.url), noted)


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
    with reading(where) as waited:
        whole.manage(env, "migrate", "--noinput")
    run.figures["up_again_ms"] = round((time.monotonic() - began) * 1000)
    run.figures["readers_waited_at_most_ms"] = round(max(waited) * 1000)
    run.fault("migrations over data")
    same(run, before, Rows(where).ask(ENTRIES))
    chain(run, before)
    assert "all sound" in whole.manage(env, "verify_journal")
    run.acked += len(before)


@contextmanager
def reading(where: str | Path) -> Iterator[list[float]]:
    """Somebody who reads in the journal all the while; how many seconds they waited, each time."""
    waited, over = [0.0], threading.Event()

    def read() -> None:
        while not over.wait(0.05):
            began = time.monotonic()
            Rows(where).ask("SELECT hash FROM decisions_journalentry LIMIT 1")
            waited.append(time.monotonic() - began)

    one = threading.Thread(target=read)
    one.start()
    try:
        yield waited
    finally:
        over.set()
        one.join()


def same(run: Run, before: list[tuple[object, ...]], now: list[tuple[object, ...]]) -> None:
    if before != now:
        run.found("bad_hash", f"{len(before)} entries before, {len(now)} now, and they differ")


def test_migrations_over_a_journal_change_not_a_byte_of_it(tmp_path: Path) -> None:
    with running("R13") as run:
        there_and_back(run, whole.surroundings(tmp_path / "file"), tmp_path / "file" / "rondo.sqlite3")
    if FULL:
        with running("R13-postgres") as run, cluster() as postgres:
            there_and_back(run, whole.surroundings(tmp_path / "cluster", DATABASE_URL=postgres.url), postgres.url)
