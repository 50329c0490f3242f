"""A process that is told to stop: what it still answers, what it says of itself, and that it ends in time."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.faults.writers import stories
from tests.operating.front import ROOT
from tests.story.conftest import a_database
from tests.story.people import Cast
from tests.story.rondo import Rondo, serving

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
Kept = http.client.HTTPConnection


def stop_within() -> float:
    """Seconds that systemd is told to wait before it kills."""
    (told,) = re.findall(r"^TimeoutStopSec=(\d+)$", (ROOT / "deploy" / "rondo@.service").read_text(), re.MULTILINE)
    return float(told)


@pytest.fixture
def rondo() -> Iterator[Rondo]:
    with a_database() as database, serving(1, {**database, "RONDO_PROXIES": "1"}) as running:
        yield running


def kept_open(rondo: Rondo) -> Kept:
    """A connection over which something was asked before, as nginx keeps it."""
    kept = Kept("127.0.0.1", rondo.ports[0], timeout=20)
    assert asked(kept, "/livez")[0] == 200
    return kept


def asked(kept: Kept, path: str, **headers: str) -> tuple[int, str, str | None]:
    kept.request("GET", path, headers=headers)
    answer = kept.getresponse()
    return answer.status, answer.read().decode(), answer.getheader("connection")


@contextmanager
def stopping(rondo: Rondo) -> Iterator[None]:
    """From the moment when it takes no new connection until it has ended."""
    with ThreadPoolExecutor(1) as beside:
        ended = beside.submit(rondo.end, 0, stop_within())
        while takes_connections(rondo.ports[0]):
            assert not ended.done()
        yield
        ended.result()


def takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_process_that_stops_is_not_ready_but_lives_and_answers_who_holds_a_connection(rondo: Rondo) -> None:
    first, second, third, fourth = (kept_open(rondo) for _ in range(4))
    assert asked(first, "/readyz") == (200, "ready\n", None)
    with stopping(rondo):
        assert asked(first, "/readyz") == (503, "this process is stopping\n", "close")
        assert asked(second, "/livez") == (200, "alive\n", "close")
        assert asked(third, "/api/v1/me/")[0] == 401
        assert asked(fourth, "/ws/v1/", **UPGRADE)[0] == 503


def test_a_command_that_hangs_does_not_keep_a_process_longer_than_systemd_waits(rondo: Rondo) -> None:
    cast = Cast(rondo)
    (story,) = stories(cast, 1)
    path, thought = f"rounds/{story.round}/reactions/", {"text": "Held"}
    with psycopg.connect(rondo.env["DATABASE_URL"]) as holding, ThreadPoolExecutor(1) as beside:
        holding.execute("SELECT 1 FROM decisions_proposal FOR UPDATE")
        held = beside.submit(cast["pia"].send, rondo.url(0), "POST", path, thought)
        while not waits_for_a_lock(rondo.env["DATABASE_URL"]):
            assert not held.done()
        rondo.end(0, stop_within())
        assert held.exception() is not None or held.result().status_code == 503


def waits_for_a_lock(database: str) -> bool:
    with psycopg.connect(database) as looking:
        row = looking.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        return bool(row and row[0])


def test_a_process_over_a_database_without_its_tables_lives_but_is_not_ready(tmp_path: Path) -> None:
    with a_database() as database:
        rondo = Rondo(tmp_path, 1, **database)
        rondo.manage("migrate", "--verbosity", "0")
        rondo.manage("migrate", "decisions", "0008", "--verbosity", "0")
        rondo.start(0)
        try:
            kept = kept_open(rondo)
            assert asked(kept, "/readyz")[:2] == (503, "the tables are behind the code: manage.py migrate\n")
            rondo.manage("migrate", "--verbosity", "0")
            assert asked(kept, "/readyz")[:2] == (200, "ready\n")
        finally:
            rondo.stop()
