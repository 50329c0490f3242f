"""The page of capacity says what was measured; a short run of the bench itself ends well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import capacity
from bench.parts import capacity_page, fitted, notes
from bench.parts.capacity_page import PAGE, filled, latest

from .test_simulated import COSTS

MACHINE = {"cpus": 2, "python": "3.11"}
STEP: dict[str, Any] = {
    "rooms": 20,
    "commands_per_s": 48.0,
    "answer_ms": {"p50": 10.0, "p95": 40.0, "p99": 60.0},
    "push_ms": {"p50": 12.0, "p95": 50.0, "p99": 70.0},
    "errors": 0,
    "missing": 0,
    "processes_busy": [0.4],
    "database_busy": 0.1,
    "load_busy": 0.1,
    "others_busy": 0.1,
    "within": True,
}
MEASURED: dict[str, Any] = {
    "bench": "capacity", "at": "2026-11-26T10:00:00+00:00", "setup": "sqlite", "rooms": 20, "quick": False,
    "machine": MACHINE, "steps": [STEP], "costs": {**COSTS, "setup": "sqlite"},
    "mib_of_process": 100, "kib_of_socket": 16, "kib_of_decision": 300,
    **{name: 1 for name in capacity_page.COSTS if name not in ("mib_of_process", "kib_of_socket", "kib_of_decision")},
}  # fmt: skip
CHECKED: dict[str, Any] = {
    "rooms": 20, "measured": True, "overloaded": False, "answer_ms_p95": 40.0, "simulated_answer_ms_p95": 44.0,
    "answer_ratio": 1.1, "push_ms_p95": 50.0, "simulated_push_ms_p95": 45.0, "push_ratio": 0.9,
    "process_busy": 0.4, "simulated_process_busy": 0.44, "half": "fitted", "others_busy": 0.1, "verdict": "fits",
}  # fmt: skip
ONE: dict[str, Any] = {
    "bench": "capacity-one", "setup": "sqlite", "cores": 2, "gib": 4, "members": 1200, "carried": True, "processes": 1,
    "most_used": "process", "quick": False, "habits": {"members_of_team": 12, "decisions_a_week": 2},
}  # fmt: skip


def page(mark: str, *lines: dict[str, Any]) -> str:
    return filled(f"Before\n<!-- figures: {mark} -->\nold\n<!-- end -->\nafter\n", lines)


def test_the_day_is_told_with_how_fast_the_machine_was_then() -> None:
    quick = {**MEASURED, "machine": {**MACHINE, "yardstick_ms": 3.39}}
    assert "Measured on 2026-11-26. The yardstick, some fixed work in Python, took 3.39 ms then." in page("day", quick)
    assert "Measured on 2026-11-26.\n" in page("day", MEASURED)


def test_a_table_is_made_anew_and_what_stands_around_it_stays() -> None:
    told = page("steps", MEASURED)
    assert "old" not in told
    assert told.startswith("Before\n")
    assert told.endswith("<!-- end -->\nafter\n")
    assert "| 20 | 48.0 | 10 / 40 / 60 | 12 / 50 / 70 |" in told


def test_every_mark_of_the_page_has_its_table() -> None:
    marks = [found[2] for found in capacity_page.MARKED.finditer(PAGE.read_text())]
    assert sorted(marks) == sorted(capacity_page.TABLES)


def test_the_last_full_run_counts_and_a_quick_one_never() -> None:
    runs = [{**MEASURED, "rooms": 1}, {**MEASURED, "rooms": 2}, {**MEASURED, "rooms": 3, "quick": True}]
    assert [line["rooms"] for line in latest(runs)] == [2]


def test_a_machine_of_two_cores_is_told_its_rooms_pages_and_teams() -> None:
    told = page("glance", MEASURED, ONE)
    assert "| 2 cores, 4 GiB | one process, SQLite | **20** (measured) | 65,000 | 100 | 1,200 |" in told


def test_that_the_machine_was_busy_with_something_else_is_said() -> None:
    assert "something else" not in page("glance", MEASURED, ONE)
    busy = {**MEASURED, "steps": [{**STEP, "others_busy": 1.5}]}
    assert "that had 1.5 of its 2 processors" in page("glance", busy, ONE)


def test_no_rooms_are_told_of_a_machine_that_was_not_there() -> None:
    assert "(measured)" not in page("glance", MEASURED, {**ONE, "cores": 4, "gib": 8})


def test_who_is_not_carried_is_not_told_as_a_number() -> None:
    assert "| none | – |" in page("glance", MEASURED, {**ONE, "carried": False})


def test_how_far_the_simulation_is_off_is_said() -> None:
    line = {"bench": "capacity-checked", "setup": "sqlite", "quick": False, "dear": 1.4, "steps": [CHECKED]}
    assert "| 1.1 | 50.0 | 45 | 0.9 | 0.40 / 0.44 | fits |" in page("checked", line)
    assert "| one process, SQLite | 1.4 | fitted | 1 | 1.10 (1.10 to 1.10) |" in page("errors", line)
    other = {**line, "steps": [{**CHECKED, "verdict": fitted.HOPEFULLY}]}
    assert page("checked", other).count("| **too hopeful** |") == 1
    assert "| 0 of 1 | 0 | 1 |" in page("errors", other)
    busy = {**line, "steps": [{**CHECKED, "verdict": fitted.APART, "others_busy": 1.5}]}
    assert "not comparable: 1.5 processors were busy with something else" in page("checked", busy)


def test_too_much_for_any_number_of_processes_is_no_time() -> None:
    grown = {
        "bench": "capacity-grown", "members": 10**6, "cores": 8, "processes": 1000, "machines": 125,
        "connections": 8000, "database_cores": 64, "mib": 1, "sockets": 1, "rooms": 1, "commands_per_s": 1.0,
        "redis_words": 1.0,
        "answer_ms": None, "push_ms": None, "carried": False, "used": {"database": 1.0}, "most_used": "database",
        "quick": False,
    }  # fmt: skip
    assert page("grown", grown).count("**overloaded**") == 2


def test_a_step_is_within_its_limits_only_without_errors_and_with_every_push() -> None:
    assert capacity.holds(STEP)
    assert not capacity.holds({**STEP, "answer_ms": {"p95": 151.0}})
    assert not capacity.holds({**STEP, "push_ms": {"p95": 401.0}})
    assert not capacity.holds({**STEP, "errors": 1})
    assert not capacity.holds({**STEP, "missing": 1})


def test_what_was_measured_once_can_be_simulated_again(kept: Path, say: Callable[..., int]) -> None:
    line = {**MEASURED, "idle_pages": 100}
    kept.write_text(json.dumps(line) + "\n")
    assert say("--again", "--simulated", "4") == 0
    made = [json.loads(text) for text in kept.read_text().splitlines()][1:]
    assert {one["bench"] for one in made} == {"capacity-checked", "capacity-one"}


def test_a_short_run_measures_simulates_and_compares(kept: Path, say: Callable[..., int]) -> None:
    assert say("--quick", "--setups", "sqlite") == 0
    lines = {one["bench"]: one for one in map(json.loads, kept.read_text().splitlines())}
    assert set(lines) == {"capacity", "capacity-checked", "capacity-one"}
    measured = lines["capacity"]
    assert measured["quick"]
    (*_, last) = measured["steps"]
    assert (last["errors"], last["missing"]) == (0, 0)
    assert last["commands_per_s"] > 0
    assert measured["costs"]["turned"] > 0
    assert all(measured[name] > 0 for name in capacity_page.COSTS)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the benches found, in a place of this test's own."""
    place = tmp_path / "bench.jsonl"
    for module in (notes, capacity_page):
        monkeypatch.setattr(module, "KEPT", place)
    monkeypatch.setattr(capacity_page, "TOLD", tmp_path / "capacity.jsonl")
    return place


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The bench, with these words on its command line."""

    def run(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["capacity", *words])
        return capacity.main()

    return run
