"""The page of speed says what was measured, and what missed its target."""

import re
from typing import Any

import pytest

from bench import all as every
from bench.parts import capacity_page, charts, notes
from bench.parts.page import PAGE, TOLD, latest, page, read
from bench.parts.targets import judged

MACHINE = {"cpus": 2, "python": "3.11"}
STORM = {"bench": "storm", "at": "2026-11-26T10:00:00+00:00", "sockets": 1000, "machine": MACHINE}


def test_what_is_beyond_its_target_is_told_as_missed() -> None:
    text = page([{**STORM, "ratio_to_unasked": 1.8}])
    assert "| storm (sockets 1000): ratio_to_unasked | 1.8 | at most 1.7 | **missed** |" in text


def test_what_is_within_its_target_is_told_as_met() -> None:
    assert "| 1.6 | at most 1.7 | met |" in page([{**STORM, "ratio_to_unasked": 1.6}])


def test_where_more_is_better_less_than_the_target_is_missed() -> None:
    line = {"bench": "http", "at": STORM["at"], "machine": MACHINE, "snapshot_times_nested": 7.9}
    assert [met for *_, met in judged([line])] == [False]


def test_a_target_for_a_thousand_sockets_does_not_judge_a_hundred() -> None:
    line = {"bench": "fanout", "at": STORM["at"], "machine": MACHINE, "sockets": 100, "ratio_to_c": 9}
    assert judged([line]) == []


def test_the_last_run_counts_and_a_quick_one_never() -> None:
    runs = [{**STORM, "joined_s": 3}, {**STORM, "joined_s": 2}, {**STORM, "joined_s": 1, "quick": True}]
    assert [line["joined_s"] for line in latest(runs)] == [2]


def test_what_was_measured_later_counts_wherever_it_stands() -> None:
    later = {**STORM, "at": "2026-11-27T10:00:00+00:00", "joined_s": 2}
    assert latest([later, {**STORM, "joined_s": 3}]) == [later]


def test_a_run_that_is_none_of_all_is_not_told_of() -> None:
    assert latest([{**STORM, "sockets": 30}, {**MEETING, "pace_s": 5.0, "seconds": 30.0}]) == []


@pytest.mark.parametrize("run", every.RUNS)
def test_what_tells_a_run_of_all_from_others_is_what_its_command_says(run: str) -> None:
    said = dict(re.findall(r"--(\S+) (\S+)", run))
    told = {name.removesuffix("_s"): value for name, value in every.RUNS[run].items()}
    assert {name: value for name, value in said.items() if name != "rounds"} == {
        name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in told.items() if name in said
    }
    line = {"bench": run.split(maxsplit=1)[0], **every.RUNS[run]}
    assert every.run_of(line) == run


def test_each_table_has_the_command_that_makes_it() -> None:
    assert "`python3 run.py bench storm`\n\n| | |" in page([{**STORM, "joined_s": 2.5}])
    assert "`python3 run.py bench meeting --teams 50`\n" in page([MEETING])


HALL = {"bench": "meeting", "at": STORM["at"], "machine": MACHINE, "members": 200}


@pytest.mark.parametrize(
    ("found", "verdicts"),
    [
        ({"turn_ms_p50": 10, "turn_ms_p95": 401, "turn_ms_p99": 500}, [("turn_ms_p95", False)]),
        ({"turn_ms_p50": 10, "turn_ms_p99": 57}, [("turn_ms_p99", True)]),
        ({"turn_ms_p50": 2464, "turn_ms_p99": 5986}, [("turn_ms_p50", False)]),
        ({"turn_ms_p50": 10, "turn_ms_p99": 500}, []),
        ({"teams": 1, "answer_ms_p95": 150, "push_ms_p95": 401}, [("answer_ms_p95", True), ("push_ms_p95", False)]),
        ({"teams": 2, "answer_ms_p95": 151, "push_ms_p95": 401}, []),
    ],
)
def test_a_figure_that_was_not_noted_is_judged_by_those_beside_it_only_where_they_leave_no_doubt(
    found: dict[str, float], verdicts: list[tuple[str, bool]]
) -> None:
    told = judged([{**HALL, **found}])
    assert [(what.split(": ")[1], met) for what, *_, met in told] == verdicts


def test_what_sockets_take_while_nothing_happens_is_judged() -> None:
    line = {"bench": "idle", "at": STORM["at"], "machine": MACHINE, "sockets": 10_000, "cpu_percent_idle": 10.6}
    assert [met for *_, met in judged([line])] == [False]


def test_the_page_is_what_the_runs_beside_it_tell() -> None:
    """Where this fails: `python3 run.py bench --report` writes it anew."""
    steps = [line for line in read(capacity_page.TOLD) if line["bench"] == "capacity"]
    assert PAGE.read_text() == page(latest(read(TOLD)), steps)


