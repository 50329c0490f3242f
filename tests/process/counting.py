"""Counts for itself, without asking the process: whose voice is needed, who is heard, when a round is complete."""

from __future__ import annotations

from datetime import timedelta

from decisions.process.state import Kind, Phase, Proposal, Response, Round

DAY = timedelta(hours=24)


def voices(state: Proposal) -> set[str]:
    return {p.id for p in state.participants.values() if not p.left}


def heard(state: Proposal, round: Round) -> set[str]:
    """Who has done what the round asks: section 4, third column."""
    match round.kind:
        case Kind.CLARIFYING:
            return set(round.cleared)
        case Kind.REACTION:
            return {r.by for r in state.reactions.values() if r.round == round.id}
        case Kind.CONSENT:
            return {r.by for r in answers(state, round)}


def answers(state: Proposal, round: Round) -> list[Response]:
    return [r for r in state.responses.values() if r.round == round.id]


def asked_of(state: Proposal, round: Round) -> set[str]:
    """Everybody whom the round waits for until they are heard."""
    kept = {p.id for p in state.participants.values() if p.suspended} if round.kind is Kind.CONSENT else set()
    people = {p.id for p in state.participants.values() if not p.left and (not p.absent or p.id in kept)}
    return people - {state.author} if round.kind is Kind.CLARIFYING else people


def complete(state: Proposal, round: Round) -> bool:
    return asked_of(state, round) <= heard(state, round)


def unled(state: Proposal) -> bool:
    """The facilitator has left or is absent."""
    return any(p.id == state.facilitator and (p.left or p.absent) for p in state.participants.values())


def late(state: Proposal) -> bool:
    """A round is open three days after its due time, a complete one has waited a day for *next*, or tuning or revising
    has lain for 14 days."""
    round, now = state.round, state.clock
    if now is None:
        return False
    if round is None:
        lies = state.since if state.phase in (Phase.TUNING, Phase.REVISING) else None
        return lies is not None and now >= lies + 14 * DAY
    waits = state.room.complete_since if state.room and round.kind is not Kind.CONSENT else None
    return now >= round.due_at + 3 * DAY or (waits is not None and now >= waits + DAY)


def quorum(state: Proposal, round: Round) -> bool:
    """Section 7: at least two, and more than half (or the policy's share) of those who were there at its opening
    and have not left; where nobody is absent and nothing sealed, two voices (invariant 1)."""
    present = heard(state, round) & voices(state)
    if len(present) < 2:
        return False
    absent = any(p.absent and not p.left for p in state.participants.values())
    if not (round.sealed or absent):
        return True
    entitled = set(round.electorate) & voices(state)
    counted = len(present & entitled)
    if len(entitled) < 2:  # the others have left: two voices carry on (invariant 15)
        return counted == len(entitled)
    return counted >= 2 and 2 * counted > len(entitled) and 100 * counted >= state.policy.quorum_percent * len(entitled)
