"""The order in which those in the room speak, and whose turn it is (rule book, section 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from .replacing import replace
from .rounds import awaited, heard
from .state import Kind, Proposal, Room, Round

LAST_IS_THE_AUTHOR = (Kind.REACTION, Kind.CONSENT)


def by_turns(round: Round | None) -> bool:
    """Whether those present take turns in this round. In a sealed round all answer together."""
    return round is not None and not round.sealed


def still_to_speak(state: Proposal) -> list[str]:
    """Who is present and awaited in a round by turns, in the order of the round."""
    room, round = state.room, state.round
    if room is None or round is None or not by_turns(round):
        return []
    already = heard(state)
    return [who for who in room.order if who not in already and not state.participants[who].absent]


def speaker(state: Proposal) -> str | None:
    """Whose turn it is: who was given it, else the first who is present and awaited."""
    room = state.room
    if room is None or not by_turns(state.round):
        return None
    return room.given or next(iter(still_to_speak(state)), None)


def held_open(state: Proposal) -> bool:
    """Whether the room lets a complete clarifying or reaction round wait for *next*: somebody besides the
    facilitator is present."""
    return state.room is not None and bool(state.room.present - {state.facilitator})


def paused(state: Proposal) -> bool:
    """Whether there is a time-out."""
    return state.room is not None and state.room.paused_until is not None


def for_next_round(state: Proposal, room: Room, kind: Kind, *, sealed: bool) -> Room:
    """The room as a round opens: no time-outs yet, nobody's turn given, and the order of the new round.

    From one round by turns to the next the direction alternates, and the first to speak is the next seat after
    the one who was first last time, the author aside; from there it goes round."""
    room = replace(room, pauses=0, given=None, asked_time_out=None, complete_since=None)
    if sealed:
        return replace(room, order=tuple(seat for seat in room.seats if seat in room.present))
    forward = not room.forward if room.first else room.forward
    first = _next_first(state, room)
    ring = room.seats if forward else room.seats[::-1]
    start = ring.index(first) if first else 0
    order = tuple(seat for seat in (*ring[start:], *ring[:start]) if seat in room.present)
    return replace(
        room,
        order=author_last(state, order, kind),
        first=first or room.first,
        forward=forward if first else room.forward,
    )


def _next_first(state: Proposal, room: Room) -> str | None:
    seats = room.seats
    after = seats.index(room.first) + 1 if room.first else 0
    ring = (*seats[after:], *seats[:after])
    return next((seat for seat in ring if seat in room.present and seat != state.author), None)


def author_last(state: Proposal, order: tuple[str, ...], kind: Kind | None) -> tuple[str, ...]:
    """In reaction and consent the author speaks last."""
    if kind not in LAST_IS_THE_AUTHOR or state.author not in order:
        return order
    return (*(who for who in order if who != state.author), state.author)


def at_the_end(state: Proposal, order: tuple[str, ...], who: str) -> tuple[str, ...]:
    """The order with this person at its end; the author stays last, unless they are speaking: nobody takes the
    turn from somebody by coming in."""
    order = (*(seat for seat in order if seat != who), who)
    if speaker(state) == state.author:
        return order
    return author_last(state, order, state.round.kind if state.round else None)


def joined(state: Proposal, room: Room, who: str) -> Room:
    """The room with one more present: a seat of their own for good, and the end of this round's order."""
    seats = room.seats if who in room.seats else (*room.seats, who)
    order = at_the_end(state, room.order, who)
    first = room.first
    if first is None and by_turns(state.round) and who != state.author:
        first = who
    return replace(room, present=room.present | {who}, seats=seats, order=order, first=first)


def without(room: Room, who: str) -> Room:
    """The room with one less present; their seat stays theirs."""
    return replace(
        room,
        present=room.present - {who},
        order=tuple(seat for seat in room.order if seat != who),
        given=None if room.given == who else room.given,
        asked_time_out=None if room.asked_time_out == who else room.asked_time_out,
    )


def with_turn_of(before: Proposal, after: Proposal, at: datetime) -> Proposal:
    """`after` with its turn: it moves on from who was given it and is heard now; nobody takes it from the speaker
    by being awaited again; and its clock begins anew where the turn has moved on."""
    room = after.room
    if room is None:
        return after
    complete = after.round is not None and not awaited(after)
    if complete != (room.complete_since is not None):
        room = replace(room, complete_since=at if complete else None)
        after = replace(after, room=room)
    if before.room is not None and before.current == after.current:
        after, room = _gone_on(before, after, room)
        if speaker(before) == speaker(after):
            return after
    return replace(after, room=with_clock(room, at, running=speaker(after) is not None))


def _gone_on(before: Proposal, after: Proposal, room: Room) -> tuple[Proposal, Room]:
    """The same round, one event later."""
    already, earlier = heard(after), heard(before)
    if room.given in already - earlier:
        room = replace(room, given=None)
    again = [who for who in room.order if who in earlier - already]
    for who in again if speaker(before) not in (None, *again) else ():
        room = replace(room, order=at_the_end(before, room.order, who))
    return (after, room) if room is after.room else (replace(after, room=room), room)


def with_clock(room: Room, at: datetime, *, running: bool) -> Room:
    """The clock of a turn, or of a timebox, that begins now; it stands still as long as a time-out lasts."""
    begins = room.paused_at or at
    ends = begins + timedelta(seconds=room.timebox) if room.timebox and running else None
    return replace(room, turn_since=begins if running else None, timebox_ends_at=ends)
