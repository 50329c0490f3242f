"""`python3 run.py faults [R1 R1b …] [--full] [--seed N] [--times N] [--report]`."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys

from tests.faults import report
from tests.faults.limit import Watch
from tests.faults.table import FAULTS, Fault


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py faults", description="Kills, cuts, restarts, and what they cost.")
    parser.add_argument("names", nargs="*", metavar="R1", help="those named alone; all where none is named")
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


def is_run(test: str, *, often: bool) -> bool:
    """Here, or also where it stands: what the other parts of the tests run anyhow is repeated only to do it often."""
    return "tests/faults/" in test or (often and "browser" not in test)


def main() -> int:
    asked = arguments()
    if asked.report:
        report.write()
        return 0
    faults = chosen(asked.names)
    often = asked.full or asked.times is not None
    tests = sorted({test for fault in faults for test in fault.tests if is_run(test, often=often)})
    if not tests:
        print("\n".join(f"{fault.name}: {fault.open}" for fault in faults))
        return 0
    seed = random.SystemRandom().randrange(2**32) if asked.seed is None else asked.seed
    column = "full" if asked.full else "quick"
    print(f"seed {seed}, {column} column: {' '.join(fault.name for fault in faults)}", flush=True)
    mine = {"RONDO_FAULTS": column, "RONDO_FAULTS_SEED": str(seed), "RONDO_FAULTS_TIMES": str(asked.times or "")}
    words = ["-m", "tests.servers", "-m", "pytest", "-v", "--show-capture=no", "--timeout=14400", "--durations=10"]
    watch = Watch()
    code = subprocess.call([sys.executable, *words, *tests], env={**os.environ, **mine})
    spent = watch.spent()
    print(f"the {column} column took {spent}" if not often else f"it took {spent.seconds:.0f} s", flush=True)
    if code == 0 and spent.too_long and not often:
        print("It takes too long: the ten slowest are above.")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
