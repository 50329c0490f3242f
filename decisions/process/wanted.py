"""What the process waits for: whose next step, and which. Lists, pages and *My turn* tell it; no rule hangs on it."""

from __future__ import annotations

from . import hours
from .rounds import at_hand, awaited
from .state import Kind, Phase, Proposal

ASKED_IN = {Kind.CLARIFYING: "clear", Kind.REACTION: "react", Kind.CONSENT: "respond"}


def wanted(state: Proposal) -> dict[str, str]:
    """Account id → the one command, by its name in `may`, that the process waits for from them.

    Where it waits for two of one person: what they were offered comes first, then what the others hang on."""
    round = state.round
    wants = dict.fromkeys(awaited(state), ASKED_IN[round.kind]) if round else {}
    author = state.participants.get(state.author)
    if author is not None and not author.absent and (step := _author_step(state)):
        wants[state.author] = step
    if state.phase is Phase.REVISING:
        for objection in state.standing():
            if objection.restatement is not None and objection.confirmed is None:
                wants.setdefault(objection.by, "confirm")
    if state.facilitator and (step := _facilitator_step(state)):
        wants.setdefault(state.facilitator, step)
    wants |= {who: "accept-facilitator" for who in (state.chair_offered,) if who}
    wants |= {who: "accept-author" for who in (state.author_offered,) if who}
    gone = {person.id for person in state.participants.values() if person.left}
    return {who: what for who, what in wants.items() if who not in gone} if gone else wants


def _author_step(state: Proposal) -> str | None:
    if state.phase is Phase.CLARIFYING and state.open_questions():
        return "answer"
    return {Phase.TUNING: "ask-for-consent", Phase.REVISING: "revise"}.get(state.phase)


def _facilitator_step(state: Proposal) -> str | None:
    """*Next* in a round that is complete, and somebody else to write where the author's step is awaited in vain."""
    if hours.waits_for_next(state) is not None:
        return "next" if state.room and state.room.paused_until is None else None
    with_nobody = _author_step(state) and hours.author_away(state) and state.author_offered is None
    return "author" if with_nobody and any(who != state.author for who in at_hand(state)) else None
