"""The server with little room for what it keeps at hand, so that it is soon full: `python -m tests.faults.forgetful`.

Whatever still grows then is lost for good.
"""

import sys
from functools import lru_cache

from config import server, wsgi  # the second sets Django up
from decisions import read, store
from decisions.process import once

PROGRAM = "tests.faults.forgetful"
FEW = 6  # decisions


def main() -> int:
    store.KEPT = read.KEPT_PICTURES = once.KEPT = FEW
    read._voice = lru_cache(FEW)(read._voice.__wrapped__)
    assert wsgi.application
    return server.main()


if __name__ == "__main__":
    sys.exit(main())
