"""The contract with uvicorn: our protocol class writes to the transport itself, and stays a good citizen."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import struct
import weakref
from contextlib import suppress

import pytest

from config.server import OPTIONS
from decisions.live.outlets import LAG
from decisions.live.protocol import LentTransport
from tests.live.served import PATIENCE, Live, live

pytestmark = pytest.mark.asyncio
BIG = "x" * 8000


async def test_the_server_lends_its_transport() -> None:
    async with live() as it:
        await it.open("max-token")
        (guest,) = it.switchboard.guests
        assert isinstance(guest.outlet, LentTransport)


@pytest.mark.parametrize("cut", [False, True])
async def test_what_came_with_a_socket_is_thrown_away_when_it_is_over(cut: bool) -> None:
    async with live() as it:
        client = await it.open("max-token")
        (guest,) = it.switchboard.guests
        assert isinstance(guest.outlet, LentTransport)
        left = weakref.ref(guest.outlet._protocol)
        del guest
        gc.collect()
        gc.disable()
        try:
            client.connection.transport.abort() if cut else await client.connection.close()
            async with asyncio.timeout(PATIENCE):
                while left() is not None:
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()


async def test_another_protocol_class_serves_the_same_by_plain_sends() -> None:
    async with live(ws="websockets-sansio") as it:
        client = await it.open("max-token")
        (guest,) = it.switchboard.guests
        assert not isinstance(guest.outlet, LentTransport)
        it.book.write("p1")
        await client.subscribe("proposal:p1", 0)
        for _ in range(100):
            it.write("p1")
        assert await client.hear_seqs(101) == list(range(1, 102))


@pytest.mark.parametrize("ws", [OPTIONS["ws"], "websockets-sansio"])
async def test_frames_of_every_size_arrive_whole(ws: str) -> None:
    async with live(ws=ws) as it:
        client = await it.open("max-token")
        it.book.write("p1")
        await client.subscribe("proposal:p1")
        for size in (0, 20, 125, 126, 1000, 65_000, 66_000, 200_000):
            it.write("p1", text="é" * (size // 2))
            assert len((await client.hear("event"))["text"]) == size // 2


async def test_pings_and_answers_go_between_the_frames() -> None:
    async with live(ws_ping_interval=0.01) as it:
        client = await it.open("max-token")
        it.book.write("p1")
        await client.subscribe("proposal:p1")
        for _ in range(200):
            it.write("p1")
            pong = await client.connection.ping()
        await pong
        assert await client.hear_seqs(200) == list(range(2, 202))


async def test_compression_is_not_agreed_to() -> None:
    async with live() as it:
        client = await it.open("max-token")
        assert client.connection.protocol.extensions == []


async def test_a_message_over_sixteen_kib_closes_the_socket() -> None:
    async with live() as it:
        client = await it.open("max-token")
        await client.connection.send("x" * (16 * 1024 + 1))
        assert await client.closed() == 1009


async def test_nothing_is_written_after_the_close_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("decisions.live.protocol.PATIENCE", 0.05)
    async with live() as it:
        it.book.write("p1")
        client = await raw_client(it, "max-token")
        (guest,) = it.switchboard.guests
        guest.outlet.put([b"{}"], b"\x81\x02{}")
        it.switchboard.dismiss(guest, 4403, "right withdrawn")
        guest.outlet.put([b"[]"], b"\x81\x02[]")
        got = await everything(client)
        assert b"\x81\x02{}" in got
        assert got.endswith(b"right withdrawn")


async def test_a_reader_that_stopped_is_cut_with_1013_and_comes_back_with_after() -> None:
    async with live() as it:
        it.book.write("p1")
        stuck = await raw_client(it, "max-token")
        well = await it.open("fay-token")
        await well.subscribe("proposal:p1")
        count = 1
        while not it.switchboard.hub.cut:
            it.write("p1", text=BIG)
            count += 1
            assert (await well.hear("event"))["seq"] == count
        got, code = await read_all(stuck)
        assert code == 1013
        assert got == list(range(2, 2 + len(got)))
        assert len(got) * len(BIG) >= LAG
        back = await it.open("max-token")
        await back.subscribe("proposal:p1", got[-1])
        assert await back.hear_seqs(count - got[-1]) == list(range(got[-1] + 1, count + 1))


async def test_a_reader_that_never_reads_again_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("decisions.live.protocol.PATIENCE", 0.05)
    async with live() as it:
        it.book.write("p1")
        stuck = await raw_client(it, "max-token")
        lost = asyncio.Event()
        (connection,) = it.server.server_state.connections
        let_go = connection.connection_lost

        def note(fault: Exception | None) -> None:
            let_go(fault)
            lost.set()

        monkeypatch.setattr(connection, "connection_lost", note, raising=True)
        while not it.switchboard.hub.cut:
            it.write("p1", text=BIG)
            await asyncio.sleep(0)
        await asyncio.wait_for(lost.wait(), PATIENCE)
        assert not it.switchboard.guests
        stuck.close()


async def test_the_server_ends_within_seconds_with_open_sockets() -> None:
    async with live() as it:
        clients = [await it.open("max-token") for _ in range(20)]
        for client in clients:
            await client.subscribe("me")
        it.server.should_exit = True
        assert {await client.closed() for client in clients} == {1012}


async def raw_client(it: Live, token: str) -> socket.socket:
    """A subscriber to p1 with a small buffer, which from then on reads nothing."""
    loop = asyncio.get_running_loop()
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", it.server.port))
    hello = [
        "GET /ws/v1/ HTTP/1.1", f"Host: 127.0.0.1:{it.server.port}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Authorization: Bearer {token}", "", "",
    ]  # fmt: skip
    await loop.sock_sendall(client, "\r\n".join(hello).encode())
    text = json.dumps({"type": "subscribe", "topic": "proposal:p1"}).encode()
    await until(client, b"\r\n\r\n")
    await loop.sock_sendall(client, b"\x81" + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text)
    await until(client, b"subscribed")
    return client


async def until(client: socket.socket, mark: bytes) -> None:
    got = b""
    async with asyncio.timeout(PATIENCE):
        while mark not in got:
            got += await asyncio.get_running_loop().sock_recv(client, 1024)


async def everything(client: socket.socket) -> bytes:
    """What comes until the server lets go."""
    got = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while piece := await asyncio.get_running_loop().sock_recv(client, 1 << 16):
                got += piece
    client.close()
    return got


async def read_all(client: socket.socket) -> tuple[list[int], int]:
    """The numbers of the entries that came, and the close code."""
    got = b""
    async with asyncio.timeout(PATIENCE):
        while piece := await asyncio.get_running_loop().sock_recv(client, 1 << 20):
            got += piece
            if got[-4 - len(b"too slow") + 2 :].endswith(b"too slow"):
                break
    client.close()
    seqs: list[int] = []
    at = got.index(b"\x81")
    while got[at] == 0x81:
        size, at = frame_size(got, at)
        said = json.loads(got[at : at + size])
        seqs += [said["seq"]] if said["type"] == "event" else []
        at += size
    assert got[at] == 0x88
    return seqs, struct.unpack("!H", got[at + 2 : at + 4])[0]


def frame_size(got: bytes, at: int) -> tuple[int, int]:
    size = got[at + 1]
    if size == 126:
        return struct.unpack("!H", got[at + 2 : at + 4])[0], at + 4
    if size == 127:
        return struct.unpack("!Q", got[at + 2 : at + 10])[0], at + 10
    return size, at + 2
