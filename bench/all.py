"""Every bench, one after another, in the order in which a machine that was busy at first disturbs least."""

from __future__ import annotations

import subprocess
import sys
import time

RUNS = (
    ("http",),
    ("commands",),
    ("growth",),
    ("storm",),
    ("fanout", "--sockets", "100"),
    ("fanout", "--sockets", "1000"),
    ("fanout", "--sockets", "5000", "--rounds", "3"),
    ("idle",),
    ("meeting",),
    ("meeting", "--members", "200"),
    ("meeting", "--teams", "50"),
    ("capacity",),
)
QUICK = (("http",), ("commands",), ("growth",), ("storm",), ("fanout",), ("idle",), ("capacity",))


def main() -> int:
    """1 where one of them did not come to its end; the others are run all the same."""
    quick = "--quick" in sys.argv
    broken = []
    for name, *words in QUICK if quick else RUNS:
        began = time.monotonic()
        print(f"── {name} {' '.join(words)}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", *words, *(["--quick"] if quick else [])]
        if subprocess.run(command, check=False).returncode:
            broken.append(" ".join((name, *words)))
        print(f"── {time.monotonic() - began:.0f} s", flush=True)
    if broken:
        print("Did not come to their end: " + ", ".join(broken), file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
