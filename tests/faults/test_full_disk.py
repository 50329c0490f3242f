"""R17: the disk is full while people write. Nothing is answered for that is not kept, and when there is room again the
same server goes on.

Where the machine lets a small disk be made, it is one; elsewhere files may not grow any longer, which SQLite and
PostgreSQL meet in the same place."""

from __future__ import annotations

import contextlib
import resource
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.circle import a_circle, summed_up
from tests.faults.cluster import HOW, OWNER, Cluster, unmade
from tests.faults.run import running, times
from tests.faults.writers import stories, writing
from tests.servers import a_folder
from tests.story.people import Cast
from tests.story.rondo import Rondo
from tests.story.tables import make_tables

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

SIZE = 24  # MiB
DISKS = {"data": 80, "log": 24}  # MiB
REFUSED = 6  # answers with 503 that each time brings
AT_ONCE = 1 << 16  # bytes


@contextmanager
def small_disk(folder: Path, size: int = SIZE) -> Iterator[bool]:
    """Whether it could be made."""
    made = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "rondo", str(folder)]
    try:
        there = subprocess.run(made, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        there = False
    try:
        yield there
    finally:
        if there:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """And it stays so: room that is made there, as by PostgreSQL's removal of old log, is taken at once."""
    ballast, over = disk / "ballast", threading.Event()

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            while not over.wait(0.001):
                with contextlib.suppress(OSError):
                    while file.write(b"\0" * AT_ONCE):
                        pass

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield
    finally:
        over.set()
        filling.join()
        ballast.unlink()


@contextmanager
def growing_no_more(size: int, processes: Callable[[], Sequence[int]], **how: Any) -> Iterator[None]:
    """No file of these processes, nor of what they start meanwhile, grows over so many bytes. `how`: as whom they run,
    who alone may say so to them."""
    usual, _ = resource.getrlimit(resource.RLIMIT_FSIZE)  # theirs too: they were started from here
    limit(processes(), str(size), how)
    try:
        yield
    finally:
        limit(processes(), "unlimited" if usual == resource.RLIM_INFINITY else str(usual), how)


def limit(processes: Sequence[int], most: str, how: Mapping[str, Any]) -> None:
    for process in processes:
        command = ["prlimit", f"--fsize={most}:", "--pid", str(process)]
        subprocess.run(command, capture_output=True, check=process == processes[0], **how)  # the others may have ended


def test_while_the_disk_is_full_commands_are_refused_with_503_and_nothing_answered_for_is_lost() -> None:
    with running("R17") as run, a_folder() as base:
        folder = base / "disk"
        folder.mkdir()
        with small_disk(folder) as small:
            rondo = Rondo(folder)
            make_tables(rondo.env)
            try:
                rondo.start(0)
                cast = Cast(rondo)
                with writing(cast, stories(cast, 3)) as writers:
                    for _ in range(times(2, 30)):
                        writers.wait_for(10)
                        log = rondo.folder / "rondo.sqlite3-wal"
                        with full(folder) if small else growing_no_more(log.stat().st_size, lambda: [rondo.pid(0)]):
                            run.fault("a disk that is full" if small else "files that may not grow")
                            writers.wait_to_be_refused(REFUSED)
                    writers.wait_for(20)
                summed_up(run, rondo, writers, [])
            finally:
                rondo.stop()


class Tight:
    """A PostgreSQL whose data lies on one small disk and its log on another."""

    def __init__(self, postgres: Cluster, *, small: bool) -> None:
        self.postgres, self.small = postgres, small
        self.disks = {name: postgres.folder / name for name in DISKS}

    def make(self) -> None:
        for disk in self.disks.values():
            shutil.chown(disk, OWNER or -1, OWNER or -1)
        self.postgres.data = self.disks["data"] / "cluster"
        self.postgres.make("--waldir", str(self.disks["log"] / "wal"), "--wal-segsize=1")

    def full(self, disk: str) -> AbstractContextManager[None]:
        return full(self.disks[disk]) if self.small else growing_no_more(AT_ONCE, self.postgres.processes, **HOW)


@contextmanager
def tight() -> Iterator[Tight]:
    # Log that is used again needs no room: then the disk would be full, and nothing amiss.
    options = ("-c", "max_wal_size=8MB", "-c", "min_wal_size=2MB", "-c", "wal_recycle=off")
    with unmade(*options) as postgres, ExitStack() as disks:
        there = []
        for name, size in DISKS.items():
            (postgres.folder / name).mkdir()
            there.append(disks.enter_context(small_disk(postgres.folder / name, size)))
        disks.callback(postgres.stop_at_once)
        made = Tight(postgres, small=all(there))
        made.make()
        yield made


@pytest.mark.postgres
def test_while_postgresql_has_no_room_commands_are_refused_with_503_and_nothing_answered_for_is_lost() -> None:
    """Without room for its data it says so; without room for its log it ends at once, and comes up when there is."""
    with (
        running("R17-postgres") as run,
        tight() as there,
        a_circle({"DATABASE_URL": there.postgres.url}) as (rondo, cast, told),
    ):
        back = []
        with writing(cast, told) as writers:
            for turn in range(times(2, 30)):
                writers.wait_for(10)
                disk = list(DISKS)[turn % len(DISKS)]
                with there.full(disk):
                    run.fault(f"no room for PostgreSQL's {disk}")
                    writers.wait_to_be_refused(REFUSED)
                back.append(there.postgres.start())
            writers.wait_for(20)
        said = (there.postgres.folder / "said").read_text()
        run.figures["refused_for_want_of_room"] = said.count("could not extend file")
        run.figures["ended_for_want_of_room"] = said.count("PANIC:")
        summed_up(run, rondo, writers, back)
