"""The runner of the tests tells the truth: what is missing is said, and in CI nothing may be."""

import sys

import pytest

from tests import parts
from tests.parts import Need, Part, Result

ABSENT = Need("Chromium", lambda: None, "apt-get install chromium")
FINE = Part("fine", "lint", (sys.executable, "-c", "print('3 passed, 1 skipped in 0.10s')"))


def test_a_part_whose_program_is_missing_is_skipped_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "IN_CI", False)
    result = parts.attempt(Part("browser", "browser", ("true",), needs=(ABSENT,)))
    assert (result.word, result.note) == ("skipped", "Chromium is missing: apt-get install chromium")


def test_in_ci_a_missing_program_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "IN_CI", True)
    result = parts.attempt(Part("browser", "browser", ("true",), needs=(ABSENT,)))
    assert parts.summed_up([result], 1.0) == 1


@pytest.mark.parametrize(("in_ci", "word"), [(False, "ok"), (True, "failed")])
def test_a_skipped_test_is_a_failure_in_ci_alone(monkeypatch: pytest.MonkeyPatch, in_ci: bool, word: str) -> None:
    monkeypatch.setattr(parts, "IN_CI", in_ci)
    assert parts.attempt(FINE).word == word


def test_a_part_that_ends_badly_makes_everything_end_badly() -> None:
    broken = parts.attempt(Part("broken", "lint", (sys.executable, "-c", "raise SystemExit(3)")))
    assert broken.word == "failed"
    assert parts.summed_up([Result(FINE, "ok"), broken], 1.0) == 1


def test_a_generated_file_that_is_behind_is_a_failure() -> None:
    part = Part("schema", "lint", (sys.executable, "-c", ""), same=("run.py", "README.md"))
    assert parts.attempt(part).word == "failed"


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("===== 41 passed, 1 skipped in 3.20s =====", {"passed": 41, "skipped": 1}),
        ("\x1b[31m1 failed\x1b[0m, 2 passed in 75.20s (0:01:15)", {"failed": 1, "passed": 2}),
        ("      Tests  12 passed (12)", {"passed": 12}),
        ("he said that 3 passed (3)", {}),
    ],
)
def test_the_closing_line_of_a_run_is_understood(line: str, counts: dict[str, int]) -> None:
    assert parts.figures(line) == counts


def test_words_choose_parts_and_the_rest_goes_to_pytest() -> None:
    assert {part.group for part in parts.chosen(["lint"])} == {"lint"}
    alone = parts.chosen(["-k", "objection"])
    assert [part.name for part in alone] == ["pytest"]
    assert alone[0].command[-2:] == ("-k", "objection")
    assert len(parts.chosen([])) == len(parts.PARTS)
