"""A request ends where everybody on the way says it ends: none is hidden in the body of another."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.story.rondo import Rondo, serving

pytestmark = pytest.mark.xdist_group("servers")
SECONDS = 10.0
LAST = b"Connection: close\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n" + LAST + b"\r\n"
AS_CHUNKS = b"0\r\n\r\n" + HIDDEN
LENGTH = b"Content-Length: %d\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
ALL_OF_IT, NONE_OF_IT = LENGTH % len(AS_CHUNKS), LENGTH % 0

AMBIGUOUS = {
    "a length and chunks": ALL_OF_IT + CHUNKED,
    "chunks and a length": CHUNKED + ALL_OF_IT,
    "two lengths": ALL_OF_IT + NONE_OF_IT,
    "a length with a sign": LENGTH.replace(b"%d", b"+%d") % len(AS_CHUNKS),
    "a list of lengths": LENGTH.replace(b"%d", b"%d, 0") % len(AS_CHUNKS),
    "chunks of another spelling": ALL_OF_IT + b"Transfer-Encoding: xchunked\r\n",
    "chunks that are not last": b"Transfer-Encoding: chunked, identity\r\n",
    "a space before the colon": ALL_OF_IT + b"Transfer-Encoding : chunked\r\n",
    "a folded line": ALL_OF_IT + b"Transfer-Encoding:\r\n chunked\r\n",
}


@pytest.fixture(scope="module")
def rondo() -> Iterator[Rondo]:
    with serving() as served:
        yield served


def heard(rondo: Rondo, said: bytes) -> bytes:
    """Everything that the server answers to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", rondo.ports[0]), SECONDS) as line:
        line.sendall(said)
        return b"".join(iter(lambda: line.recv(65536), b""))


def post(head: bytes, body: bytes) -> bytes:
    return (
        b"POST /api/v1/nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + head
        + b"\r\n"
        + body
    )


@pytest.mark.parametrize("head", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_request_whose_end_can_be_read_in_two_ways_is_refused_and_ends_the_connection(
    rondo: Rondo, head: bytes
) -> None:
    told = heard(rondo, post(head, AS_CHUNKS))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1


def test_what_follows_an_end_that_is_plain_is_a_request_of_its_own(rondo: Rondo) -> None:
    for head, body in ((NONE_OF_IT, HIDDEN), (CHUNKED, AS_CHUNKS), (LENGTH % 2, b"{}" + HIDDEN)):
        assert heard(rondo, post(head, body)).count(b"HTTP/1.1 ") == 2
    assert heard(rondo, post(ALL_OF_IT + LAST, AS_CHUNKS)).count(b"HTTP/1.1 ") == 1
