"""A circle that writes at its own server, and what a run of faults over it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.decisions.story import Story
from tests.faults.judge import judge
from tests.faults.run import Run, quantile
from tests.faults.writers import Writers, stories
from tests.story.people import Cast
from tests.story.rondo import Rondo, serving


def database(rondo: Rondo) -> str | Path:
    """PostgreSQL's address, or SQLite's file."""
    return rondo.env.get("DATABASE_URL") or rondo.folder / "rondo.sqlite3"


Circle = tuple[Rondo, Cast, list[Story]]


@contextmanager
def a_circle(env: dict[str, str] | None = None, processes: int = 1) -> Iterator[Circle]:
    with serving(processes, env) as rondo:
        cast = Cast(rondo)
        yield rondo, cast, stories(cast, 3)


def summed_up(run: Run, rondo: Rondo, writers: Writers, back: Sequence[float]) -> None:
    """`back`: seconds until whatever was killed served again, for each fault."""
    judge(run, database(rondo), writers.acked)
    for what in writers.unforeseen:
        run.found("server_errors", what)
    for what in writers.broken_off:
        run.found("lost", f"a decision that could not go on: {what}")
    run.figures["decisions"] = ", ".join(f"{often:,} {outcome}" for outcome, often in sorted(writers.outcomes.items()))
    told = sorted(writers.statuses.items())
    run.figures["answers"] = {str(status or "no answer"): often for status, often in told}
    if back:
        run.figures["restart_median_ms"] = round(quantile(back, 0.5) * 1000)
        run.figures["restart_max_ms"] = round(max(back) * 1000)
    assert "all sound" in rondo.manage("verify_journal")
