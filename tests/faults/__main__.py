"""`python3 run.py faults [R1 R1b …] [--full] [--seed N] [--times N] [--report]`."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from tests.faults import report
from tests.faults.limit import Watch
from tests.faults.run import MADE, ROOT
from tests.faults.table import FAULTS, Fault

NO_TESTS = 5  # so pytest ends where it found none
NOTHING = 2


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py faults", description="Kills, cuts, restarts, and what they cost.")
    parser.add_argument(
        "names", nargs="*", metavar="R1", help="those named alone, with all their tests; all where none is named"
    )
    parser.add_argument("--full", action="store_true", help="as often as before a release, which takes hours")
    parser.add_argument("--seed", type=int, help="repeat the run that printed it")
    parser.add_argument("--times", type=int, help="how often, where it should be neither column")
    parser.add_argument("--report", action="store_true", help="write docs/reliability.md from the runs that were kept")
    return parser.parse_args()


def chosen(names: list[str]) -> list[Fault]:
    unknown = set(names) - {fault.name for fault in FAULTS}
    if unknown:
        sys.exit(f"There is no fault {', '.join(sorted(unknown))}: " + ", ".join(fault.name for fault in FAULTS))
    return [fault for fault in FAULTS if not names or fault.name in names]


def wanted(faults: Iterable[Fault], *, named: bool, often: bool) -> list[str]:
    """All tests of faults that were named, wherever they stand; otherwise those that are run with every fault."""
    return sorted({test for fault in faults for test in fault.tests if named or is_run(test, often=often)})


def is_run(test: str, *, often: bool) -> bool:
    """Here, or also where it stands: what the other parts of the tests run anyhow is repeated only to do it often, in
    a browser only where a run is kept of it."""
    return "tests/faults/" in test or (often and ("browser" not in test or keeps_a_run(test)))


def keeps_a_run(test: str) -> bool:
    return 'running("' in (ROOT / test).read_text()


def apart(tests: Iterable[str]) -> list[list[str]]:
    """Those with a browser in a process of their own: it keeps an event loop that no other test can do with."""
    found = list(tests)
    groups = [[test for test in found if ("browser" in test) == browser] for browser in (False, True)]
    return [group for group in groups if group]


def untried(faults: Iterable[Fault], tests: Collection[str], since: float) -> list[str]:
    """Faults of which no run was kept since then, though tests that keep one were to run."""
    return [
        fault.name
        for fault in faults
        if fault.runs and any(test in tests and keeps_a_run(test) for test in fault.tests)
        if not any(made.exists() and made.stat().st_mtime >= since for made in map(kept, fault.runs))
    ]


def kept(run: str) -> Path:
    return MADE / f"{run}.json"


def main() -> int:
    """2 where nothing was tried of what was to be."""
    asked = arguments()
    if asked.report:
        report.write()
        return 0
    faults, named = chosen(asked.names), bool(asked.names)
    often = asked.full or asked.times is not None
    tests = wanted(faults, named=named, often=often)
    elsewhere = [f"{fault.name}: {fault.open}" for fault in faults if named and not fault.tests]
    if elsewhere:
        print("\n".join(elsewhere), flush=True)
    if not tests:
        print("Nothing was tried.", flush=True)
        return NOTHING
    seed = random.SystemRandom().randrange(2**32) if asked.seed is None else asked.seed
    column = "full" if asked.full else "quick"
    print(f"seed {seed}, {column} column: {' '.join(fault.name for fault in faults)}", flush=True)
    mine = {"RONDO_FAULTS": column, "RONDO_FAULTS_SEED": str(seed), "RONDO_FAULTS_TIMES": str(asked.times or "")}
    words = ["-m", "tests.servers", "-m", "pytest", "-v", "--show-capture=no", "--timeout=14400", "--durations=10"]
    watch, began = Watch(), time.time()
    codes = [subprocess.call([sys.executable, *words, *group], env={**os.environ, **mine}) for group in apart(tests)]
    spent, whole = watch.spent(), not named and not often
    print(f"the {column} column took {spent}" if whole else f"it took {spent.seconds:.0f} s", flush=True)
    code = next((code for code in codes if code not in (0, NO_TESTS)), 0)
    missing = untried(faults, tests, began)
    if not code and (missing or NO_TESTS in codes):
        print(f"Nothing was tried of {', '.join(missing) or 'what was to be'}.")
        return NOTHING
    if code == 0 and spent.too_long and whole:
        print("It takes too long: the ten slowest are above.")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
