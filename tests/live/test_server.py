"""The server process: up with one command, and down within seconds, open sockets and all."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.story.rondo import Rondo, serving

pytestmark = pytest.mark.xdist_group("servers")
SECONDS = 5.0


@pytest.fixture(scope="module")
def rondo() -> Iterator[Rondo]:
    with serving(processes=2) as served:
        yield served


@pytest.fixture(scope="module")
def token(rondo: Rondo) -> str:
    return rondo.manage("access_token", "max@example.org", "--create", "Max Møller")


def socket_of(rondo: Rondo, process: int, token: str, path: str = "/ws/v1/") -> ClientConnection:
    url = rondo.url(process).replace("http", "ws", 1) + path
    return connect(url, additional_headers={"Authorization": f"Bearer {token}"}, compression=None, legacy=True)


def close_code(client: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            client.recv(SECONDS)
    return client.close_code


def test_there_is_a_socket_at_its_one_address_alone(rondo: Rondo, token: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        socket_of(rondo, 0, token, "/ws/v2/")


def test_no_answer_says_what_made_it_lists_a_folder_or_sends_a_request_back(rondo: Rondo) -> None:
    url = rondo.url(0)
    for path in ("/", "/livez", "/api/v1/me/", "/nowhere", "/static/nowhere.js"):
        head = httpx.get(url + path).headers
        assert not {"server", "x-powered-by", "via"} & head.keys(), path
    for folder in ("/static/", "/static/assets/", "/static/../", "/.git/config", "/pyproject.toml"):
        answer = httpx.get(url + folder)
        assert answer.status_code == 404 or b"<title>Rondo" in answer.content, folder
        assert b'href="../' not in answer.content
    assert httpx.request("TRACE", f"{url}/", headers={"X-Told": "back"}).status_code == 405


@pytest.mark.parametrize(("process", "sign"), [(0, signal.SIGINT), (1, signal.SIGTERM)], ids=["Ctrl-C", "stop"])
def test_it_ends_within_seconds_and_tells_the_open_sockets(
    rondo: Rondo, token: str, process: int, sign: signal.Signals
) -> None:
    sockets = [socket_of(rondo, process, token) for _ in range(10)]
    for each in sockets:
        each.send('{"type":"subscribe","topic":"me"}')
        assert "subscribed" in str(each.recv(SECONDS))
    began = time.monotonic()
    server = rondo._running.pop(process)
    server.send_signal(sign)
    code = server.wait(SECONDS * 2)
    assert time.monotonic() - began < SECONDS
    assert code in (0, 130, -signal.SIGINT, -signal.SIGTERM)
    assert [close_code(each) for each in sockets] == [1012] * 10


def test_nothing_that_happened_was_unforeseen(rondo: Rondo) -> None:
    assert rondo.complaints() == ""
