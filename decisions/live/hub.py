"""One hub per server process: topic → sockets. Each entry reaches each subscriber once and in order.

Join first, then read the journal, then settle: nothing falls between. What was published meanwhile is held;
what the reading already brought is skipped. A gap is filled from the journal, so that no subscriber sees one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import nullcontext
from time import monotonic
from typing import Any

from conventions.measures import pushes
from conventions.precedence import precedence
from decisions.live import frames
from decisions.live.frames import Frame
from decisions.live.journal import FAR, Journal
from decisions.live.outlets import LAG, Outlet

log = logging.getLogger("rondo.live")

OF_ONE = "me:"
"""How a topic begins that has no journal: what one person alone is told."""
BREATH = 256  # sockets written to before the loop may do something else
HELD = 4 * FAR  # frames held for a socket that is still reading the journal
NEVER = frames.UNNUMBERED + 1


class Subscription:
    """One socket on one topic. Entries up to `floor` it has; `held` waits until it has settled."""

    __slots__ = ("floor", "held", "outlet")

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self.floor = NEVER
        self.held: list[Frame] = []


class Topic:
    """What this process knows of a topic.

    `seq`: the last entry published, None before the first reading; `wanted`: the last that is known to exist.
    """

    __slots__ = (
        "ahead", "arriving", "filling", "flushing", "last_size", "live", "name", "pending", "seq", "wanted",
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq: int | None = None
        self.wanted = 0
        self.live: dict[Subscription, None] = {}
        self.arriving: dict[Subscription, None] = {}
        self.pending: list[Frame] = []
        self.ahead: dict[int, Frame] = {}
        self.flushing = False
        self.filling = False
        self.last_size = 0

    @property
    def has_journal(self) -> bool:
        return not self.name.startswith(OF_ONE)


class Hub:
    """Everything here runs on the event loop of the server."""

    def __init__(self, journal: Journal) -> None:
        self.topics: dict[str, Topic] = {}
        self.cut = 0
        self.filled = 0
        self._journal = journal
        self._tasks: set[asyncio.Task[None]] = set()

    # Coming and going

    def join(self, name: str, outlet: Outlet) -> Subscription:
        """Before the journal is read: from here on whatever is published is held for this socket."""
        topic = self.topics.get(name) or self.topics.setdefault(name, Topic(name))
        subscription = Subscription(outlet)
        topic.arriving[subscription] = None
        return subscription

    def settle(self, name: str, subscription: Subscription, seq: int) -> bool:
        """The socket has everything up to `seq`: give it what was held, then let it stream.

        False if an entry is missing in between: read the journal on from `seq` and settle again.
        """
        topic = self.topics.get(name)
        if topic is None or subscription not in topic.arriving:
            return True  # cut off meanwhile: there is nobody to settle
        newer = [held for held in subscription.held if held.seq > seq]
        reached = _reach(seq, newer)
        if reached is None or reached < (topic.seq or 0):
            return False
        _write(subscription.outlet, newer)
        # the very same number for all who reached it: one of its own each would be fetched from memory at each entry
        subscription.held, subscription.floor = [], topic.seq if reached == topic.seq else reached
        topic.arriving.pop(subscription, None)
        topic.live[subscription] = None
        self.learn(name, reached)
        return True

    def leave(self, name: str, subscription: Subscription) -> None:
        topic = self.topics.get(name)
        if topic is None:
            return
        subscription.floor = NEVER  # a flush under way passes it by
        topic.live.pop(subscription, None)
        topic.arriving.pop(subscription, None)
        if not topic.live and not topic.arriving:
            del self.topics[name]

    # Entries

    def publish(self, name: str, seq: int, text: bytes, at: float = 0.0) -> None:
        """An entry was committed, `at` by this machine's steady clock; 0.0 where it was elsewhere or is news no more.
        Twice, late or out of order does no harm."""
        topic = self.topics.get(name)
        if topic is not None and (topic.seq is None or seq > topic.seq):
            self._take(topic, frames.event(name, seq, text, at or frames.recorded(text)))

    def tell(self, name: str, text: bytes) -> None:
        """Something that is no entry, in its place among them: to whoever has settled."""
        topic = self.topics.get(name)
        if topic is not None and topic.live:
            self._append(topic, frames.frame(text))

    def learn(self, name: str, seq: int) -> None:
        """The journal stands at `seq`; fetch what nobody published."""
        topic = self.topics.get(name)
        if topic is None:
            return
        if topic.seq is None:
            topic.seq = seq
            topic.ahead.clear()
        elif seq > topic.seq:
            self._fill_soon(topic, seq)

    def begin_anew(self, epoch: str) -> None:
        """Another database stands behind us: whatever is known of any journal is not true any more."""
        for topic in self.topics.values():
            if topic.has_journal:
                topic.seq, topic.wanted = None, 0
                topic.ahead.clear()
                self.tell(topic.name, frames.resync(topic.name, epoch))

    async def beat(self) -> int:
        """A head on every topic, from the journal itself. Says how many topics had missed something."""
        known = {topic: topic.seq for topic in self.topics.values() if topic.seq is not None}
        numbered = {topic: seq for topic, seq in known.items() if topic.has_journal}
        if not numbered:
            return 0
        found = await self._journal.current_seqs([topic.name for topic in numbered])
        missed = 0
        for topic, seq in numbered.items():
            missed += self._compare(topic, seq, found.get(topic.name, -1))
        return missed

    def _compare(self, topic: Topic, seq_before: int, seq_found: int) -> bool:
        if not self._serves(topic):
            return False
        if seq_found < seq_before:  # what was committed is gone: another database stands behind us
            topic.seq = topic.wanted = max(seq_found, 0)
            topic.ahead.clear()
            self.tell(topic.name, frames.resync(topic.name, None))
            return True
        missed = topic.seq is not None and seq_found > topic.seq
        self.learn(topic.name, seq_found)
        self.tell(topic.name, frames.head(topic.name, max(seq_found, topic.seq or 0)))
        return missed

    def _take(self, topic: Topic, entry: Frame) -> None:
        if topic.seq is None:
            for subscription in list(topic.arriving):
                self._hold(topic, subscription, entry)
        elif entry.seq == topic.seq + 1:
            self._take_in_order(topic, entry)
        elif entry.seq > topic.seq:
            topic.ahead[entry.seq] = entry
            self._fill_soon(topic, entry.seq)

    def _take_in_order(self, topic: Topic, entry: Frame) -> None:
        following: Frame | None = entry
        while following is not None:
            topic.seq = following.seq
            self._append(topic, following)
            following = topic.ahead.pop(topic.seq + 1, None)

    def _append(self, topic: Topic, entry: Frame) -> None:
        for subscription in list(topic.arriving):
            if entry.seq != frames.UNNUMBERED:
                self._hold(topic, subscription, entry)
        if topic.live:
            topic.pending.append(entry)
            if not topic.flushing:
                topic.flushing = True
                self._start(self._flush(topic))

    def _hold(self, topic: Topic, subscription: Subscription, entry: Frame) -> None:
        subscription.held.append(entry)
        if len(subscription.held) > HELD:
            self._cut_off(topic, subscription)
            subscription.outlet.close(1013, "too slow")

    # Writing

    async def _flush(self, topic: Topic) -> None:
        """One per topic: joins what is pending and writes it to everybody, with a breath now and then."""
        try:
            while topic.pending:
                batch, topic.pending = topic.pending, []
                with precedence.going_out() if len(topic.live) > BREATH else nullcontext():
                    await self._write_all(topic, batch)
                if since := min((entry.since for entry in batch if entry.since), default=0.0):
                    pushes.observe(monotonic() - since)
        finally:
            topic.flushing = False

    async def _write_all(self, topic: Topic, batch: list[Frame]) -> None:
        first = min(entry.seq for entry in batch)
        texts = [entry.text for entry in batch]
        wire = batch[0].wire if len(batch) == 1 else b"".join([entry.wire for entry in batch])
        # a reader is late when it has not taken more than LAG besides what was only just written
        lag, topic.last_size = LAG + topic.last_size, len(wire)
        for count, subscription in enumerate(list(topic.live), start=1):
            try:
                if subscription.floor < first:
                    keeps_up = subscription.outlet.put(texts, wire, lag)
                else:
                    keeps_up = _write(subscription.outlet, _above(subscription.floor, batch), lag)
            except Exception:  # one broken socket is its own affair
                log.exception("Could not write to a socket on %s.", topic.name)
                keeps_up = False
            if not keeps_up:
                self._cut_off(topic, subscription)
            if count % BREATH == 0:
                await asyncio.sleep(0)

    def _cut_off(self, topic: Topic, subscription: Subscription) -> None:
        self.cut += 1
        log.warning("Closed a socket that did not keep up on %s (%d so far).", topic.name, self.cut)
        self.leave(topic.name, subscription)

    # Gaps

    def _fill_soon(self, topic: Topic, wanted: int) -> None:
        topic.wanted = max(topic.wanted, wanted)
        if not topic.filling:
            topic.filling = True
            self._start(self._fill(topic))

    async def _fill(self, topic: Topic) -> None:
        try:
            while topic.seq is not None and topic.seq < topic.wanted and self._serves(topic):
                found = await self._journal.entries_after(topic.name, topic.seq, FAR)
                for seq, text in found:
                    self.publish(topic.name, seq, text)
                self.filled += len(found)
                if not found:  # announced, but not in this journal
                    topic.wanted = topic.seq
        except Exception:  # the next entry or head asks again
            log.exception("Could not read the journal to fill a gap on %s.", topic.name)
        finally:
            topic.filling = False
            topic.ahead = {seq: entry for seq, entry in topic.ahead.items() if seq > (topic.seq or 0)}

    def _serves(self, topic: Topic) -> bool:
        return self.topics.get(topic.name) is topic

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _reach(seq: int, newer: Iterable[Frame]) -> int | None:
    """The last number if they follow each other from `seq`, else None."""
    for entry in newer:
        if entry.seq != seq + 1:
            return None
        seq = entry.seq
    return seq


def _above(floor: int, batch: Iterable[Frame]) -> list[Frame]:
    return [entry for entry in batch if entry.seq > floor]


def _write(outlet: Outlet, batch: Sequence[Frame], lag: int = LAG) -> bool:
    if not batch:
        return True
    return outlet.put([entry.text for entry in batch], b"".join([entry.wire for entry in batch]), lag)
