"""`run.py` starts the server with the demo team, finds its data again, and stops in seconds, open sockets and all."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests import whole
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@contextmanager
def started(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """What `run.py` becomes once everything is installed."""
    env = whole.surroundings(data) | {"HOST": "127.0.0.1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "config.start"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        limit = time.monotonic() + PATIENCE
        while not whole.is_up(f"http://127.0.0.1:{port}"):
            assert process.poll() is None, "it ended before it was up"
            assert time.monotonic() < limit, "it did not come up"
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def signed_in(url: str) -> httpx.Client:
    browser = httpx.Client(base_url=url)
    browser.get("/")
    browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
    told = browser.post(
        "/_allauth/browser/v1/auth/login", json={"email": "fay@harbour.example", "password": "calm-harbour"}
    )
    assert told.status_code == 200, told.text
    return browser


@pytest.mark.parametrize("press", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_seconds_with_open_sockets_and_finds_its_data_again(tmp_path: Path, press: signal.Signals) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with started(tmp_path, port) as first:
        fay = signed_in(url)
        cookies = "; ".join(f"{name}={value}" for name, value in fay.cookies.items())
        with connect(f"ws{url[4:]}/ws/v1/", origin=Origin(url), additional_headers={"Cookie": cookies}, proxy=None):
            pressed = time.monotonic()
            first.send_signal(press)
            told, _ = first.communicate(timeout=20)
            assert time.monotonic() - pressed < 6
        assert first.returncode in (0, 130, -signal.SIGTERM)
    assert "fay@harbour.example" in told
    assert f"http://127.0.0.1:{port}" in told
    with started(tmp_path, port):
        assert fay.get("/api/v1/me/").json()["name"] == "Fay Okafor"
        assert len(fay.get("/api/v1/teams/harbour-team/proposals/").json()["results"]) == 9  # the draft is Pia's
