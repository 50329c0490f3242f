"""What goes over a socket, made once: a JSON text and the WebSocket text frame around it."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

import msgspec

from conventions import clock

UNNUMBERED = 1 << 62  # a frame that is no entry (head, presence): newer than anything a socket has
_encode = msgspec.json.Encoder().encode


class Frame(NamedTuple):
    """A text, its number in the journal, the bytes that a server writes for it, and of an entry since when there is
    something to tell, by this machine's steady clock (0.0: not known)."""

    seq: int
    text: bytes
    wire: bytes
    since: float = 0.0


class Recorded(msgspec.Struct):
    """All that is ever read of an entry on its way."""

    at: datetime | None = None


_recorded = msgspec.json.Decoder(Recorded)


def recorded(entry: bytes) -> float:
    """When an entry was recorded that no commit in this process told of, by this machine's steady clock. The entry has
    the time of day of whichever process wrote it: what clocks differ by is in it, but none lies ahead of now."""
    at = _recorded.decode(entry).at
    return monotonic() - max(0.0, (clock.now() - at).total_seconds()) if at else 0.0


def frame(text: bytes, seq: int = UNNUMBERED) -> Frame:
    return Frame(seq, text, wire(text))


def wire(text: bytes) -> bytes:
    """One unfragmented, unmasked text frame (RFC 6455, section 5.2)."""
    size = len(text)
    if size < 126:
        return b"\x81" + size.to_bytes(1, "big") + text
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text


def event(topic: str, seq: int, entry: bytes, since: float = 0.0) -> Frame:
    """The journal's own JSON of an entry, with type and topic spliced in: never made again."""
    text = b'{"type":"event","topic":%b,%b' % (_encode(topic), entry[1:])
    return Frame(seq, text, wire(text), since)


def message(kind: str, **fields: Any) -> bytes:
    return _encode({"type": kind, **fields})


def subscribed(topic: str, seq: int, **more: Any) -> bytes:
    return message("subscribed", topic=topic, seq=seq, **more)


def head(topic: str, seq: int) -> bytes:
    return message("head", topic=topic, seq=seq)


def resync(topic: str, epoch: str | None) -> bytes:
    """Fetch it anew. `epoch` is left out while it is not known."""
    return message("resync", topic=topic, **({"epoch": epoch} if epoch else {}))


def error(code: str, detail: str, **fields: Any) -> bytes:
    return message("error", code=code, detail=detail, **fields)
