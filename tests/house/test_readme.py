"""What README.md says of speed and of losses is what the runs say that the pages tell of."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from bench.parts.readme import README, filled, kept

MARKS = ("fast", "reliable")


def between(mark: str, text: str) -> str:
    found = re.search(rf"<!-- figures: {mark} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert found, mark
    return found[1]


def copied() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lines, runs = kept()
    return [dict(line) for line in lines], copy.deepcopy(dict(runs))


@pytest.mark.parametrize("mark", MARKS)
def test_the_figures_are_those_of_the_runs(mark: str) -> None:
    """Where this fails: `python3 run.py bench --report` writes them anew."""
    text = README.read_text()
    assert between(mark, text) == between(mark, filled(text, *kept()))


def test_no_figure_of_speed_stands_outside_the_marks() -> None:
    alone = re.sub(r"<!-- figures.*?<!-- end -->", "", README.read_text(), flags=re.DOTALL)
    assert not re.findall(r"\d+ (?:ms|KiB)\b|\b1/\d+ of", alone)


def test_a_loss_an_outcome_that_cannot_be_and_a_push_that_is_too_late_are_told() -> None:
    lines, runs = copied()
    told = between("reliable", filled(README.read_text(), lines, runs))
    assert "**0** of " in told
    runs["R1-random"]["lost"] = 3
    runs["R6"]["impossible"] = 2
    runs["R12"]["server_errors"] = 7
    for line in lines:
        if line.get("teams"):
            line["push_ms_p95"] = 399.0 if line["setup"] == "sqlite" else 401.0
    told = between("reliable", filled(README.read_text(), lines, runs))
    assert "**3** of " in told
    assert ", 2 with an outcome that cannot be" in told
    assert ", 7 answered with 500 or above" in told
    assert "| 399 ms | " in told
    assert told.count("| 401 ms, **too long** |") == 2


def test_what_is_answered_is_counted_only_where_people_write_meanwhile() -> None:
    lines, runs = copied()
    before = filled(README.read_text(), lines, runs)
    for name in ("R13", "R14-large", "R7b-standby-behind"):  # rows that were laid out, and what may be lost
        runs[name]["acked"] += 1000
    assert filled(README.read_text(), lines, runs) == before
    runs["R2"]["acked"] += 1000
    assert filled(README.read_text(), lines, runs) != before
