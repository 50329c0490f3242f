"""All threads of a server share one heap, its collector works from when it serves, and by then all is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import whole
from tests.story.rondo import ROOT
from tests.story.tables import make_tables

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


STARTED = """
import gc, sys
from config import server
class Told(server.Server):
    async def startup(self, sockets=None):
        before = gc.isenabled()
        await super().startup(sockets)
        print(before, gc.isenabled())
        self.should_exit = True
server.Server = Told
sys.argv[1:] = ["--port", "0"]
server.main()
"""


def test_the_collector_rests_while_the_server_starts_and_works_once_it_serves(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path)
    make_tables(env)
    told = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert "False True" in told.stdout


READ = """
import sys
from config import asgi
known = set(sys.modules)
from django.urls import get_resolver
get_resolver().resolve("/api/v1/me/")
print(sorted(set(sys.modules) - known))
"""


def test_whoever_asks_first_does_not_wait_until_the_addresses_are_read(tmp_path: Path) -> None:
    env = whole.surroundings(tmp_path) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run([sys.executable, "-c", READ], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(("database", "read"), [("", "False"), ("postgres://rondo@127.0.0.1:1/rondo", "True")])
def test_a_server_without_postgresql_does_not_hold_its_driver(tmp_path: Path, database: str, read: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, config.asgi; print('psycopg' in sys.modules)"],
        cwd=ROOT,
        env=whole.surroundings(tmp_path, DATABASE_URL=database),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.strip() == read, told.stderr


SELDOM = ("cryptography", "fido2", "icalendar", "segno", "allauth.headless.mfa.urls", "drf_spectacular.views")


def test_what_few_processes_need_is_not_read_when_a_server_starts(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, config.asgi; print(*sys.modules)"],
        cwd=ROOT,
        env=whole.surroundings(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [name for name in SELDOM if name in told.stdout.split()] == []
