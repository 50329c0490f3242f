"""What each event in the room, and each change of the chair, makes of the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from . import events as e
from .events import giver
from .replacing import replace
from .room import joined, speaker, with_clock, without
from .state import Proposal, Room


def _room_opened(state: Proposal, event: e.RoomOpened) -> Proposal:
    return replace(state, room=Room(event.at))


def _room_closed(state: Proposal, _event: e.RoomClosed) -> Proposal:
    return replace(state, room=None)


def _in_room(change: Callable[[Proposal, Room, Any], Room]) -> Callable[[Proposal, Any], Proposal]:
    """An event that changes the room alone."""

    def evolves(state: Proposal, event: Any) -> Proposal:
        assert state.room is not None
        return replace(state, room=change(state, state.room, event))

    return evolves


def _said_later(_state: Proposal, room: Room, event: e.SaidLater) -> Room:
    who = giver(event)
    return replace(room, order=(*(seat for seat in room.order if seat != who), who), given=None)


def _paused(_state: Proposal, room: Room, event: e.Paused) -> Room:
    begun = replace(room, paused_at=event.at, paused_until=event.until, paused_by=giver(event))
    return replace(begun, pauses=room.pauses + 1, asked_time_out=None)


def _resumed(_state: Proposal, room: Room, event: e.Resumed | e.PauseEnded) -> Room:
    """The turn's clock goes on where it stood."""
    stood = event.at - room.paused_at if room.paused_at else timedelta(0)
    return replace(
        room,
        paused_at=None,
        paused_until=None,
        paused_by=None,
        turn_since=room.turn_since + stood if room.turn_since else None,
        timebox_ends_at=room.timebox_ends_at + stood if room.timebox_ends_at else None,
    )


def _timebox_set(state: Proposal, room: Room, event: e.TimeboxSet) -> Room:
    timed = with_clock(replace(room, timebox=event.seconds or None), event.at, running=speaker(state) is not None)
    return replace(timed, turn_since=room.turn_since)


def _facilitator_offered(state: Proposal, event: e.FacilitatorOffered) -> Proposal:
    return replace(state, chair_offered=event.to)


def _facilitator_changed(state: Proposal, event: e.FacilitatorChanged) -> Proposal:
    return replace(state, facilitator=event.facilitator, chair_offered=None)


IN_THE_ROOM: Mapping[type[e.Event], Callable[[Proposal, Any], Proposal]] = {
    e.RoomOpened: _room_opened,
    e.RoomClosed: _room_closed,
    e.Joined: _in_room(lambda state, room, event: joined(state, room, giver(event))),
    e.Left: _in_room(lambda _, room, event: without(room, giver(event))),
    e.LedOut: _in_room(lambda _, room, event: without(room, event.participant)),
    e.SaidLater: _in_room(_said_later),
    e.TurnGiven: _in_room(lambda _, room, event: replace(room, given=event.to)),
    e.TimeOutAsked: _in_room(lambda _, room, event: replace(room, asked_time_out=giver(event))),
    e.Paused: _in_room(_paused),
    e.Resumed: _in_room(_resumed),
    e.PauseEnded: _in_room(_resumed),
    e.TimeboxSet: _in_room(_timebox_set),
    e.FacilitatorOffered: _facilitator_offered,
    e.FacilitatorChanged: _facilitator_changed,
}
