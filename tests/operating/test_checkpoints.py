"""What docs/operating.md says about checkpoints: a server mails them by itself, and the command compares them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.servers import wait_until
from tests.story.moved_clock import serving_in_time
from tests.story.rondo import ROOT, Rondo

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(120)]

PAGE = (ROOT / "docs" / "operating.md").read_text()
ENDED = 20.0  # seconds


def anew(rondo: Rondo, until: Callable[[], bool]) -> None:
    """Started again, so that it looks at once; and until this has come about."""
    rondo.end(0, ENDED)
    rondo.start(0)
    wait_until(until, rondo._running[0], rondo.log(0))


def test_a_server_mails_the_stewards_after_a_day_and_the_command_of_the_page_says_that_all_goes_on(
    tmp_path: Path,
) -> None:
    mails = tmp_path / "mails"
    with serving_in_time(EMAIL_URL=f"filemail:///{mails}", RONDO_EMAIL_VERIFICATION="none") as (rondo, time):

        def seen() -> bool:
            with closing(sqlite3.connect(rondo.folder / "rondo.sqlite3")) as database:
                return bool(database.execute("SELECT COUNT(*) FROM decisions_checkpoint").fetchone()[0])

        def checkpoints() -> list[Path]:
            return [one for one in mails.glob("*") if "Subject: Checkpoint of Harbour team" in one.read_text()]

        rondo.manage("demo")
        anew(rondo, seen)
        assert not checkpoints()
        time.forward(timedelta(days=1, minutes=1))
        anew(rondo, lambda: bool(checkpoints()))
        (mail,) = checkpoints()
        assert "To: fay@harbour.example" in mail.read_text()
        assert "manage.py verify_journal --mail checkpoint.eml" in PAGE
        said = rondo.manage("verify_journal", "--mail", str(mail))
        assert said.endswith("8 journals of the mail: all go on from where they stood then.")
        assert rondo.complaints() == ""
