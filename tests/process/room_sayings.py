"""What the room brings to a walk: every command of it with every target, and all of it on which anything hangs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from decisions.process import commands as c
from decisions.process.state import Proposal

ROOM = frozenset(
    {
        *(c.OpenRoom, c.CloseRoom, c.Join, c.Leave, c.Later, c.GiveTurn, c.Next, c.AskTimeOut, c.Pause, c.Resume),
        *(c.SetTimebox, c.LeadOut, c.HandOver, c.AcceptChair, c.TakeChair),
    }
)
"""The commands of the room and of the chair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(c.Command):
    """Nobody's command: time has passed."""


def room_shape(state: Proposal) -> Hashable:
    """All of the room but its times and its courtesies."""
    room = state.room
    return room and (
        (room.present, room.seats, room.order, room.first, room.forward, room.given),
        (room.asked_time_out is not None, room.paused_until is not None, room.pauses),
    )


def in_the_room(
    state: Proposal, people: tuple[str, ...], chairs: tuple[str, ...]
) -> Iterator[tuple[type[c.Command], dict[str, Any]]]:
    """Every command of the room and the chair, with every target and every kind of content."""
    present = state.room.present if state.room else frozenset()
    yield from ((make, {}) for make in (c.OpenRoom, c.CloseRoom, c.Join, c.Leave, c.Later, c.Next, c.AskTimeOut))
    yield from ((make, {}) for make in (c.Resume, c.AcceptChair))
    yield from ((c.Pause, {"minutes": minutes}) for minutes in (0, 5, 31))
    yield from ((c.SetTimebox, {"seconds": seconds}) for seconds in (60, 9, 0))
    for who in (*sorted(present), *sorted({*people} - present)[:1]):
        yield c.GiveTurn, {"to": who}
        yield c.LeadOut, {"participant": who, "gone": frozenset({who})}
        yield c.LeadOut, {"participant": who, "gone": present - {who}}
    yield from ((c.HandOver, {"to": who}) for who in dict.fromkeys(chairs))
    yield c.TakeChair, {"gone": frozenset(people)}
    yield c.TakeChair, {"gone": frozenset(people) - {state.facilitator}}
