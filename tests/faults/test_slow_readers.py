"""R8: two hundred sockets that never read, among fifty that do: they cost little, hold nobody up, and may come back."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.decisions.story import Story
from tests.faults.circle import a_circle
from tests.faults.run import quantile, running, times
from tests.story.people import Person

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]

STALLED, HEALTHY = 200, 50
WORDS = "A long thought. " * 240
MOST_GROWTH = 50 * 1024  # KiB
SOON = 0.5  # seconds
SEQ = re.compile(rb'"seq":(\d+)')
TOKEN = uuid4().hex


def test_readers_that_never_read_are_cut_and_cost_the_others_nothing() -> None:
    entries = times(450, 1000)
    with running("R8") as run, a_circle({"RONDO_METRICS_TOKEN": TOKEN}) as (rondo, cast, told):
        story, url = told[0], rondo.url(0)
        max_ = cast["max"]
        with stalled(url, max_, story, STALLED), Readers(url, max_, story, HEALTHY) as readers:
            before = rondo.resident(0)
            sent = written(url, cast["pia"], story, entries)
            readers.wait_for(max(sent), 30)
            growth = rondo.resident(0) - before
            waits = [at - sent[seq] for heard in readers.heard for seq, at in heard.items() if seq in sent]
            run.fault("readers that never read", STALLED)
            run.acked = len(sent)
            if len(waits) != len(sent) * HEALTHY:
                run.found("lost", f"{len(waits)} entries were heard, {len(sent) * HEALTHY} were to be")
            cut = wait_until_cut(url)
        run.figures |= {
            "memory_more_kib": growth,
            "others_p50_ms": round(quantile(waits, 0.5) * 1000),
            "others_p99_ms": round(quantile(waits, 0.99) * 1000),
            "cut": cut,
        }
        comes_back(url, max_, story, max(sent))
    assert cut == STALLED
    assert growth <= MOST_GROWTH
    assert quantile(waits, 0.99) <= SOON


def written(url: str, pia: Person, story: Story, entries: int) -> dict[int, float]:
    """Number of the entry → when its command was sent. One after the other: what is measured is how soon all hear."""
    sent: dict[int, float] = {}
    for number in range(entries):
        began = time.monotonic()
        body = {"text": f"{number} {WORDS}"}
        answer = pia.send(url, "POST", f"rounds/{story.round}/reactions/", body, **{"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 201, answer.text
        sent |= {entry["seq"]: began for entry in answer.json()["entries"]}
    return sent


def wait_until_cut(url: str) -> int:
    """How many were closed for not keeping up, once it is as many as it is to be, or after a while."""
    limit = time.monotonic() + 20
    while True:
        told = httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).text
        found = re.search(r"^rondo_readers_cut_total (\S+)$", told, re.MULTILINE)
        cut = int(float(found[1])) if found else 0
        if cut >= STALLED or time.monotonic() > limit:
            return cut
        time.sleep(0.2)


def comes_back(url: str, max_: Person, story: Story, last: int) -> None:
    """Whoever was cut asks for what came after what they know."""
    topic, known = f"proposal:{story.id}", last - 100
    listener = max_.listen(url, topic, after=known)
    listener.wait(lambda: len(listener.entries(topic)) == 100, 20)
    assert [one["seq"] for one in listener.entries(topic)] == list(range(known + 1, last + 1))
    listener.leave()


@contextmanager
def stalled(url: str, person: Person, story: Story, count: int) -> Iterator[None]:
    """Sockets with hardly any room that subscribe and then never read a byte."""
    opened = [never_reads(url, person, story) for _ in range(count)]
    try:
        yield
    finally:
        for one in opened:
            one.close()


def never_reads(url: str, person: Person, story: Story) -> socket.socket:
    where = urlsplit(url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((where.hostname, where.port))
    key = base64.b64encode(os.urandom(16)).decode()
    asked = (
        "GET /ws/v1/ HTTP/1.1",
        f"Host: {where.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Authorization: Bearer {person.token}",
    )
    line.sendall("\r\n".join((*asked, "", "")).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += line.recv(1)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    line.sendall(masked(json.dumps({"type": "subscribe", "topic": f"proposal:{story.id}"}).encode()))
    return line


def masked(text: bytes) -> bytes:
    """A client's text frame (RFC 6455, section 5.2); a mask of zeros is a mask."""
    assert len(text) < 126
    return struct.pack("!BB4x", 0x81, 0x80 | len(text)) + text


class Readers:
    """Those who read: for each, when each entry came. In a thread and a loop of their own."""

    def __init__(self, url: str, person: Person, story: Story, count: int) -> None:
        self.heard: list[dict[int, float]] = [{} for _ in range(count)]
        self._url = url.replace("http", "ws", 1) + "/ws/v1/"
        self._headers = {"Authorization": f"Bearer {person.token}"}
        self._topic = f"proposal:{story.id}"
        self._ready = threading.Barrier(2)
        self._threads = ThreadPoolExecutor(1)
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._done = self._threads.submit(lambda: asyncio.run(self._all()))
        self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._done.result(30)
        self._threads.shutdown()

    def wait_for(self, seq: int, within: float) -> None:
        limit = time.monotonic() + within
        while any(seq not in heard for heard in self.heard) and time.monotonic() < limit:
            time.sleep(0.05)

    async def _all(self) -> None:
        opened = [await connect(self._url, additional_headers=self._headers, compression=None) for _ in self.heard]
        for one in opened:
            await one.send(json.dumps({"type": "subscribe", "topic": self._topic}))
            while b'"subscribed"' not in await one.recv(decode=False):
                pass
        await asyncio.to_thread(self._ready.wait)
        readers = [asyncio.create_task(self._read(one, heard)) for one, heard in zip(opened, self.heard, strict=True)]
        await asyncio.to_thread(self._over.wait)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await asyncio.gather(*(one.close() for one in opened))

    async def _read(self, one: object, heard: dict[int, float]) -> None:
        while True:
            told: bytes = await one.recv(decode=False)  # type: ignore[attr-defined]
            if told.startswith(b'{"type":"event"') and (found := SEQ.search(told)):
                heard[int(found[1])] = time.monotonic()
