"""What `submit` says after its commit. Called from any thread; it never waits and never fails.

In a server process the word goes to its own hub at once, and through the relay to the other processes.
Elsewhere (a management command) it goes out by Redis alone, or not at all: heads make up for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from decisions.live.relay import Outside, Word


class Carrier(Protocol):
    """Takes a word to whom it concerns: the switchboard of this process, or the relay alone."""

    def carry(self, word: Word) -> None: ...


_carrier: Carrier = Outside()


def use(carrier: Carrier) -> Carrier:
    """Put another in place; returns the one before."""
    global _carrier
    before, _carrier = _carrier, carrier
    return before


def announce(topic: str, seq: int, frame: bytes) -> None:
    """An entry was committed. `frame` is its JSON text: `{"seq":…,"event":…, … "changes":…}`."""
    _carrier.carry({"kind": "entry", "topic": topic, "seq": seq, "text": frame})


def waiting_changed(account_ids: Collection[str]) -> None:
    """What waits for these people may have changed."""
    if account_ids:
        _carrier.carry({"kind": "waiting", "accounts": list(account_ids)})


def news(account_ids: Collection[str], frame: bytes) -> None:
    """Something for these people's own topic, `me`, as JSON text. It is a hint and may be lost: whoever was away when
    it came asks when they are back."""
    if account_ids:
        _carrier.carry({"kind": "news", "accounts": list(account_ids), "text": frame})


def rights_changed(account_id: str) -> None:
    """What this person may see, or whether they may come in at all, has changed."""
    _carrier.carry({"kind": "rights", "accounts": [account_id]})
