"""R9: the clock jumps forth and back, and goes on while the server is down and its machine is moved to another zone:
each moment comes once, and never early."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from conventions import clock
from tests.decisions.story import Story
from tests.faults.circle import database
from tests.faults.judge import judge
from tests.faults.run import Run, running, times
from tests.story.moved_clock import Time, serving_in_time
from tests.story.people import Cast

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

HERE, THERE = "Pacific/Apia", "America/New_York"
DUE, DUE_SOON = "due", "due_soon"
PATIENCE = 20.0  # seconds: the clock is looked at every second


class Lying:
    """A decision in its first round that nobody does anything about, due so many hours after it opened."""

    def __init__(self, cast: Cast, team: str, hours: float) -> None:
        self.story = Story(cast.ask, team, {name: one.id for name, one in cast.people.items()})
        self.story.propose()
        self._cast = cast
        self.due = clock.now() + timedelta(hours=hours)
        cast.done("pia", "POST", f"proposals/{self.story.id}/open/", {"due_at": clock.rfc3339(self.due)})

    def came(self, what: str) -> list[datetime]:
        """When this moment came, by the journal."""
        entries = self._cast.done("fay", "GET", f"proposals/{self.story.id}/journal/")["results"]
        told = [entry for entry in entries if entry["event"] == "time_passed"]
        return [clock.parse(entry["at"]) for entry in told if what in entry["data"]["what"]]


def test_a_jumping_clock_brings_each_moment_once_and_none_early() -> None:
    with running("R9") as run, serving_in_time(TZ=HERE) as (rondo, shown):
        cast = Cast(rondo)
        team = cast.found_team()
        for _ in range(times(1, 10)):
            early, late, canary = (Lying(cast, team, hours) for hours in (48, 72, 49))
            jump(run, shown, timedelta(hours=47))
            comes(early, DUE_SOON)
            assert late.came(DUE_SOON) == []
            jump(run, shown, timedelta(hours=48, seconds=2))
            comes(early, DUE)
            comes(late, DUE_SOON)
            jump(run, shown, timedelta(hours=24))
            cast.done("max", "POST", f"rounds/{early.story.round}/clear/", {})
            jump(run, shown, timedelta(hours=48, seconds=-5))
            cast.done("max", "DELETE", f"rounds/{early.story.round}/clear/")
            jump(run, shown, timedelta(hours=49, seconds=2))
            comes(canary, DUE)  # so the clock has been looked at since
            rondo.kill(0)
            rondo.env["TZ"] = THERE if rondo.env["TZ"] == HERE else HERE
            jump(run, shown, timedelta(hours=73))
            rondo.start(0)
            run.fault("the server down while a moment passes, and up again in another zone")
            comes(late, DUE)
            for one in (early, late, canary):
                once(run, one, DUE, one.due)
                once(run, one, DUE_SOON, one.due - timedelta(hours=24))
            shown.shows(timedelta())
        assert "all sound" in rondo.manage("verify_journal")
        judge(run, database(rondo), [])


def jump(run: Run, shown: Time, to: timedelta) -> None:
    shown.shows(to)
    run.fault("jumps of the clock")


def comes(one: Lying, what: str) -> None:
    until(lambda: bool(one.came(what)), f"{what} did not come")


def until(ready: Callable[[], bool], words: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < limit, words
        time.sleep(0.2)


def once(run: Run, one: Lying, what: str, earliest: datetime) -> None:
    came = one.came(what)
    if len(came) != 1:
        run.found("dup" if came else "lost", f"{what} came {len(came)} times")
    if any(at < earliest for at in came):
        run.found("impossible", f"{what} came early: {came} before {earliest}")
