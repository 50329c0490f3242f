"""A crowd at open sockets, as many pages hold them: cut off, each comes back by itself, at once, and asks for what it
missed."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

AGAIN = 0.05  # seconds until somebody who was not let in tries again


@dataclass
class Ear:
    """One socket's owner: the numbers that came, when it was let in, how it was let go, and when."""

    heard: list[int] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    let_go: list[int] = field(default_factory=list)
    went: list[float] = field(default_factory=list)
    turned_away: int = 0
    here: bool = False


class Crowd:
    def __init__(self, url: str, topic: str, token: str, trust: ssl.SSLContext, count: int) -> None:
        self.ears = [Ear() for _ in range(count)]
        self._url, self._topic, self._trust = url, topic, trust
        self._headers = {"Authorization": f"Bearer {token}"}
        self._changed = threading.Condition()

    async def listen(self) -> None:
        await asyncio.gather(*(self._stay(ear) for ear in self.ears))

    async def _stay(self, ear: Ear) -> None:
        while True:
            try:
                async with connect(
                    self._url, additional_headers=self._headers, ssl=self._trust, proxy=None, compression=None
                ) as socket:
                    after = ear.heard[-1] if ear.heard else 0
                    await socket.send(json.dumps({"type": "subscribe", "topic": self._topic, "after": after}))
                    async for text in socket:
                        self._note(ear, json.loads(text))
                    self._gone(ear, socket.close_code or 0)
            except ConnectionClosed as closed:
                self._gone(ear, closed.rcvd.code if closed.rcvd else 0)
            except (OSError, InvalidStatus, TimeoutError):
                ear.turned_away += 1
                await asyncio.sleep(AGAIN)
            finally:
                ear.here = False

    def _gone(self, ear: Ear, code: int) -> None:
        ear.let_go.append(code)
        ear.went.append(time.monotonic())

    def _note(self, ear: Ear, message: dict[str, object]) -> None:
        with self._changed:
            if message["type"] == "subscribed":
                ear.here = True
                ear.came.append(time.monotonic())
            elif message["type"] == "event":
                ear.heard.append(int(str(message["seq"])))
            self._changed.notify_all()

    def wait(self, what: str, ready: Callable[[Ear], bool], within: float) -> None:
        with self._changed:
            there = self._changed.wait_for(lambda: all(ready(ear) for ear in self.ears), within)
            missing = [ear for ear in self.ears if not ready(ear)]
            assert there, f"{what}: {len(missing)} of {len(self.ears)} not within {within} s, such as {missing[:1]}"

    def goings(self) -> list[float]:
        """When somebody was let go, one after the other."""
        return sorted(at for ear in self.ears for at in ear.went)

    def returns(self) -> dict[int, int]:
        """How many came back in each tenth of a second in which somebody did."""
        return by_tenths(at for ear in self.ears for at in ear.came[1:])


def by_tenths(moments: Iterable[float]) -> Counter[int]:
    """How many of them lie in each tenth of a second in which any does."""
    return Counter(int(at * 10) for at in moments)


@contextmanager
def listening(crowd: Crowd) -> Iterator[Crowd]:
    loop = asyncio.new_event_loop()
    staying = loop.create_task(crowd.listen())

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(staying)
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield crowd
    finally:
        loop.call_soon_threadsafe(staying.cancel)
        thread.join(20)
