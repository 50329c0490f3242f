"""R13 and R14: a backup taken while people write, restored; and migrations over what they wrote."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
GROWN = 1000 if FULL else 3  # decisions of sixty entries each, beside those of the demo team
SOON = 600  # seconds in which sixty thousand entries have to be back and verified, on a machine that does much else too
manage = partial(whole.manage, within=3600)


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
    before = Rows(where).ask(ENTRIES)
    assert len(before) > GROWN * 60
    manage(env, "migrate", *BEFORE_PLAYED, "--noinput")
    run.fault("migrations taken back")
    same(run, before, Rows(where).ask(ENTRIES))
    began = time.monotonic()
    with reading(where) as waited:
        manage(env, "migrate", "--noinput")
    run.figures["up_again_ms"] = round((time.monotonic() - began) * 1000)
    run.figures["readers_waited_at_most_ms"] = round(max(waited) * 1000)
    run.fault("entries under a migration", len(before))
    same(run, before, Rows(where).ask(ENTRIES))
    chain(run, before)
    assert "all sound" in manage(env, "verify_journal")
    run.acked += len(before)


def grown(env: dict[str, str]) -> None:
    manage(env, "migrate", "--noinput")
    manage(env, "demo")
    grow(env, GROWN)


def grow(env: dict[str, str], decisions: int) -> None:
    manage(env, "shell", "-v", "0", "-c", f"from tests.faults.grown import grow; grow({decisions})")


def put_back(run: Run, env: dict[str, str], where: str | Path, copy: Path) -> None:
    """Backed up, used on, and restored: the journal is the one that was backed up, to the byte."""
    before, began = Rows(where).ask(ENTRIES), time.monotonic()
    manage(env, "backup", str(copy))
    run.figures["backed_up_ms"] = round((time.monotonic() - began) * 1000)
    grow(env, 1)
    began = time.monotonic()
    assert "all sound" in manage(env, "restore", str(copy), "--yes")
    run.figures["restored_and_verified_ms"] = took = round((time.monotonic() - began) * 1000)
    run.fault("entries put back from a backup", len(before))
    same(run, before, Rows(where).ask(ENTRIES))
    run.acked += len(before)
    if took > SOON * 1000:
        run.found("impossible", f"it took {took} ms to restore {len(before)} entries")


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


def test_migrations_over_a_journal_and_a_backup_put_back_change_not_a_byte_of_it(tmp_path: Path) -> None:
    env, where = whole.surroundings(tmp_path / "file"), tmp_path / "file" / "rondo.sqlite3"
    grown(env)
    with running("R13") as run:
        there_and_back(run, env, where)
    with running("R14-large") as run:
        put_back(run, env, where, tmp_path / "copy")
    if FULL:
        with cluster() as postgres:
            env = whole.surroundings(tmp_path / "cluster", DATABASE_URL=postgres.url)
            grown(env)
            with running("R13-postgres") as run:
                there_and_back(run, env, postgres.url)
            with running("R14-large-postgres") as run:
                put_back(run, env, postgres.url, tmp_path / "copy of the cluster")
