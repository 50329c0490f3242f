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

EXTENSION = "rondo.outlet"
PATIENCE = 5.0  # seconds that a reader who was told to go has for reading why


class LentTransport:
    """An outlet that writes ready-made frames to the transport itself."""

    __slots__ = ("_protocol", "_transport")

    def __init__(self, protocol: LiveProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport

    def put(self, texts: Sequence[bytes], wire: bytes, lag: int = LAG) -> bool:
        protocol, transport = self._protocol, self._transport
        if protocol.close_sent or not protocol.handshake_complete or transport.is_closing():
            return True
        if transport.get_write_buffer_size() > lag:
            protocol.finish(TOO_SLOW, "too slow")
            return False
        transport.write(wire)
        return True

    def behind(self) -> int:
        return self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str = "") -> None:
        self._protocol.finish(code, reason)

    async def drained(self) -> None:
        await self._protocol.writable.wait()


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with an outlet in the scope and an end that does not wait for the reader."""

    async def run_asgi(self) -> None:
        extensions = cast("dict[str, Any]", self.scope["extensions"])
        extensions[EXTENSION] = LentTransport(self)
        await super().run_asgi()

    def connection_lost(self, exc: Exception | None) -> None:
        """Afterwards nothing holds itself any more, and all of it is thrown away at once."""
        super().connection_lost(exc)
        cast("dict[str, Any]", self.scope["extensions"]).pop(EXTENSION, None)
        self.conn.parser.close()

    def keepalive_timeout(self) -> None:
        """Who answers no ping may not read either: the close frame is not waited for without end."""
        super().keepalive_timeout()
        self.loop.call_later(PATIENCE, self.transport.abort)

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
