"""How a round closes and where that leads. Nothing closes by silence."""

from __future__ import annotations

from datetime import datetime

from . import consent
from .events import Adopted, Event, Returned, Revealed, RoundClosed
from .hours import adrift
from .opening import Fresh, next_round
from .room import held_open, paused
from .rounds import awaited, quorum_met
from .state import Answer, Kind, Outcome, Proposal, Round


def closes_by_itself(state: Proposal) -> bool:
    """Whether the open round closes now: nobody is awaited, no time-out, a consent round has what section 4 asks
    for, and no room lets another round wait for *next*. Nobody being there to lead on, neither holds it up."""
    round = state.round
    if round is None or awaited(state):
        return False
    if (paused(state) or (round.kind is not Kind.CONSENT and held_open(state))) and not adrift(state):
        return False
    if round.kind is not Kind.CONSENT:
        return True
    objected = not round.sealed and bool(state.standing())
    return objected or quorum_met(state, round)


def closing(state: Proposal, at: datetime, by: str | None, fresh: Fresh) -> list[Event]:
    """The events by which the open round closes and leads on."""
    round = state.round
    assert round is not None
    if round.kind is Kind.CONSENT:
        return _consent(state, round, at, by, fresh)
    closed = RoundClosed(at=at, by=by, round=round.id, outcome=Outcome.HEARD)
    if round.kind is Kind.REACTION:
        return [closed]
    return [closed, next_round(state, Kind.REACTION, at, by, fresh)]


def _consent(state: Proposal, round: Round, at: datetime, by: str | None, fresh: Fresh) -> list[Event]:
    given = consent.answers(state, round)
    outcome = consent.outcome(given)
    revealed = tuple(
        Revealed(r.id, r.by, r.kind, r.text, r.suggestion, objection=fresh() if r.kind is Answer.OBJECTION else None)
        for r in given
    )
    closed = RoundClosed(at=at, by=by, round=round.id, outcome=outcome, answers=revealed if round.sealed else ())
    if outcome is Outcome.RETURNED:
        return [closed, Returned(at=at, by=by, revision=round.revision, round=round.id)]
    return [closed, Adopted(at=at, by=by, revision=round.revision)]
