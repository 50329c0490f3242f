"""The table of faults tells the truth: what it names is there, and what is not tried is said."""

from pathlib import Path

import pytest

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
