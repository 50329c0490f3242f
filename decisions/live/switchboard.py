"""What a server process keeps of its sockets: hub, presence, who is in, and the beats that keep it true."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from decisions.live import announce
from decisions.live.hub import OF_ONE, Hub, Subscription
from decisions.live.journal import Look as Seen
from decisions.live.journal import Source, Visitor
from decisions.live.outlets import Outlet
from decisions.live.presence import Presence
from decisions.live.relay import Relay, Word
from decisions.live.waiting import Waiting

ME = "me"
NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403

HEADS = 10.0  # seconds; the contract says at least every 15
RIGHTS = 4.0  # a session ended, an account suspended: known and acted on within five
SWEEP = 60.0  # what each topic's readers may still see, and what waits for whom: should a word have been lost
PRESENCE = 1.0
SEEN = 20.0  # that somebody is connected counts for the two minutes of the chair
PRESENCE_ABROAD = 20.0

Work = Callable[[], Awaitable[None]]

log = logging.getLogger("rondo.live")


@dataclass(eq=False, slots=True)
class Look:
    """One subscription of one guest."""

    subscription: Subscription
    present: bool = False


@dataclass(eq=False, slots=True)
class Guest:
    """One socket that was let in."""

    visitor: Visitor
    outlet: Outlet
    looks: dict[str, Look] = field(default_factory=dict)


class Switchboard:
    """Started with the server, on its loop; `carry` may be called from any thread."""

    def __init__(self, source: Source, layer: Any | None = None, pages: str = "") -> None:
        self.source = source
        self.pages = pages
        self.hub = Hub(source)
        self.presence = Presence()
        self.waiting = Waiting(source, self.hub)
        self.guests: set[Guest] = set()
        self.epoch: str | None = None
        self._left: set[str] = set()
        self._process = secrets.token_hex(8)
        self._relay = Relay(layer, self._process, self._hear) if layer is not None else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._before: announce.Carrier | None = None

    # From start to stop

    def start(self) -> None:
        """Once; a second call does nothing (servers without lifespan start it with the first socket)."""
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._before = announce.use(self)
        if self._relay is not None:
            self._relay.start()
        for seconds, work in self.beats():
            self._keep(every(seconds, work))

    def beats(self) -> list[tuple[float, Work]]:
        return [
            (HEADS, self.beat),
            (RIGHTS, self.check_visitors),
            (SWEEP, self.sweep),
            (PRESENCE, self.tell_presence),
            (PRESENCE_ABROAD, self.tell_presence_abroad),
            (SEEN, self.note_seen),
        ]

    async def stop(self) -> None:
        if self._before is not None:
            announce.use(self._before)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._relay is not None:
            await self._relay.stop()
        self._loop = None

    # Words

    def carry(self, word: Word) -> None:
        """From `announce`, in whatever thread the commit happened."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, word, monotonic())

    def _spread(self, word: Word, at: float) -> None:
        """What has farther to go leaves first: it is on its way while the sockets here are written to."""
        if self._relay is not None:
            self._relay.send(word)
        self._hear(word, at)

    def _hear(self, word: Word, at: float = 0.0) -> None:
        match word.get("kind"):
            case "entry":
                self.hub.publish(word["topic"], word["seq"], word["text"], at)
            case "waiting":
                self.waiting.changed(word["accounts"])
            case "news":
                for account in word["accounts"]:
                    self.hub.tell(f"{OF_ONE}{account}", word["text"])
            case "rights":
                self._keep(once(self.check_accounts(frozenset(word["accounts"]))))
            case "presence":
                self.presence.heard(word["process"], word["topics"])
            case "presence_changed":
                self.presence.heard_changed(word["process"], word["topics"])

    # Beats

    async def beat(self) -> None:
        self.learn_epoch(await self.source.epoch())
        if await self.hub.beat():
            self.waiting.changed(self.waiting.listeners())

    def learn_epoch(self, epoch: str) -> None:
        """Of which life of the database this is. Another one than it was: everybody fetches what they look at."""
        before, self.epoch = self.epoch, epoch
        if before not in (None, epoch):
            self.hub.begin_anew(epoch)
            self.waiting.changed(self.waiting.listeners())

    async def tell_presence(self) -> None:
        for topic, text in self.presence.due().items():
            self.hub.tell(topic, text)
        changed = self.presence.changed()
        if self._relay is not None and changed:
            self._relay.send({"kind": "presence_changed", "topics": changed})

    async def tell_presence_abroad(self) -> None:
        """All of it, as a word may have been lost. Seldom: every process takes in who is anywhere on the site."""
        if self._relay is not None:
            self._relay.send({"kind": "presence", "topics": self.presence.here()})

    async def sweep(self) -> None:
        await self.check_looks(list(self.guests))
        await self.waiting.sweep()

    # Rights

    async def note_seen(self) -> None:
        """Whoever has left since the last time counts as well: nobody shall be taken for gone too early."""
        left, self._left = self._left, set()
        present = [guest.visitor.account for guest in self.guests if any(look.present for look in guest.looks.values())]
        here = {account for account in present if account is not None}
        if here or left:
            await self.source.seen(here | left)

    async def check_visitors(self) -> None:
        await self._check(list(self.guests))

    async def check_accounts(self, accounts: Collection[str]) -> None:
        # A screen shows what who made its link may see: it may be one of these.
        concerned = [guest for guest in self.guests if guest.visitor.account in {None, *accounts}]
        await self._check(concerned)
        await self.check_looks(concerned)
        self.waiting.changed(accounts)

    async def check_looks(self, guests: Iterable[Guest]) -> None:
        looking = {(guest.visitor.viewer, topic) for guest in guests for topic in guest.looks if topic != ME}
        if looking:
            self._withdraw(frozenset(await self.source.hidden(list(looking))))

    async def _check(self, guests: Collection[Guest]) -> None:
        if not guests:
            return
        gone = frozenset(await self.source.gone({guest.visitor for guest in guests}))
        for guest in guests if gone else ():
            if guest.visitor in gone:
                self.dismiss(guest, NOT_SIGNED_IN, "not signed in")

    def _withdraw(self, hidden: frozenset[Seen]) -> None:
        for guest in list(self.guests):
            seen = {(guest.visitor.viewer, topic) for topic in guest.looks}
            if seen & hidden:
                self.dismiss(guest, NOT_ALLOWED, "right withdrawn")

    def dismiss(self, guest: Guest, code: int, reason: str) -> None:
        """Nothing more to this socket from this moment, whether or not it reads its close frame."""
        self.farewell(guest)
        guest.outlet.close(code, reason)

    def farewell(self, guest: Guest) -> None:
        for topic in list(guest.looks):
            self.unlook(guest, topic)
        self.guests.discard(guest)

    # Looks

    def look(self, guest: Guest, topic: str, name: str) -> Look:
        """Join before anything is read. `name` is the hub's own name of the topic."""
        look = Look(self.hub.join(name, guest.outlet))
        guest.looks[topic] = look
        return look

    def looked(self, guest: Guest, topic: str, look: Look) -> None:
        """The subscription streams: now the person counts as online. A screen is no person."""
        account = guest.visitor.account
        if account is not None:
            look.present = True
            self.presence.came(topic, account)

    def unlook(self, guest: Guest, topic: str) -> None:
        look = guest.looks.pop(topic, None)
        if look is None:
            return
        self.hub.leave(hub_name(guest, topic), look.subscription)
        account = guest.visitor.account
        if look.present and account is not None:
            self.presence.went(topic, account)
            self._left.add(account)

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def hub_name(guest: Guest, topic: str) -> str:
    """`me` is everybody's own; the hub knows it by whose it is."""
    return f"{OF_ONE}{guest.visitor.account}" if topic == ME else topic


async def every(seconds: float, work: Work) -> None:
    """A beat that nothing stops."""
    while True:
        await asyncio.sleep(seconds)
        await once(work())


async def once(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception:
        log.exception("A check of the live side failed; the next beat tries again.")
