"""The table of faults tells the truth: what it names is there, and what is not tried is said."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults import __main__ as front
from tests.faults import limit
from tests.faults.limit import LIMIT, Spent, Watch
from tests.faults.table import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_stands_in_the_table_once() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    assert {f"R{number}" for number in range(1, 20)} <= set(names)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_names_tests_that_are_there_or_what_of_it_is_not_tried(fault: Fault) -> None:
    assert all((ROOT / test).is_file() for test in fault.tests)
    assert fault.tests or fault.open


def test_every_test_of_faults_stands_in_the_table() -> None:
    named = {test for fault in FAULTS for test in fault.tests}
    made = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert made <= named


def test_the_names_of_runs_are_those_under_which_they_are_kept() -> None:
    for fault in FAULTS:
        said = "".join((ROOT / test).read_text() for test in fault.tests)
        assert [name for name in fault.runs if f'running("{name}")' not in said] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_that_is_named_has_all_its_tests_run_wherever_they_stand(fault: Fault) -> None:
    assert front.wanted([fault], named=True, often=False) == sorted(fault.tests)


def test_where_none_is_named_what_other_parts_run_anyhow_is_repeated_only_to_do_it_often() -> None:
    assert all("tests/faults/" in test for test in front.wanted(FAULTS, named=False, often=False))
    often = front.wanted(FAULTS, named=False, often=True)
    assert "tests/live/test_hub_by_chance.py" in often
    assert [test for test in often if "browser" in test] == ["tests/browser/test_old_page.py"]  # it keeps a run


def test_every_run_of_the_table_can_be_made_by_the_full_column() -> None:
    often = "".join((ROOT / test).read_text() for test in front.wanted(FAULTS, named=False, often=True))
    assert [run for fault in FAULTS for run in fault.runs if f'running("{run}")' not in often] == []


Knock = Callable[..., int]


@pytest.fixture
def knock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Knock:
    """`run.py faults` with these words; in the place of pytest, something that keeps these runs and ends so."""
    monkeypatch.setattr(front, "MADE", tmp_path)
    monkeypatch.setattr(limit, "slowness", lambda: 1.0)

    def knock(*words: str, keeps: Sequence[str] = (), ends: int = 0) -> int:
        def pytest_itself(command: Sequence[str], **_: object) -> int:
            for name in keeps:
                (tmp_path / f"{name}.json").write_text(json.dumps({}))
            return ends

        monkeypatch.setattr("sys.argv", ["faults", *words])
        monkeypatch.setattr(subprocess, "call", pytest_itself)
        return front.main()

    return knock


def test_it_ends_well_only_where_what_was_named_was_tried(knock: Knock, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("R3", "R4", "R16", "R19"):
        assert knock(name, keeps=[name]) == 0
        (front.kept(name)).unlink()
        assert knock(name) == front.NOTHING
        assert f"Nothing was tried of {name}." in capsys.readouterr().out
    assert knock("R3", ends=front.NO_TESTS) == front.NOTHING
    assert knock("R3", keeps=["R3"], ends=1) == 1


def test_a_run_of_an_earlier_time_is_none_of_this_one(knock: Knock) -> None:
    knock("R3", keeps=["R3"])
    os.utime(front.kept("R3"), (0, 0))
    assert knock("R3") == front.NOTHING


@pytest.mark.parametrize(("name", "bench"), [("R10", "bench idle"), ("R11", "bench meeting")])
def test_what_a_bench_measures_is_pointed_to_and_is_no_run(
    name: str, bench: str, knock: Knock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert knock(name) == front.NOTHING
    assert bench in capsys.readouterr().out
    assert knock(name, "R3", keeps=["R3"]) == 0
    assert bench in capsys.readouterr().out


def test_tests_with_a_browser_run_apart() -> None:
    assert front.apart(["tests/browser/test_a.py", "tests/live/test_b.py"]) == [
        ["tests/live/test_b.py"],
        ["tests/browser/test_a.py"],
    ]
    assert front.apart(["tests/live/test_b.py"]) == [["tests/live/test_b.py"]]


@pytest.mark.parametrize(
    ("seconds", "share", "slowness", "too_long"),
    [
        (LIMIT - 1, 1.0, 1.0, False),
        (LIMIT + 1, 0.9, 1.0, True),
        (LIMIT + 1, 0.5, 1.0, False),  # the machine did as much for others
        (LIMIT + 1, 0.9, 2.0, False),  # a machine of half the speed
        (2 * LIMIT + 1, 0.9, 2.0, True),
    ],
)
def test_the_quick_column_is_too_long_only_where_nobody_else_made_it_so(
    seconds: float, share: float, slowness: float, too_long: bool
) -> None:
    assert Spent(seconds, share, slowness).too_long == too_long


def test_what_the_tests_used_is_told_from_what_the_machine_did() -> None:
    watch = Watch()
    subprocess.run([sys.executable, "-c", "sum(n * n for n in range(3_000_000))"], check=True)
    spent = watch.spent()
    assert 0 < spent.share <= 1
    assert spent.slowness >= 1
