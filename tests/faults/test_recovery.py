"""R14: PostgreSQL goes back to a moment by its own log, in the words of docs/operating.md.

What was answered before that moment is there, what came later is gone and named, and everybody knows of a new epoch."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.circle import a_circle
from tests.faults.cluster import Cluster, unmade
from tests.faults.judge import Rows, judge
from tests.faults.receipts import newer_are_named
from tests.faults.run import ROOT, running, times
from tests.faults.writers import writing

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(7200)]

FEW = 3  # who write
NOTED = 20  # receipts that are asked about
PATIENCE = 60.0  # seconds until a file of the log is in the archive


def told(after: str, kind: str = "bash") -> str:
    """The first block after these words of the page."""
    page = (ROOT / "docs" / "operating.md").read_text()
    block = re.search(re.escape(after) + rf".*?```{kind}\n(.*?)```", page, re.DOTALL)
    assert block
    return block[1]


class Archived:
    """A cluster whose log is kept beside it."""

    def __init__(self, place: Cluster) -> None:
        self.place, self.backups = place, str(place.folder / "backups")
        place.make()
        place.obey(told("Once a day").splitlines()[0], BACKUPS=self.backups)
        settings = told("### Back to a moment", "ini").replace("$BACKUPS", self.backups)
        place.obey('echo "$SETTINGS" >> "$DATA/postgresql.conf"', SETTINGS=settings)
        place.stop()
        place.start()

    def copy(self) -> None:
        """The one before it is put away."""
        self.place.obey('rm -rf "$BACKUPS/base" "$DATA.lost"', BACKUPS=self.backups)
        self.place.obey(told("Once a day"), BACKUPS=self.backups)

    def hand_over(self) -> None:
        """What is written at now goes into the archive."""
        ((file,),) = self.place.ask("SELECT pg_walfile_name(pg_switch_wal())")
        end = time.monotonic() + PATIENCE
        while not (Path(self.backups) / "wal" / file).exists():
            assert time.monotonic() < end, (self.place.folder / "said").read_text()[-2000:]
            time.sleep(0.05)

    def go_back(self, to: datetime) -> float:
        """How many seconds that took."""
        self.hand_over()
        began = time.monotonic()
        self.place.stop()
        self.place.obey(told("**The drill.**"), BACKUPS=self.backups, MOMENT=to.isoformat(sep=" "))
        self.place.start()
        while self.place.ask("SELECT pg_is_in_recovery()") == [(True,)]:
            assert time.monotonic() < began + PATIENCE, (self.place.folder / "said").read_text()[-2000:]
            time.sleep(0.05)
        return time.monotonic() - began


@pytest.fixture
def archived() -> Iterator[Archived]:
    with unmade() as place:
        yield Archived(place)


def test_postgresql_goes_back_to_a_moment_with_everything_that_was_answered_before_it(archived: Archived) -> None:
    url = archived.place.url
    with running("R14-moment") as run, a_circle({"DATABASE_URL": url}) as (rondo, cast, stories):
        for _ in range(times(1, 5)):
            with writing(cast, stories, FEW) as writers:
                writers.wait_for(10)
                archived.copy()
                writers.wait_for(10)
            ((moment,),) = archived.place.ask("SELECT clock_timestamp()")
            sure = list(writers.acked)
            with writing(cast, stories, FEW) as later:
                later.wait_for(10)
            known = cast.done("fay", "GET", "me/")["epoch"]
            run.figures["back_ms"] = round(archived.go_back(moment) * 1000)
            run.fault("back to a moment")
            assert "Epoch" in rondo.manage("restored")
            assert "all sound" in rondo.manage("verify_journal")
            if cast.done("fay", "GET", "me/")["epoch"] == known:
                run.found("impossible", "the server that ran on does not know of the new epoch")
            judge(run, url, sure)
            newer_are_named(run, cast, Rows(url), run.chance.sample(later.acked, min(NOTED, len(later.acked))))
        assert run.figures["receipts_named_as_gone"]
