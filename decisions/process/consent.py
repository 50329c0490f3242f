"""The sentence on which everything stands."""

from __future__ import annotations

from .state import Answer, Outcome, Proposal, Response, Round


def outcome(answers: list[Response]) -> Outcome:
    """ANY PARAMOUNT OBJECTION SENDS THE PROPOSAL BACK; where there is none, it is adopted."""
    return Outcome.RETURNED if any(a.kind is Answer.OBJECTION for a in answers) else Outcome.ADOPTED


def answers(state: Proposal, round: Round) -> list[Response]:
    """Each person's last answer in this round, who has since left included, in the order of their ids."""
    return sorted((r for r in state.responses.values() if r.round == round.id), key=lambda r: r.by)
