"""How much processor time others have spent: PostgreSQL with all its backends, Redis, everybody; what waiting costs."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import redis

TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = 8192  # bytes that a commit writes at least


def of_postgres(url: str) -> float:
    """Seconds of the whole cluster so far, of backends that have ended too."""
    if not url:
        return 0.0
    if url not in _chiefs:
        with psycopg.connect(url) as line:
            found = line.execute("SELECT pg_backend_pid()").fetchone()
            _chiefs[url] = _stat(str(found[0]))[2] if found else ""
    chief = _chiefs[url]
    kin = [stat for stat in map(_stat, _processes()) if stat and chief in (stat[0], stat[2])]
    return sum(_seconds(stat, ended=stat[0] == chief) for stat in kin)


_chiefs: dict[str, str] = {}
"""Address → the process that all backends are children of."""


def _processes() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: str) -> list[str]:
    """The fields of proc(5), the name left out: pid, state, parent, …"""
    try:
        before, after = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
    except OSError:
        return []
    return [before.split(" ", 1)[0], *after.split()]


def _seconds(stat: list[str], *, ended: bool) -> float:
    own = int(stat[12]) + int(stat[13])
    return TICK * (own + (int(stat[14]) + int(stat[15]) if ended else 0))


def of_redis(url: str) -> float:
    if not url:
        return 0.0
    with redis.Redis.from_url(url) as line:
        told = line.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


WORD = b"\0" * 700  # bytes: an entry as Redis carries it
CHANNEL = "bench.words"
FEW, MANY = 2, 22


def of_a_word(url: str, times: int = 300) -> list[float]:
    """Seconds of Redis for a word: for taking it, and for giving it to each that listens."""
    few, many = (_words_told_to(url, listeners, times) for listeners in (FEW, MANY))
    each = max(0.0, (many - few) / (MANY - FEW))
    return [max(0.0, few - FEW * each), each]


def _words_told_to(url: str, listeners: int, times: int) -> float:
    with ExitStack() as stack:
        teller = stack.enter_context(redis.Redis.from_url(url))
        ears = [stack.enter_context(teller.pubsub(ignore_subscribe_messages=True)) for _ in range(listeners)]
        for ear in ears:
            ear.subscribe(CHANNEL)
            ear.get_message(timeout=5)
        began = of_redis(url)
        for _ in range(times):
            teller.publish(CHANNEL, WORD)
            for ear in ears:
                ear.get_message(timeout=5)
        return (of_redis(url) - began) / times


def of_everybody() -> float:
    """Seconds that all processors of this machine have worked so far."""
    line = Path("/proc/stat").read_text().split("\n", 1)[0]
    user, nice, system, _idle, _waits, irq, soft, *_ = map(int, line.split()[1:])
    return TICK * (user + nice + system + irq + soft)


def size_of(url: str, folder: str) -> int:
    """Bytes of the database."""
    if not url:
        return sum(one.stat().st_size for one in Path(folder).glob("rondo.sqlite3*"))
    with psycopg.connect(url) as line:
        found = line.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0


def connections_of(url: str) -> int:
    """How many connections the database has, this one left out."""
    if not url:
        return 0
    with psycopg.connect(url) as line:
        found = line.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    return int(found[0]) - 1 if found else 0


def flush_seconds(times: int = 200) -> list[float]:
    """What the disk takes until it has a page, each time."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(b"\0" * PAGE)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return taken


def there_and_back(url: str, times: int = 200) -> float:
    """Seconds of a statement that asks for nothing: the way to the database and back (median)."""
    if not url:
        return 0.0
    taken = []
    with psycopg.connect(url, autocommit=True) as line:
        for _ in range(times):
            began = time.perf_counter()
            line.execute("SELECT 1")
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)
