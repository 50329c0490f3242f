"""All threads of a server share one heap."""

from __future__ import annotations

import subprocess
import sys

from tests.story.rondo import ROOT

PROGRAM = """
import ctypes, threading
from config.memory import share_one_heap
{first}
met = threading.Barrier(4)
def fill():
    held = [bytearray(2000) for _ in range(50)]
    met.wait()
threads = [threading.Thread(target=fill) for _ in range(4)]
[one.start() for one in threads], [one.join() for one in threads]
c = ctypes.CDLL(None)
out = ctypes.c_void_p.in_dll(c, "stdout")
c.malloc_info(0, out)
c.fflush(out)
"""


def heaps(first: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(first=first)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return told.stdout.count("<heap nr=")


def test_threads_share_one_heap_once_they_are_told_to() -> None:
    assert heaps("share_one_heap()") == 1 < heaps("")
