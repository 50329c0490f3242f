"""One socket: who it is, what it looks at, and what it may say. It carries no commands."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Annotated, Any

import msgspec
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from decisions.live import frames
from decisions.live.door import ForeignOriginError, credential
from decisions.live.frames import Frame
from decisions.live.journal import FAR, Opening, Visitor
from decisions.live.outlets import TOO_SLOW, AsgiOutlet, Outlet
from decisions.live.protocol import EXTENSION
from decisions.live.switchboard import ME, NOT_ALLOWED, NOT_SIGNED_IN, Guest, Look, Switchboard, hub_name
from teams import watch

log = logging.getLogger("rondo.live")

TOPIC = re.compile(r"me|[a-z]{1,16}:[0-9a-z]{1,32}")
NOTHING = "There is no such thing, or not for you."
MOST_TOPICS = 64
AT_ONCE = 2.0 * MOST_TOPICS  # messages in one go: all topics again after a reconnect
PER_SECOND = 20.0
LONGEST = 16 * 1024  # characters of a message
PIECE = 64 * 1024  # bytes of catch-up written before waiting for the reader


class Ask(msgspec.Struct):
    """A subscription as asked for; unknown fields are ignored."""

    topic: str
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    epoch: str | None = None


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Without a channel layer of its own: the hub of the process serves all sockets."""

    channel_layer_alias = "none"

    def __init__(self, switchboard: Switchboard) -> None:
        super().__init__()
        self._switchboard = switchboard
        self._guest: Guest | None = None
        self._allowance = AT_ONCE
        self._counted = time.monotonic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # however it ended
            if self._guest is not None:
                self._switchboard.farewell(self._guest)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' thread hop per message: our database work has threads of its own."""
        handler: Callable[[dict[str, Any]], Awaitable[None]]
        handler = getattr(self, message["type"].replace(".", "_"))
        await handler(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """`__call__` says good-bye; Channels would go through a thread for it."""
        raise StopConsumer

    # The door

    async def connect(self) -> None:
        self._switchboard.start()
        try:
            visitor = await self._switchboard.source.admit(credential(self.scope))
        except ForeignOriginError:
            watch.socket_refused(self.scope, "foreign_origin")
            await self._turn_away(NOT_ALLOWED, "origin")
        except Exception:
            log.exception("Could not look up who opened a socket.")
            await self._turn_away(TOO_SLOW, "try again later")
        else:
            await self._let_in(visitor)

    async def _let_in(self, visitor: Visitor | None) -> None:
        if visitor is None:
            watch.socket_refused(self.scope, "not_signed_in")
            await self._turn_away(NOT_SIGNED_IN, "not signed in")
            return
        await self.accept()
        self._guest = Guest(visitor, self._outlet())
        self._switchboard.guests.add(self._guest)

    async def _turn_away(self, code: int, reason: str) -> None:
        """Accepted first: a browser is told the code only of a socket that was open."""
        await self.accept()
        await self.close(code, reason)

    def _outlet(self) -> Outlet:
        lent: Outlet | None = (self.scope.get("extensions") or {}).get(EXTENSION)
        return lent or AsgiOutlet(self.base_send)

    # What a client may say

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        guest = self._guest
        if guest is None or guest not in self._switchboard.guests:  # turned away, or dismissed since
            return
        if not self._may_speak():
            self._switchboard.dismiss(guest, TOO_SLOW, "too many messages")
        elif text_data is None or len(text_data) > LONGEST:
            self._complain(guest, "bad_message", "A message is a text frame of at most 16 KiB.")
        else:
            await self._understand(guest, text_data)

    def _may_speak(self) -> bool:
        now = time.monotonic()
        self._allowance = min(AT_ONCE, self._allowance + (now - self._counted) * PER_SECOND) - 1
        self._counted = now
        return self._allowance >= 0

    async def _understand(self, guest: Guest, text: str) -> None:
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            said = None
        if not isinstance(said, dict):
            self._complain(guest, "bad_json", "A message is a JSON object.")
            return
        match said.get("type"):
            case "subscribe":
                await self._subscribe(guest, said)
            case "unsubscribe":
                self._switchboard.unlook(guest, str(said.get("topic")))

    async def _subscribe(self, guest: Guest, said: dict[str, Any]) -> None:
        try:
            ask = msgspec.convert(said, Ask)
        except msgspec.ValidationError as fault:
            self._complain(guest, "bad_message", str(fault))
            return
        self._switchboard.unlook(guest, ask.topic)
        if ask.topic == ME and guest.visitor.account is None:
            self._complain(guest, "not_found", NOTHING, ask.topic)
        elif not TOPIC.fullmatch(ask.topic):
            self._complain(guest, "bad_topic", "A topic is `me` or `kind:<id>`, such as `proposal:<id>`.", ask.topic)
        elif len(guest.looks) >= MOST_TOPICS:
            self._complain(guest, "too_many_topics", f"At most {MOST_TOPICS} topics a socket.", ask.topic)
        else:
            await self._begin(guest, ask)

    async def _begin(self, guest: Guest, ask: Ask) -> None:
        look = self._switchboard.look(guest, ask.topic, hub_name(guest, ask.topic))
        account = guest.visitor.account
        try:
            if ask.topic == ME and account is not None:
                await self._look_at_me(guest, account, look)
            else:
                await self._look_at(guest, ask, look)
        except Exception:
            log.exception("Could not begin a subscription.")
            self._switchboard.unlook(guest, ask.topic)
            self._complain(guest, "unavailable", "Not now; ask again in a while.", ask.topic)

    # Subscribing

    async def _look_at_me(self, guest: Guest, account: str, look: Look) -> None:
        text = await self._switchboard.waiting.first(account)
        _put(guest, frames.subscribed(ME, 0, pages=self._switchboard.pages), text)
        if guest.looks.get(ME) is look:
            self._switchboard.hub.settle(hub_name(guest, ME), look.subscription, 0)

    async def _look_at(self, guest: Guest, ask: Ask, look: Look) -> None:
        opening = await self._switchboard.source.open(guest.visitor.viewer, ask.topic, ask.after)
        if guest.looks.get(ask.topic) is not look:
            return  # dismissed meanwhile
        if opening is None:
            watch.socket_refused(self.scope, "not_found", guest.visitor.account)
            self._switchboard.unlook(guest, ask.topic)
            self._complain(guest, "not_found", NOTHING, ask.topic)
            return
        self._switchboard.learn_epoch(opening.epoch)
        if opening.is_news_to(ask.epoch):
            self._resync(guest, ask.topic)
        else:
            _put(guest, frames.subscribed(ask.topic, opening.seq, epoch=opening.epoch))
            await self._catch_up(guest, ask.topic, look, opening)

    async def _catch_up(self, guest: Guest, topic: str, look: Look, opening: Opening) -> None:
        """What the journal has, then what was published meanwhile; read on if something lies between."""
        seq, entries = opening.seq, opening.entries
        for _ in range(3):
            await self._send_entries(guest, topic, entries)
            if guest.looks.get(topic) is not look:
                return
            if self._switchboard.hub.settle(topic, look.subscription, seq):
                self._switchboard.looked(guest, topic, look)
                return
            entries = await self._switchboard.source.entries_after(topic, seq, FAR)
            seq = entries[-1][0] if entries else seq
        self._resync(guest, topic)

    async def _send_entries(self, guest: Guest, topic: str, entries: Sequence[tuple[int, bytes]]) -> None:
        for piece in _pieces([frames.event(topic, seq, text) for seq, text in entries]):
            guest.outlet.put([frame.text for frame in piece], b"".join([frame.wire for frame in piece]))
            await guest.outlet.drained()

    def _resync(self, guest: Guest, topic: str) -> None:
        self._switchboard.unlook(guest, topic)
        _put(guest, frames.resync(topic, self._switchboard.epoch))

    def _complain(self, guest: Guest, code: str, detail: str, topic: str | None = None) -> None:
        _put(guest, frames.error(code, detail, **({"topic": topic} if topic else {})))


def _put(guest: Guest, *texts: bytes) -> None:
    guest.outlet.put(texts, b"".join([frames.wire(text) for text in texts]))


def _pieces(entries: Sequence[Frame]) -> Iterator[list[Frame]]:
    """Of about PIECE bytes each, so that a healthy reader is never taken for a slow one."""
    piece: list[Frame] = []
    size = 0
    for entry in entries:
        piece.append(entry)
        size += len(entry.wire)
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
