"""The page of what Rondo was put through tells of the fullest runs there are, and hides none that went wrong."""

from __future__ import annotations

from typing import Any

from tests.faults.report import HOURS, PAGE, TOLD, WORDS, converged, fullest, hours, page, read
from tests.faults.run import NEVER


def run(times: int, *, ended: bool = True, lost: int = 0, column: str = "quick") -> dict[str, Any]:
    counts = dict.fromkeys(NEVER, 0) | {"lost": lost, "column": column}
    return {"faults": {"kill": times}, "figures": {}, "ended": ended, "on": "2026-11-27", **counts}


def test_a_run_that_went_as_far_takes_the_place_of_an_earlier_one() -> None:
    assert fullest({"R1": run(4)}, {"R1": run(200)}) == {"R1": run(200)}
    later = run(4) | {"on": "2026-12-24"}
    assert fullest({"R1": run(4)}, {"R1": later}) == {"R1": later}


def test_a_run_that_went_less_far_does_not() -> None:
    assert fullest({"R1": run(200)}, {"R1": run(4)}) == {"R1": run(200)}


def test_a_quick_run_does_not_where_one_fault_is_all_that_either_brings() -> None:
    full = run(1, column="full")
    assert fullest({"R7": full}, {"R7": run(1)}) == {"R7": full}
    assert fullest({"R7": run(1)}, {"R7": full}) == {"R7": full}


def test_a_run_that_counted_a_loss_or_did_not_end_is_told_of_however_short_it_was() -> None:
    for broken in (run(4, lost=1), run(4, ended=False)):
        assert fullest({"R1": run(200)}, {"R1": broken}) == {"R1": broken}


def test_hours_of_use_go_by_their_minutes() -> None:
    long, short = run(5) | {"figures": {"minutes": 120}}, run(900) | {"figures": {"minutes": 0.3}}
    assert fullest({"R18": long}, {"R18": short}) == {"R18": long}


def test_how_long_the_runs_took_is_reckoned_from_them() -> None:
    assert hours({"R1": {"seconds": 5400.0}, "R2": {"seconds": 1800}}) == 2
    assert HOURS in WORDS.read_text()
    assert HOURS not in page(read(TOLD))


def test_one_value_is_not_called_a_percentile() -> None:
    assert converged("R2", 143).endswith("(p99)")
    assert "p99" not in converged("R7", 179)
    assert "measured once" in converged("R7-full", 19)


def test_the_page_is_what_the_runs_beside_it_tell() -> None:
    """Where this fails: `python3 run.py faults --report` writes it anew."""
    assert PAGE.read_text() == page(read(TOLD))
