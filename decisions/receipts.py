"""Receipts: what somebody keeps of an entry they made, to find again that it stands in the record as it was.

    rondo:<proposal>:<number of the entry>:<first 32 digits of its hash>        to copy
    7f3a-91c2                                                                  to read aloud: its first eight

A receipt is made of the entry's hash alone, and says nothing of what was said: in a sealed round the hash covers a
salted commitment of one length. No database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.ids import ALPHABET, LENGTH

from .journal import Entry
from .process import events

DIGITS = 32
FORM = re.compile(rf"rondo:([{ALPHABET}]{{{LENGTH}}}):([1-9][0-9]{{0,8}}):([0-9a-f]{{16,64}})", re.IGNORECASE)
FOLLOW = frozenset(
    kind.name
    for kind in (
        events.RoundOpened,
        events.RoundClosed,
        events.Returned,
        events.Adopted,
        events.PauseEnded,
        events.RoomClosed,
    )
)
"""What follows from what somebody did, and is recorded under their name as well."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was kept: the entry it names and the beginning of the hash that this had."""

    proposal: str
    seq: int
    beginning: str


def receipt(proposal: str, seq: int, hash: str) -> str:
    """The receipt of an entry."""
    return f"rondo:{proposal}:{seq}:{hash[:DIGITS]}"


def read(text: str) -> Receipt | None:
    """The receipt in a text that somebody pasted; None where there is none, or more than one."""
    found = read_all(text)
    return found[0] if len(found) == 1 else None


def read_all(text: str) -> list[Receipt]:
    """Every receipt in a text, in the order in which they come, each once."""
    found = (Receipt(proposal.lower(), int(seq), begins.lower()) for proposal, seq, begins in FORM.findall(text))
    return list(dict.fromkeys(found))


def receipt_for(made: Iterable[Entry]) -> str | None:
    """The receipt of what a command was given for, among the entries that it made and what followed from them."""
    own = [entry for entry in made if entry.by is not None]
    given = [entry for entry in own if entry.event not in FOLLOW] or own[:1]
    return receipt(given[-1].proposal, given[-1].seq, given[-1].hash) if given else None
