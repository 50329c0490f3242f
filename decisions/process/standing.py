"""How one person stands to a proposal: the few facts on which it hangs what they may do now.

A value of its own, so that `may` can be remembered: in a circle of two hundred there are a dozen standings.
In a sealed open round nothing in it depends on what was said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from .rounds import heard
from .state import Phase, Proposal


class Standing(NamedTuple):
    """Everything that guards may ask about a person, apart from the content of a command."""

    phase: Phase
    author: bool
    facilitator: bool
    voice: bool
    heard: bool
    sealed: bool
    asked: int
    """Own unanswered questions in the open round."""
    questioned: bool
    """Anybody asked a question in the open round."""
    cleared: bool
    reacted: bool
    responded: bool
    objects: bool
    """An objection of their own stands."""
    restated: bool
    """… and the author has written what they heard."""
    objected: bool
    """Anybody's objection stands."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What everybody's standing has in common, gathered once for the whole circle."""

    state: Proposal
    heard: frozenset[str]
    asked: Counter[str]
    questioned: bool
    reacted: frozenset[str]
    responded: frozenset[str]
    objecting: frozenset[str]
    restated: frozenset[str]

    def standing(self, who: str) -> Standing:
        """The standing of one account; of somebody without a part in the proposal too."""
        state, current = self.state, self.state.round
        person = state.participants.get(who)
        return Standing(
            phase=state.phase,
            author=who == state.author,
            facilitator=who == state.facilitator,
            voice=person is not None and not person.left,
            heard=who in self.heard,
            sealed=current is not None and current.sealed,
            asked=self.asked[who],
            questioned=self.questioned,
            cleared=current is not None and who in current.cleared,
            reacted=who in self.reacted,
            responded=who in self.responded,
            objects=who in self.objecting,
            restated=who in self.restated,
            objected=bool(self.objecting),
        )


def moment(state: Proposal) -> Moment:
    """Gathers what the open round and the standing objections say of everybody."""
    here, standing = state.current, state.standing()
    return Moment(
        state,
        heard=frozenset(heard(state)),
        asked=Counter(q.by for q in state.open_questions()),
        questioned=here is not None and any(q.round == here for q in state.questions.values()),
        reacted=frozenset(r.by for r in state.reactions.values() if r.round == here),
        responded=frozenset(r.by for r in state.responses.values() if r.round == here),
        objecting=frozenset(o.by for o in standing),
        restated=frozenset(o.by for o in standing if o.restatement is not None),
    )
