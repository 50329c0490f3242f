"""Who was heard in each round, and how long turns took: told from the journal, for the circle as a whole.

How long is told without names, and only of turns enough that nobody's can be picked out; who is told without
lengths. There is no ranking in it, and no time of any one person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from .events import Event
from .evolution import evolve
from .room import speaker
from .rounds import heard
from .state import Kind, Proposal, Room, Round

FEWEST_TURNS = 3
"""Of two turns, each of the two would know how long the other one's was."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One round. `turns`: seconds, the shortest first; `over`: how many of them went over the timebox, if there was
    one; `heard_in_room`, `heard_elsewhere`: ids, in their own order."""

    round: str
    kind: Kind
    revision: int
    sealed: bool
    closed: bool
    by_turns: bool
    turns: tuple[int, ...]
    over: int
    timebox: int | None
    heard_in_room: tuple[str, ...]
    heard_elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal has told of a round so far. `heard`: who was heard → whether they were in the room then."""

    turns: tuple[float, ...] = ()
    over: int = 0
    timebox: int | None = None
    by_turns: bool = False
    heard: tuple[tuple[str, bool], ...] = ()


def voices(start: Proposal, events: Iterable[Event]) -> list[Voice]:
    """Every round that the events have opened, in that order."""
    told: dict[str, _Told] = {}
    state = start
    for event in events:
        before, state = state, evolve(state, event)
        for id in {before.current, state.current} - {None}:
            assert id is not None
            told[id] = _one_more(told.get(id, _Told()), id, before, state, event.at)
    return [_voice(state.rounds[id], one) for id, one in told.items()]


def _one_more(told: _Told, round: str, before: Proposal, after: Proposal, at: datetime) -> _Told:
    """What is told of the round one event later."""
    if after.current == round:
        told = replace(told, heard=_where_heard(told, after))
        if speaker(after) is not None and after.room is not None:
            told = replace(told, by_turns=True, timebox=after.room.timebox)
    who, room = speaker(before), before.room
    if before.current != round or who is None or room is None or not _moved_on(before, after, who):
        return told
    # Who moved on unheard has taken no turn yet.
    already = heard(after if after.current == round else before)
    return _with_turn(told, room, at) if who in already else told


def _where_heard(told: _Told, state: Proposal) -> tuple[tuple[str, bool], ...]:
    """Who is heard now, each with whether they were in the room when they became so."""
    known, present = dict(told.heard), state.room.present if state.room else frozenset()
    explains = state.round is not None and state.round.kind is Kind.CLARIFYING
    asked = heard(state) - {state.author} if explains else heard(state)
    return tuple((who, known.get(who, who in present)) for who in sorted(asked))


def _moved_on(before: Proposal, after: Proposal, who: str) -> bool:
    return after.current != before.current or speaker(after) != who


def _with_turn(told: _Told, room: Room, at: datetime) -> _Told:
    """One turn more: as long as it lasted, time-outs apart."""
    end = room.paused_at or at
    assert room.turn_since is not None
    over = room.timebox_ends_at is not None and end > room.timebox_ends_at
    return replace(
        told,
        turns=(*told.turns, (end - room.turn_since).total_seconds()),
        over=told.over + over,
    )


def _voice(round: Round, told: _Told) -> Voice:
    turns = tuple(sorted(int(seconds) for seconds in told.turns))
    enough = len(turns) >= FEWEST_TURNS
    return Voice(
        round=round.id,
        kind=round.kind,
        revision=round.revision,
        sealed=round.sealed,
        closed=round.closed_at is not None,
        by_turns=told.by_turns,
        turns=turns if enough else (),
        over=told.over if enough else 0,
        timebox=told.timebox,
        heard_in_room=tuple(who for who, inside in told.heard if inside),
        heard_elsewhere=tuple(who for who, inside in told.heard if not inside),
    )
