"""A net between people and their server that a test holds in its hands: its lines are late, stall, are cut, or die
without a word. They flow again when the trouble is over; those that died stay dead."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar

PIECE = 64 * 1024
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: no good-bye
FORGOTTEN = 120.0  # seconds after which a line that died is taken away, as routers do

T = TypeVar("T")


class Trouble(StrEnum):
    LATE = "lines late"
    STALL = "lines stalled"
    CUT = "lines cut"
    CUT_IN_A_FRAME = "lines cut within a frame"
    RESET = "lines reset"
    HALF_OPEN = "lines half-open"
    UNHEARD = "lines half-open, nothing comes to the server"
    UNTOLD = "lines half-open, nothing comes from the server"


class Way:
    """One direction of a line. `lag`: seconds that every piece is late; `tearing`: the next one is the last, and half
    of it is lost."""

    def __init__(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        self.sink = sink
        self.flows = asyncio.Event()
        self.flows.set()
        self.lag = 0.0
        self.tearing = False
        self._source = source

    async def carry(self) -> None:
        """Until it ends. Where nothing flows, its end does not come through either."""
        while not self.sink.is_closing():
            piece = await self._source.read(PIECE)
            await asyncio.sleep(self.lag)
            await self.flows.wait()
            if not piece:
                return
            self.sink.write(piece[: len(piece) // 2] if self.tearing else piece)
            await self.sink.drain()
            if self.tearing:
                return


class Line:
    """A connection: `up` goes to the server, `down` comes from it. `port`: that of the end which came."""

    def __init__(self, here: tuple[Any, Any], there: tuple[Any, Any]) -> None:
        self.port = here[1].get_extra_info("peername")[1]
        self.up, self.down = Way(here[0], there[1]), Way(there[0], here[1])
        self.dead = False

    async def lasts(self) -> None:
        """Until one way ends, and so the other."""
        ways = [asyncio.create_task(way.carry()) for way in (self.up, self.down)]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.cut()
            for way in ways:
                way.cancel()
            for fault in await asyncio.gather(*ways, return_exceptions=True):
                if not isinstance(fault, OSError | asyncio.CancelledError | None):
                    raise fault

    def cut(self) -> None:
        for way in (self.up, self.down):
            way.sink.close()

    def reset(self) -> None:
        for way in (self.up, self.down):
            if not way.sink.is_closing():
                way.sink.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            way.sink.transport.abort()
            way.flows.set()

    async def stall(self, seconds: float) -> None:
        for way in (self.up, self.down):
            way.flows.clear()
        await asyncio.sleep(seconds)
        for way in (self.up, self.down):
            way.flows.set()

    def die(self, *ways: Way) -> None:
        self.dead = True
        for way in ways:
            way.flows.clear()

    def recover(self) -> None:
        """As far as it is not dead."""
        for way in (self.up, self.down):
            way.lag, way.tearing = 0.0, False
            if not self.dead:
                way.flows.set()

    async def suffer(self, trouble: Trouble, seconds: float) -> None:
        """`seconds`: how long it stalls, or how late everything is from now on."""
        ways = [self.up, self.down]
        match trouble:
            case Trouble.LATE:
                self.up.lag = self.down.lag = seconds
            case Trouble.STALL:
                await self.stall(seconds)
            case Trouble.CUT:
                self.cut()
            case Trouble.CUT_IN_A_FRAME:
                self.up.tearing = self.down.tearing = True
            case Trouble.RESET:
                self.reset()
            case Trouble.HALF_OPEN | Trouble.UNHEARD | Trouble.UNTOLD:
                self.die(*{Trouble.UNHEARD: ways[:1], Trouble.UNTOLD: ways[1:]}.get(trouble, ways))


class Net:
    """All lines to one server. `met`: how often each trouble was met."""

    def __init__(self, port: int, chance: random.Random, mean: float, longest: float) -> None:
        """While there is trouble each line meets some every `mean` seconds on the average; it is late by up to a
        fiftieth of `longest`, and stalls for up to that long."""
        self.met: Counter[Trouble] = Counter()
        self.lines: set[Line] = set()
        self.down = False
        self._to = port
        self._chance, self._mean, self._longest = chance, mean, longest
        self._troubled = asyncio.Event()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._come, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        self._server.close()
        for line in list(self.lines):
            line.reset()
        while self.lines:
            await asyncio.sleep(0.01)

    async def _come(self, *here: Any) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            here[1].close()
            return
        line = Line(here, there)
        if self.down:
            line.die(line.up, line.down)
        self.lines.add(line)
        fate = asyncio.create_task(self._fate(line))
        try:
            await line.lasts()
        finally:
            fate.cancel()
            self.lines.discard(line)

    async def _fate(self, line: Line) -> None:
        while not line.dead:
            await self._troubled.wait()
            await asyncio.sleep(self._chance.expovariate(1 / self._mean))
            if self._troubled.is_set() and not line.dead:
                await self._meet(line, self._chance.choice(list(Trouble)))
        await asyncio.sleep(FORGOTTEN)
        line.reset()

    async def _meet(self, line: Line, trouble: Trouble) -> None:
        self.met[trouble] += 1
        share = 0.02 if trouble is Trouble.LATE else 1.0
        await line.suffer(trouble, self._chance.random() * share * self._longest)

    # Trouble for all

    async def begin(self) -> None:
        self._troubled.set()

    async def end(self) -> set[int]:
        """No more trouble comes, and what stalled goes on. The ports of those whose line is dead."""
        self._troubled.clear()
        for line in self.lines:
            line.recover()
        return {line.port for line in self.lines if line.dead}

    async def lose(self) -> None:
        """All lines are half-open, and so is each that comes."""
        self.down = True
        for line in self.lines:
            line.die(line.up, line.down)

    async def find(self) -> None:
        """Whoever comes now gets through."""
        self.down = False


class Elsewhere:
    """A loop in a thread of its own, for what has to go on while a test waits."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T], within: float = 30.0) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(within)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    there = Elsewhere()
    try:
        yield there
    finally:
        there.end()


@contextmanager
def net(there: Elsewhere, port: int, chance: random.Random, mean: float = 3.0, longest: float = 20.0) -> Iterator[Net]:
    made = Net(port, chance, mean, longest)
    there.do(made.open())
    try:
        yield made
    finally:
        there.do(made.close())
