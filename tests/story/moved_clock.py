"""The server with a clock that a test moves: `python -m tests.story.moved_clock`.

It shows as many seconds more as stand in the file that MOVED_CLOCK names. Who is connected is noted all the time, so
that nobody has to wait until the server has seen that somebody is gone.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import server
from conventions import clock
from decisions.live import switchboard
from tests.servers import a_folder
from tests.story.rondo import Rondo, serving

PROGRAM = "tests.story.moved_clock"
FILE = "MOVED_CLOCK"
NOTED = 0.1


class Time:
    """The test's end of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._moved = timedelta()
        self.shows(timedelta())

    def forward(self, by: timedelta) -> None:
        self.shows(self._moved + by)

    def shows(self, more: timedelta) -> None:
        """From now on so much more than it is."""
        self._moved = more
        new = self.file.with_suffix(".new")
        new.write_text(str(more.total_seconds()))
        new.replace(self.file)


@contextmanager
def serving_in_time(**env: str) -> Iterator[tuple[Rondo, Time]]:
    with a_folder() as folder:
        time = Time(folder / "seconds")
        with serving(env={**env, FILE: str(time.file)}, program=PROGRAM) as rondo:
            yield rondo, time


def moved() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ[FILE]).read_text()))


def main() -> int:
    switchboard.SEEN = NOTED
    with clock._replaced(moved):
        return server.main()


if __name__ == "__main__":
    sys.exit(main())
