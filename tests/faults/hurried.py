"""The server with its own beats so many times as quick as RONDO_PACE says: `python -m tests.faults.hurried`.

Heads, and the pings by which it finds out that nobody is there any more. What people wait for is as it always is.
"""

import os
import sys

from config import server
from decisions.live import switchboard

PROGRAM = "tests.faults.hurried"
PACE = "RONDO_PACE"


def main() -> int:
    pace = float(os.environ[PACE])
    switchboard.HEADS /= pace
    for name in ("ws_ping_interval", "ws_ping_timeout"):
        server.OPTIONS[name] /= pace
    return server.main()


if __name__ == "__main__":
    sys.exit(main())
