"""R17: the disk is full while people write. Nothing is answered for that is not kept, and when there is room again the
same server goes on.

Where the machine lets a small disk be made, it is one; elsewhere the server may not make its files any longer, which
SQLite meets in the same place."""

from __future__ import annotations

import contextlib
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.circle import summed_up
from tests.faults.run import running, times
from tests.faults.writers import stories, writing
from tests.servers import a_folder
from tests.story.people import Cast
from tests.story.rondo import Rondo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

SIZE = 24  # MiB
REFUSED = 6  # answers with 503 that each time brings
AT_ONCE = 1 << 16  # bytes


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Whether it could be made."""
    made = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "rondo", str(folder)]
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
def full(rondo: Rondo, *, small: bool) -> Iterator[None]:
    if small:
        ballast = rondo.folder / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * AT_ONCE):
                pass
        try:
            yield
        finally:
            ballast.unlink()
        return
    before = resource.prlimit(rondo.pid(0), resource.RLIMIT_FSIZE)
    log = rondo.folder / "rondo.sqlite3-wal"
    resource.prlimit(rondo.pid(0), resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(rondo.pid(0), resource.RLIMIT_FSIZE, before)


def test_while_the_disk_is_full_commands_are_refused_with_503_and_nothing_answered_for_is_lost() -> None:
    with running("R17") as run, a_folder() as base:
        folder = base / "disk"
        folder.mkdir()
        with small_disk(folder) as small:
            rondo = Rondo(folder)
            rondo.manage("migrate", "--verbosity", "0")
            try:
                rondo.start(0)
                cast = Cast(rondo)
                with writing(cast, stories(cast, 3)) as writers:
                    for _ in range(times(2, 30)):
                        writers.wait_for(10)
                        with full(rondo, small=small):
                            run.fault("a disk that is full" if small else "files that may not grow")
                            writers.wait_to_be_refused(REFUSED)
                    writers.wait_for(20)
                summed_up(run, rondo, writers, [])
            finally:
                rondo.stop()
