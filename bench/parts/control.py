"""How a server under measurement is told what to do: a word a line on stdin, JSON a line on stdout."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Deed = Callable[..., Any]


def say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def obey(deeds: Mapping[str, Deed]) -> threading.Thread:
    """In a thread, as a worker thread of the real server publishes too."""

    def work() -> None:
        for line in sys.stdin:
            name, *words = line.split(maxsplit=1)
            try:
                say({"answer": deeds[name](*words)})
            except Exception as fault:
                say({"fault": repr(fault)})
        os._exit(0)  # whoever started us is gone

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def memory(_: str = "") -> int:
    """Resident bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def spent(_: str = "") -> float:
    """Seconds of processor time so far."""
    return time.process_time()


def now() -> float:
    return time.monotonic()
