"""The server with a clock that a test puts forward: `python -m tests.story.moved_clock`.

It shows as many seconds more as stand in the file that MOVED_CLOCK names. Who is connected is noted all the time, so
that nobody has to wait until the server has seen that somebody is gone.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import server
from conventions import clock
from decisions.live import switchboard

FILE = "MOVED_CLOCK"
NOTED = 0.1


class Time:
    """The test's end of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._moved = timedelta()
        self.forward(timedelta())

    def forward(self, by: timedelta) -> None:
        self._moved += by
        new = self.file.with_suffix(".new")
        new.write_text(str(self._moved.total_seconds()))
        new.replace(self.file)


def moved() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ[FILE]).read_text()))


def main() -> int:
    switchboard.SEEN = NOTED
    with clock._replaced(moved):
        return server.main()


if __name__ == "__main__":
    sys.exit(main())
