"""The table of faults tells the truth: what it names is there, and what is not tried is said."""

import subprocess
import sys
from pathlib import Path

import pytest

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
