"""The page of speed says what was measured, and what missed its target."""

from bench.parts.page import chart, judged, latest, page

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
    drawn = chart(judged([{**STORM, "ratio_to_unasked": 1.8}]))
    assert drawn.count("<rect") == 2  # and the ground
    assert "1.8" in drawn
