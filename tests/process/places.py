"""Numbers 7 and 8 of section 9 for a place: one state of a room with everything that was tried in it."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.process import commands as c
from decisions.process.engine import Refused, decide, refusal
from decisions.process.room import speaker
from decisions.process.state import Answer, Kind, Proposal

from .turns import FIRST, by_turns, unheard
from .walk import NOW, Place


def never_two_at_once(place: Place) -> None:
    """7. In a room two present people never both may give a first contribution in a round by turns."""
    if by_turns(place.state) is None:
        return
    waiting = unheard(place.state)
    can = {step.command.by for given, step in place.steps if given[0] in FIRST} & waiting
    assert len(can) <= 1
    assert can <= {speaker(place.state)}


def whoever_is_present_can_speak_or_leave_and_speak(place: Place) -> None:
    """7. A present person can always either contribute or leave the room and contribute."""
    for who in unheard(place.state):
        if not could_speak(place.state, who):
            outside, _ = decide(place.state, c.Leave(by=who, at=NOW, seed="leave"))
            assert outside.current == place.state.current
            assert could_speak(outside, who)


def could_speak(state: Proposal, who: str) -> bool:
    return any(refusal(state, word) is None for word in words(state, who))


def words(state: Proposal, who: str) -> Iterator[c.Command]:
    """By which this person could be heard in the open round, or come nearer to it."""
    match state.round and state.round.kind:
        case Kind.CLARIFYING:
            yield from (
                c.TakeBackQuestion(by=who, at=NOW, seed="", question=question.id)
                for question in state.open_questions(who)
            )
            yield c.Clear(by=who, at=NOW, seed=f"{state.seq}")
        case Kind.REACTION:
            yield c.Pass(by=who, at=NOW, seed=f"{state.seq}")
        case Kind.CONSENT:
            yield c.Respond(by=who, at=NOW, seed=f"{state.seq}", kind=Answer.CONSENT)


def the_turn_goes_round(place: Place) -> None:
    """8. As long as somebody present is awaited somebody has the turn; each speaking on theirs, everybody gets it."""
    state, round = place.state, by_turns(place.state)
    if round is None or state.room is None or state.room.paused_until:
        return
    waiting = unheard(state)
    had = set()
    while round.id == state.current and (left := unheard(state)):
        speaking = speaker(state)
        assert speaking is not None
        had.add(speaking)
        state = _heard_or_later(state, speaking, left)
    assert waiting <= had


def _heard_or_later(state: Proposal, speaking: str, left: set[str]) -> Proposal:
    if speaking not in left:  # who was given the turn and is heard lets the next one speak
        return decide(state, c.Later(by=speaking, at=NOW, seed=f"{state.seq}"))[0]
    while speaking in unheard(state) and speaker(state) == speaking:
        state = _says(state, speaking)
    return state


def _says(state: Proposal, who: str) -> Proposal:
    for word in words(state, who):
        try:
            return decide(state, word)[0]
        except Refused:
            continue
    raise AssertionError(f"{who} has the turn and can say nothing")


AT_EVERY_PLACE = (never_two_at_once, whoever_is_present_can_speak_or_leave_and_speak, the_turn_goes_round)
