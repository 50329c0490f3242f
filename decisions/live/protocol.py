"""The one piece that knows the server: a uvicorn WebSocket protocol that lends its transport to the consumer.

It leans on a few names inside uvicorn's sans-I/O protocol, so uvicorn's minor version is pinned and
`tests/live/test_protocol.py` holds the contract. Without it everything works too, by plain ASGI sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from decisions.live.outlets import LAG, TOO_SLOW
from decisions.live.pulse import PING, Pulse

EXTENSION = "rondo.outlet"
PATIENCE = 5.0  # seconds that a reader who was told to go has for reading why
LAST_WORD = 1.0  # and that the line of somebody has who answers no more


class LentTransport:
    """An outlet that writes ready-made frames to the transport itself.

    `clear`: nothing has to be asked before a frame is written. Of thousands of sockets each question costs a look into
    memory that no cache holds, so the protocol says when there is something to ask again.
    """

    __slots__ = ("_protocol", "_transport", "asked", "clear", "heard")

    def __init__(self, protocol: LiveProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self.clear = False
        self.asked = self.heard = 0.0

    def put(self, texts: Sequence[bytes], wire: bytes, lag: int = LAG) -> bool:
        transport = self._transport
        if transport.is_closing():
            return True
        if not self.clear:
            protocol = self._protocol
            if protocol.close_sent or not protocol.handshake_complete:
                return True
            if transport.get_write_buffer_size() > lag:
                protocol.finish(TOO_SLOW, "too slow")
                return False
            self.clear = protocol.writable.is_set()
        transport.write(wire)
        return True

    def behind(self) -> int:
        return self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str = "") -> None:
        self._protocol.finish(code, reason)

    async def drained(self) -> None:
        await self._protocol.writable.wait()

    def ask(self) -> None:
        if not self._protocol.close_sent and not self._transport.is_closing():
            self._transport.write(PING)

    def give_up(self) -> None:
        self._protocol.give_up()


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with an outlet in the scope, one pulse for all, and an end that waits for no reader."""

    lent: LentTransport | None = None

    async def run_asgi(self) -> None:
        self.lent = LentTransport(self)
        cast("dict[str, Any]", self.scope["extensions"])[EXTENSION] = self.lent
        await super().run_asgi()

    @property
    def close_sent(self) -> bool:
        return self._close_sent

    @close_sent.setter
    def close_sent(self, sent: bool) -> None:
        self._close_sent = sent
        self._ask_again()

    def pause_writing(self) -> None:
        """The reader is behind: from here on it is asked how far."""
        super().pause_writing()
        self._ask_again()

    def _ask_again(self) -> None:
        if self.lent is not None:
            self.lent.clear = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Afterwards nothing holds itself any more, and all of it is thrown away at once."""
        super().connection_lost(exc)
        self.lent = None
        cast("dict[str, Any]", self.scope["extensions"]).pop(EXTENSION, None)
        self.conn.parser.close()

    def data_received(self, data: bytes) -> None:
        if self.lent is not None:
            self.lent.heard, self.lent.asked = self.loop.time(), 0.0
        super().data_received(data)

    def start_keepalive(self) -> None:
        """The socket stands. What it was asked for with, cookies and all, nobody looks at again."""
        del self.request, self.response
        if self.lent is not None:
            self.lent.heard = self.loop.time()
            Pulse.of(self.config, self.loop).add(self.lent)

    def stop_keepalive(self) -> None:
        if self.lent is not None:
            Pulse.of(self.config, self.loop).discard(self.lent)

    def give_up(self) -> None:
        """Who answers no ping may not read either: the close frame is not waited for without end."""
        self.stop_keepalive()
        self.keepalive_timeout()
        self.loop.call_later(LAST_WORD, self.transport.abort)

    def finish(self, code: int, reason: str) -> None:
        """Send a close frame and let go, also of somebody who no longer reads."""
        if self.close_sent or self.transport.is_closing() or not self.handshake_complete:
            return
        try:
            self.conn.send_close(code, reason)
        except InvalidState:
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(PATIENCE, self.transport.abort)
