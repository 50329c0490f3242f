"""When a participant is heard, whom a round awaits, and when it is complete (rule book, section 4)."""

from __future__ import annotations

from .once import once
from .state import Kind, Proposal, Round


@once
def heard(state: Proposal) -> frozenset[str]:
    """Who has done what the open round asks of them. The author of a clarifying round is asked nothing."""
    round = state.round
    if round is None:
        return frozenset()
    if round.kind is Kind.CLARIFYING:
        return frozenset((*round.cleared, state.author))
    given = state.reactions if round.kind is Kind.REACTION else state.responses
    return frozenset([item.by for item in given.values() if item.round == round.id])


@once
def at_hand(state: Proposal) -> tuple[str, ...]:
    """Participants who have neither left nor are absent. Who is kept away by a suspended account is not let go
    unheard in a consent round, absent or not."""
    kept = state.round is not None and state.round.kind is Kind.CONSENT
    people = state.participants.values()
    return tuple([p.id for p in people if not (p.left or (p.absent and not (kept and p.suspended)))])


@once
def awaited(state: Proposal) -> tuple[str, ...]:
    """Who is neither absent nor heard in the open round, in the order of the participants."""
    if state.round is None:
        return ()
    already = heard(state)
    return tuple([who for who in at_hand(state) if who not in already])


def quorum_needed(state: Proposal, round: Round) -> int:
    """How many of those who were participants when the round opened, and have not left, must have responded: at
    least two, more than half, and the policy's share rounded up (section 7); never more than there are of them,
    for nobody is indispensable."""
    electorate = len(_electorate(state, round))
    share = -(-electorate * state.policy.quorum_percent // 100)
    return min(max(2, electorate // 2 + 1, share), electorate)


def quorum_met(state: Proposal, round: Round) -> bool:
    """Whether two voices, later arrivals' included, have themselves responded; and, where somebody is absent or
    the round is sealed, enough of its electorate."""
    responded = heard(state) & set(state.voices())
    if len(responded) < 2:
        return False
    if not round.sealed and not any(p.absent and not p.left for p in state.participants.values()):
        return True
    return len(responded & _electorate(state, round)) >= quorum_needed(state, round)


def _electorate(state: Proposal, round: Round) -> set[str]:
    return set(round.electorate) & set(state.voices())
