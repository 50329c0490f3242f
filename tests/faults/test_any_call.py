"""R12: calls made from the description of the interface, by chance, as a member, as an outsider and as nobody."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.circle import a_circle, database
from tests.faults.judge import judge
from tests.faults.run import Run, running, times
from tests.story.people import Cast
from tests.story.rondo import ROOT, Rondo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

TOOL = str(Path(sys.executable).parent / "schemathesis")
MADE = re.compile(r"^\s*(\d+) generated", re.MULTILINE)


def test_whatever_is_called_with_whatever_the_server_has_an_answer() -> None:
    with running("R12") as run, a_circle() as (rondo, cast, _told):
        for who, shown in voices(cast).items():
            called(run, rondo, who, shown)
        judge(run, database(rondo), [])
        assert rondo.is_up(0)
        if complaints := rondo.complaints():
            run.found("server_errors", complaints[:2000])
        assert "all sound" in rondo.manage("verify_journal")


def voices(cast: Cast) -> dict[str, str]:
    """A header for each: Max has a voice in the team, Eve belongs to none of it."""
    eve = cast["eve"].make_token(cast.rondo.url(0))
    return {
        "a member": f"Authorization: Bearer {cast['max'].token}",
        "an outsider": f"Authorization: Bearer {eve}",
        "nobody": "X-Nobody: 1",
    }


def called(run: Run, rondo: Rondo, who: str, shown: str) -> None:
    described = str(ROOT / "docs" / "openapi.yaml")
    words = ["run", described, "--url", rondo.url(0), "--header", shown, "--checks", "not_a_server_error"]
    words += ["--phases", "examples,coverage,fuzzing", "--max-time", str(times(30, 900)), "--warnings", "off"]
    words += ["--seed", str(run.seed), "--max-failures", "5", "--no-color", "--generation-database", ":memory:"]
    done = subprocess.run([TOOL, *words], cwd=rondo.folder, capture_output=True, text=True, check=False)
    made = MADE.search(done.stdout)
    run.fault(f"calls as {who}", int(made[1]) if made else 0)
    if done.returncode or not made:
        run.found("server_errors", f"as {who}: {done.stdout[-1500:]}")
