"""Rondo's way of working, on processors that are only thought: what was measured, put together for more of it.

A command goes the way that it goes in the product: the loop, a thread whose turn it is, the transaction that holds a
row, the answer; then the push to the sockets of its own process, the word by Redis that every other process hears,
whether or not it has anybody for it, and a moment later what waits for whom, read again.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.parts.costs import PERIODS, Costs
from bench.parts.engine import Flow, Gate, Lock, Machine, Work, World
from bench.parts.turns import Turns
from decisions.live.waiting import gathering

THREADS, LIVE_THREADS, WAITING = 4, 1, 256  # of one process; one reading of what waits at a time
AT_ONCE = 2  # threads at work with a database server; one on SQLite, beside the one for commands
CROWD = 200
LOOKS = 1.0  # seconds between two looks of a process's clocks
PRESENCE = 20.0  # seconds after which each process tells the others all who are with it
BUSY = 0.98  # of a processor: more there is not
STRETCH = 0.003  # seconds for which what else the machine does has a processor


@dataclass(frozen=True)
class Layout:
    """Where what runs. `database`: cores of its own machine, 0 where it is on the first one with everything else;
    `others`: processors that are busy with something else on the first machine; `hop`: seconds to the next one."""

    processes: int = 1
    cores: int = 2
    machines: int = 1
    database: int = 0
    others: float = 0.0
    hop: float = 0.0


@dataclass(frozen=True)
class Load:
    """What comes in a second, and what is there. `rooms`: (how many, commands a second of each, pages in each)."""

    rooms: tuple[float, float, int] = (0, 0, 0)
    alone: float = 0.0
    along: float = 2.0
    listening: float = 1.0
    reads: Mapping[str, float] = field(default_factory=dict)
    arrivals: float = 0.0
    sockets: float = 0.0

    @property
    def commands(self) -> float:
        return self.rooms[0] * self.rooms[1] + self.alone


@dataclass
class Outcome:
    """Seconds of each answer and push after the warm-up; the share of its capacity that each part used."""

    answers: list[float]
    pushes: list[float]
    used: dict[str, float]
    overloaded: bool
    refused: int
    words: float
    database_commands: float


class Process:
    """One server process, and its gate: Python runs in one of its threads at a time."""

    def __init__(self, number: int, world: World, machine: Machine, dear: float, *, one_writer: bool) -> None:
        self.number = number
        self.gate = Gate(machine, "process", dear)
        self.threads = Turns(world, 1 if one_writer else AT_ONCE, THREADS, WAITING)
        self.commands = Turns(world, 1, 1, WAITING) if one_writer else self.threads
        self.readers = Lock(LIVE_THREADS)
        self.stale = 0.0
        self.telling = False
        self.took = 0.0
        """Seconds of the last reading of what waits."""


class Site:
    """`costs` as `bench.parts.costs` found them."""

    def __init__(self, costs: Costs, layout: Layout, load: Load, seed: int = 1) -> None:
        self.costs, self.layout, self.load = costs, layout, load
        self.world, self.chance = World(), random.Random(seed)
        crowd, dear = costs.get("crowd", 0.0), costs.get("dear", 1.0)
        self.machines = [Machine("machine", layout.cores, crowd) for _ in range(layout.machines)]
        self.database = Machine("database", layout.database, crowd) if layout.database else self.machines[0]
        self.redis = Gate(Machine("redis", 1) if layout.database else self.machines[0], "redis")
        self.sqlite = costs["setup"] == "sqlite"
        self.processes = [
            Process(number, self.world, self.machines[number % layout.machines], dear, one_writer=self.sqlite)
            for number in range(layout.processes)
        ]
        self.rows = [Lock() for _ in range(int(load.rooms[0]))]
        self.answers: list[float] = []
        self.pushes: list[float] = []
        self.begun = self.ended = self.refused = 0
        self.words = self.committed = 0
        self.database_work = 0.0
        self._warm = 0.0

    # From start to end

    def run(self, seconds: float, warm: float) -> Outcome:
        self._warm = warm
        for way, rate in self._comings():
            self._come(way, rate)
        for process in self.processes:
            self._beats(process)
        for _ in range(math.ceil(self.layout.others)):
            self.world.start(self._something_else())
        self.world.run(warm)
        before = self._worked()
        self.begun = self.ended = self.refused = self.words = self.committed = 0
        self.world.run(warm + seconds)
        after = self._worked()
        used = {name: round((after[name] - before[name]) / seconds, 6) for name in after}
        behind = self.begun - self.ended
        late = behind > 20 and behind > 0.03 * self.begun
        ours = [share for name, share in used.items() if name != "machine" or not self.layout.others]
        full = max(ours) > BUSY  # what else a machine does may well fill it
        return Outcome(
            self.answers, self.pushes, used, late or full or self.refused > 0, self.refused,
            self.words / seconds, self.committed / seconds,
        )  # fmt: skip

    def _worked(self) -> dict[str, float]:
        """Of one processor each, on the busiest of its kind."""
        cores = self.layout.database or self.layout.cores
        return {
            "machine": max(one.worked / one.cores for one in self.machines),
            "process": max(one.gate.worked for one in self.processes),
            "database": self.database_work / cores,
            "redis": self.redis.worked,
        }

    def _comings(self) -> Iterator[tuple[Callable[[], Flow], float]]:
        load = self.load
        for row in self.rows:
            yield (lambda row=row: self._command(row, load.rooms[2])), load.rooms[1]  # type: ignore[misc]
        yield (lambda: self._command(Lock(), self._few())), load.alone
        for name, rate in load.reads.items():
            yield (lambda name=name: self._read(name)), rate  # type: ignore[misc]
        yield self._arrive, load.arrivals

    def _few(self) -> int:
        whole = int(self.load.along)
        return whole + (self.chance.random() < self.load.along - whole)

    def _come(self, way: Callable[[], Flow], rate: float) -> None:
        """By chance, so many a second."""
        if rate <= 0:
            return

        def next_one() -> None:
            self.world.at(self.world.now + self.chance.expovariate(rate), next_one)
            self.world.start(way())

        self.world.at(self.chance.expovariate(rate), next_one)

    # The ways

    def _command(self, row: Lock, pages: int) -> Flow:
        world, process, began = self.world, self._process(), self.world.now
        counts = began >= self._warm
        self.begun += counts
        if process.commands.full:
            self.refused += counts
            return
        cpu, held, statements = self.chance.choice(self.costs["command"])
        loop = self.costs["loop_command"]
        yield Work(process.gate, loop / 2)
        turn = yield from process.commands.take()
        yield from self._asks(process, (cpu - held) / 2, 3, "statement_command")
        yield row
        yield from self._asks(process, held, max(0, statements - 4), "statement_command")
        yield self.chance.choice(self.costs["flush"])
        world.release(row)
        self.committed += counts
        yield from self._asks(process, (cpu - held) / 2, 1, "statement_command")
        process.commands.done(turn)
        world.start(self._spread(process, pages, began, counts))  # the thread goes on first, then the loop
        yield Work(process.gate, loop / 2)
        self.ended += counts
        if counts:
            self.answers.append(world.now - began)

    def _asks(self, process: Process, cpu: float, statements: float, price: str = "statement") -> Flow:
        """Some work in Python, and the database's between it: in three pieces, as one for each would tell no more."""
        if self.sqlite:
            yield Work(process.gate, cpu)
            return
        each = self.costs[price] * statements / 3
        away = (self.costs["hop"] + self.layout.hop) * statements / 3
        for _ in range(3):
            yield Work(process.gate, cpu / 3)
            self.database_work += each
            yield Work(self.database, each)
            yield away

    def _read(self, name: str) -> Flow:
        process, counts = self._process(), self.world.now >= self._warm
        self.begun += counts
        if process.threads.full:
            self.refused += counts
            return
        cpu, _, statements = self.chance.choice(self.costs[name])
        yield Work(process.gate, self.costs["loop_call"] / 2)
        turn = yield from process.threads.take()
        yield from self._asks(process, cpu, statements)
        process.threads.done(turn)
        yield Work(process.gate, self.costs["loop_call"] / 2)
        self.ended += counts

    def _arrive(self) -> Flow:
        process, counts = self._process(), self.world.now >= self._warm
        self.begun += counts
        loop, cpu, statements = self.costs["arrival"]
        yield Work(process.gate, loop)
        yield process.readers
        yield from self._asks(process, cpu, statements)
        self.world.release(process.readers)
        self.ended += counts

    def _something_else(self) -> Flow:
        """Who takes turns with us for the processors of the first machine: it comes again only when it was there."""
        share = self.layout.others / math.ceil(self.layout.others)
        while True:
            yield Work(self.machines[0], STRETCH)
            yield STRETCH * (1 / share - 1) * self.chance.uniform(0.5, 1.5)

    # What follows from a command

    def _spread(self, process: Process, pages: int, began: float, counts: bool) -> Flow:
        world, costs = self.world, self.costs
        here = self._places(pages)
        turned = costs["turned"] * self.load.listening
        self._turn(process, turned * here.get(process.number, 0) / max(1, pages))
        world.start(self._push(process, here.get(process.number, 0), began, counts))
        if len(self.processes) == 1:
            return
        words = costs["words"]
        self.words += words if counts else 0
        yield Work(self.redis, costs["redis_call"] + words * self._word())
        yield costs["hop"] + self.layout.hop
        for other in self.processes:
            if other is not process:
                share = here.get(other.number, 0)
                self._turn(other, turned * share / max(1, pages))
                world.start(self._hear(other, words, share, began, counts))

    def _places(self, pages: int) -> dict[int, int]:
        """On which processes so many pages are: anywhere, as the proxy in front put them."""
        found: dict[int, int] = {}
        for place in range(pages):
            number = (place + self.chance.randrange(len(self.processes))) % len(self.processes)
            found[number] = found.get(number, 0) + 1
        return found

    def _hear(self, process: Process, words: float, sockets: int, began: float, counts: bool) -> Flow:
        yield Work(process.gate, self.costs["hear"] * words)
        yield from self._push(process, sockets, began, counts)

    def _push(self, process: Process, sockets: int, began: float, counts: bool) -> Flow:
        if not sockets:
            return
        (each,) = self.chance.choice(self.costs["write"])
        yield Work(process.gate, each * sockets)
        if counts:
            self.pushes += [self.world.now - began] * sockets

    def _turn(self, process: Process, accounts: float) -> None:
        """What waits for so many listening here is read again, all together a moment later."""
        process.stale += accounts
        if process.stale > 0 and not process.telling:
            process.telling = True
            self.world.start(self._tell(process))

    def _tell(self, process: Process) -> Flow:
        yield gathering(process.took)
        while process.stale >= 1 or (process.stale > 0 and self.chance.random() < process.stale):
            accounts, process.stale, began = max(1.0, process.stale), 0.0, self.world.now
            yield process.readers
            yield from self._look_up(process, accounts)
            self.world.release(process.readers)
            process.took = self.world.now - began
            yield gathering(process.took)
        process.telling = False

    def _look_up(self, process: Process, accounts: float) -> Flow:
        """For so many at once: some of it is done once for all of them, some of it for each."""
        once, each, asked_once, asked_each = self.costs["waiting"]
        crowds = -(-accounts // CROWD)
        yield from self._asks(process, once * crowds + each * accounts, asked_once * crowds + asked_each * accounts)

    # What happens by the clock

    def _beats(self, process: Process) -> None:
        sockets = self.load.sockets / len(self.processes)
        for name, period in PERIODS.items():
            self._keep(process, period, self.costs["beats"][name] * sockets)
        self._keep(process, LOOKS, self.costs["still_process"], self.costs["still_database"])
        if len(self.processes) > 1:
            self._keep(process, PRESENCE, self.costs["presence_tell"] * sockets)
            others = (len(self.processes) - 1) * self.costs["presence_hear"] * sockets
            self._keep(process, PRESENCE, others)
            changes = 2 * self.load.arrivals * self.load.along * self.costs["presence_hear"]  # who comes goes as well
            words = (len(self.processes) - 1) * self.costs["hear"]  # one from each other process
            self._keep(process, LOOKS, changes + words)
            self._keep_redis()

    def _keep(self, process: Process, period: float, seconds: float, database: float = 0.0) -> None:
        def beat() -> Flow:
            yield Work(process.gate, seconds)
            if database:
                self.database_work += database
                yield Work(self.database, database)

        def next_one() -> None:
            self.world.at(self.world.now + period, next_one)
            self.world.start(beat())

        if seconds > 0:
            self.world.at(self.chance.random() * period, next_one)

    def _word(self) -> float:
        """Of Redis, for a word to every process, the one that sent it too."""
        once, each = self.costs["redis_word"]
        return float(once + each * len(self.processes))

    def _keep_redis(self) -> None:
        """A word from one process to all, each second; and what calls that only read ask of Redis."""
        reads = sum(self.load.reads.values()) / len(self.processes) * self.costs["redis_call"]
        seconds = self._word() + reads

        def tell() -> Flow:
            yield Work(self.redis, seconds)

        def next_one() -> None:
            self.world.at(self.world.now + LOOKS, next_one)
            self.world.start(tell())

        self.world.at(self.chance.random() * LOOKS, next_one)

    def _process(self) -> Process:
        return self.chance.choice(self.processes)


def simulate(
    costs: Costs, layout: Layout, load: Load, *, seconds: float = 20, warm: float = 5, seed: int = 1
) -> dict[str, Any]:
    """The figures of so many seconds. Where more comes than can be done there are no times, as they would only grow."""
    told = Site(costs, layout, load, seed).run(seconds, warm)
    return {
        "overloaded": told.overloaded,
        "answer_ms": None if told.overloaded else percentiles(told.answers),
        "push_ms": None if told.overloaded else percentiles(told.pushes),
        "used": told.used,
        "most_used": max(told.used, key=lambda name: told.used[name]),
        "redis_words": round(told.words, 1),
        "database_commands": round(told.database_commands, 1),
    }


def percentiles(seconds: Sequence[float]) -> dict[str, float] | None:
    ordered = sorted(seconds)
    if not ordered:
        return None
    places = {which: min(len(ordered) - 1, len(ordered) * which // 100) for which in (50, 95, 99)}
    return {f"p{which}": round(1000 * ordered[at], 1) for which, at in places.items()}
