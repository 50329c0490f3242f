"""Somebody at an open socket who writes down what comes, and when; cut off, they come back with `after`."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.merging import merged

Json = Any
FINAL = (4401, 4403)  # no use to come back
PAUSE = 0.05  # seconds between two attempts to come back


class Listener:
    """Every frame is kept with its time; nothing is sorted, joined or dropped."""

    def __init__(self, url: str, headers: Mapping[str, str], *topics: str, after: int = 0) -> None:
        self.url = url.replace("http", "ws", 1) + "/ws/v1/"
        self.frames: list[tuple[float, Json]] = []
        self.closed: int | None = None
        self.comings = 0
        self._headers = dict(headers)
        self._topics = topics
        self._after = after
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._socket: ClientConnection | None = None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    # What was heard

    def heard(self, kind: str, topic: str | None = None) -> list[Json]:
        with self._changed:
            frames = [message for _, message in self.frames if message["type"] == kind]
        return [message for message in frames if topic in (None, message.get("topic"))]

    def entries(self, topic: str) -> list[Json]:
        return self.heard("event", topic)

    def times(self, topic: str) -> dict[int, float]:
        """When each entry came, by its number."""
        with self._changed:
            frames = list(self.frames)
        mine = [(at, message) for at, message in frames if message.get("topic") == topic]
        return {message["seq"]: at for at, message in mine if message["type"] == "event"}

    def picture(self, topic: str) -> Json:
        built: Json = {}
        for entry in self.entries(topic):
            built = merged(built, entry["changes"])
        return built

    def last(self, topic: str) -> int:
        entries = self.entries(topic)
        return int(entries[-1]["seq"]) if entries else self._after

    # Waiting

    def wait(self, ready: Callable[[], Any], within: float, what: str = "") -> None:
        with self._changed:
            if not self._changed.wait_for(ready, within):
                last = [message for _, message in self.frames[-3:]]
                raise AssertionError(f"not within {within} s: {what}; closed: {self.closed}; heard last: {last}")

    def wait_for_entry(self, topic: str, seq: int, within: float = 1.0) -> None:
        self.wait(lambda: self.last(topic) >= seq, within, f"entry {seq} of {topic}")

    def wait_to_hear(self, kind: str, topic: str | None = None, times: int = 1, within: float = 1.0) -> list[Json]:
        self.wait(lambda: len(self.heard(kind, topic)) >= times, within, f"{kind} on {topic}")
        return self.heard(kind, topic)

    def wait_to_be_closed(self, code: int, within: float) -> None:
        self.wait(lambda: self.closed == code, within, f"closed with {code}")

    def wait_to_be_back(self, comings: int, within: float) -> None:
        self.wait(lambda: self.comings >= comings, within, f"come {comings} times")

    # Coming and going

    def leave(self) -> None:
        self._over.set()
        if self._socket is not None:
            self._socket.close()
        self._thread.join(10)

    def _listen(self) -> None:
        while not self._over.is_set() and self.closed not in FINAL:
            try:
                with connect(self.url, additional_headers=self._headers, compression=None) as self._socket:
                    self._stay(self._socket)
            except ConnectionClosed as closing:
                self._note_closing(closing.rcvd.code if closing.rcvd else 1006)
            except (OSError, TimeoutError, InvalidStatus, EOFError):
                self._note_closing(1006)
            self._over.wait(PAUSE)

    def _stay(self, socket: ClientConnection) -> None:
        for topic in self._topics:
            numbered = {} if topic == "me" else {"after": self.last(topic)}
            socket.send(json.dumps({"type": "subscribe", "topic": topic, **numbered}))
        with self._changed:
            self.comings += 1
            self.closed = None
            self._changed.notify_all()
        while True:
            message = json.loads(socket.recv())
            with self._changed:
                self.frames.append((time.monotonic(), message))
                self._changed.notify_all()

    def _note_closing(self, code: int) -> None:
        with self._changed:
            self.closed = code
            self._changed.notify_all()
