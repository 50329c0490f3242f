"""What came with a request or a socket is thrown away when that is over, without anybody looking for circles."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from config.threads import answer
from config.wsgi import application
from teams import tokens
from teams.models import Account

FOUND = ("WSGIRequest", "Request", "Response", "HttpResponse", "AccessToken")


@pytest.fixture
def left() -> Iterator[Counter[str]]:
    """What held only itself when the test was over, by the names of its types."""
    found: Counter[str] = Counter()
    gc.collect()
    gc.disable()
    yield found
    gc.enable()


def look(found: Counter[str]) -> None:
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        found.update(type(one).__name__ for one in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.collect()


def ask(token: str, method: str, path: str, body: Any = None) -> int:
    sent = b"" if body is None else json.dumps(body).encode()
    told = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(sent), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(sent)), "HTTP_HOST": "localhost", "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
    }  # fmt: skip
    return answer(application, told)[0]


@pytest.mark.django_db(transaction=True)
def test_a_request_leaves_no_circle_of_itself_whatever_is_answered(fay: Account, left: Counter[str]) -> None:
    token = tokens.make_token(fay, "script")[1]
    asked: list[tuple[str, str, Any, int]] = [
        ("GET", "/api/v1/me/", None, 200),
        ("POST", "/api/v1/teams/", {"name": "Harbour"}, 201),
        ("POST", "/api/v1/teams/", {}, 400),
        ("GET", "/api/v1/teams/nowhere/", None, 404),
    ]
    for method, path, body, _ in asked:
        ask(token, method, path, body)
    look(Counter())
    assert [ask(token, method, path, body) for method, path, body, _ in asked] == [code for *_, code in asked]
    look(left)
    assert {name: left[name] for name in FOUND if left[name]} == {}