def test_growth_and_fan_out_are_drawn_with_a_bar_for_each_time() -> None:
    crowd = {"bench": "fanout", "sockets": 1000, "rondo_last_ms": 11.9, "c_last_ms": 11.8}
    assert charts.fanout([crowd, STORM]).count("<rect") == 2 + 1  # and the ground
    times = {f"{name}_ms_{many}": 2 for name in ("list", "search", "snapshot", "command") for many in ("few", "many")}
    grown = {"bench": "growth", "of": "members", "from": 3, "to": 1000, **times}
    assert charts.growth([grown]).count("<rect") == 8 + 1
    assert ">list, 1000 members<" in charts.growth([grown])


def test_each_machine_is_named_with_its_days() -> None:
    other = {**STORM, "sockets": 50, "at": "2026-11-27T10:00:00+00:00", "machine": {**MACHINE, "cpus": 8}}
    text = page([STORM, {**STORM, "sockets": 9, "machine": {**MACHINE, "busy": 3}}, other])
    assert "## Machine of 2026-11-26\n\n- cpus: 2\n- python: 3.11\n" in text
    assert "## Machine of 2026-11-27\n\n- cpus: 8\n" in text


def test_a_figure_without_a_target_stands_in_its_table_alone() -> None:
    line = {**STORM, "joined_s": 2.5}
    assert "| joined_s | 2.5 |" in page([line])
    assert judged([line]) == []


def test_the_chart_has_a_bar_for_each_target() -> None:
    drawn = charts.targets(judged([{**STORM, "ratio_to_unasked": 1.8}]))
    assert drawn.count("<rect") == 2  # and the ground
    assert "1.8" in drawn


MEETING: dict[str, Any] = {
    "bench": "meeting", "at": STORM["at"], "machine": MACHINE, "teams": 50, "setup": "redis", "answer_ms_p95": 26,
    "pace_s": 30.0,
}  # fmt: skip
STEP: dict[str, Any] = {
    "rooms": 30, "within": True, "commands_per_s": 60.0, "processes_busy": [0.5, 0.4], "database_busy": 0.3,
}  # fmt: skip
CARRIED: dict[str, Any] = {
    "bench": "capacity", "setup": "redis", "pace_s": 5.0, "rooms": 30, "steps": [STEP], "machine": MACHINE,
}  # fmt: skip


def test_two_paces_are_two_runs_and_each_has_its_targets() -> None:
    lines = latest([MEETING, {**MEETING, "pace_s": 5.0, "seconds": 180.0, "answer_ms_p95": 160}])
    assert [met for *_, met in judged(lines)] == [True, False]


def test_the_hard_pace_is_told_as_missed_with_what_is_carried_and_why() -> None:
    text = page([MEETING], [CARRIED])
    assert "| capacity (setup redis, pace_s 5.0): rooms | 30 | at least 50 | **missed** |" in text
    assert "**30 rooms** are carried" in text
    assert "20 ms of processor" in text
    assert "100 commands a second, ask for 2.0 processors" in text


def test_where_one_process_keeps_the_hard_pace_it_is_said_for_how_long() -> None:
    alone = {**MEETING, "setup": "sqlite", "pace_s": 5.0, "answer_ms_p95": 95, "seconds": 900.0}
    assert "One process on SQLite keeps the second, for 15 minutes. With" in page([alone], [CARRIED])
    for other in ({"answer_ms_p95": 160}, {"setup": "redis"}, {"pace_s": 30.0}, {"teams": 5}):
        assert "One process on SQLite" not in page([{**alone, **other}], [CARRIED])


def test_the_hard_pace_is_no_trouble_where_it_is_carried() -> None:
    text = page([MEETING], [{**CARRIED, "rooms": 50}])
    assert "at least 50 | met |" in text
    assert "missed" not in text


def test_each_run_tells_what_else_the_machine_did_at_its_beginning_or_that_nobody_knows() -> None:
    known = {**STORM, "machine": {**MACHINE, "busy_at_first": 0.4, "yardstick_ms": 3.1}}
    told = "2026-11-26, load of the machine at its beginning: 0.4; the yardstick: 3.1 ms\n"
    assert told in page([known])
    assert "load of the machine at its beginning: not recorded\n" in page([STORM])
    assert "load of the machine at its end: 1.7\n" in page([{**STORM, "machine": {**MACHINE, "busy": 1.7}}])


def test_runs_on_one_machine_that_was_not_equally_fast_are_of_one_machine() -> None:
    runs = [{**STORM, "sockets": n, "machine": {**MACHINE, "yardstick_ms": 3.0 + n}} for n in (1, 2)]
    assert page(runs).count("## Machine of") == 1


def test_servers_whose_version_was_not_noted_are_told_as_that() -> None:
    assert "- postgresql: not recorded\n- redis: not recorded\n" in page([STORM])
    assert "- postgresql: 15.18\n" in page([{**STORM, "machine": {**MACHINE, "postgresql": "15.18"}}])


def test_a_run_notes_the_load_that_it_began_with_and_the_versions_of_the_servers() -> None:
    told = notes.machine()
    assert told["busy_at_first"] == notes.BEGAN_WITH
    assert 0 < told["yardstick_ms"] == notes.yardstick()
    assert all(re.fullmatch(r"\d+(\.\d+)+", told[name]) for name in notes.SERVERS if name in told)
