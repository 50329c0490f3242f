"""What the played members do, and when: from the state of the decision alone, so that it goes on after any restart.

Ana asks, Ben has a concern, Cleo objects until she has been heard and answered. No database, no clock.
What they say is said in the language of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_noop

from decisions.process import commands as c
from decisions.process.rounds import heard
from decisions.process.state import Answer, Phase, Proposal

TEAM = gettext_noop("The shared room")
AIM = gettext_noop("One room for all of us, in which everybody can work, rest and talk.")
VISITOR = gettext_noop("Guest")
NAMES = {
    "ana": gettext_noop("Ana (played)"),
    "ben": gettext_noop("Ben (played)"),
    "cleo": gettext_noop("Cleo (played)"),
}
"""Part → name; the first one facilitates."""

QUESTION = gettext_noop("What counts as quiet: no calls at all, or no loud ones?")
REACTIONS = {
    "ana": gettext_noop("I like it. I write best around noon."),
    "ben": gettext_noop("Good for me, though I will have to plan my calls."),
    "cleo": gettext_noop("Something in me tightens. Noon is when I telephone."),
}
CONCERN = gettext_noop("Visitors will not know about it. A sign on the door would help.")
OBJECTION = gettext_noop(
    "I call my mother at 12. It is the only time at which she can speak, and there is no other room here."
)
SUGGESTION = gettext_noop("Begin an hour later, at 13.")

Cast = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One played step: who takes it, and the command with what it says."""

    who: str
    command: type[c.Command]
    content: Mapping[str, Any] = field(default_factory=dict)


def next_act(state: Proposal, cast: Cast) -> Act | None:
    """What one of the played members does next; None while it is the visitor's move."""
    play = PLAY.get(state.phase)
    return next(play(state, cast), None) if play else None


def _clarifying(state: Proposal, cast: Cast) -> Iterator[Act]:
    again = state.revision > 1
    if not again and not any(question.by == cast["ana"] for question in state.questions.values()):
        yield Act("ana", c.AskQuestion, {"text": gettext(QUESTION)})
    for who in _unheard(state, cast):
        if not state.open_questions(cast[who]):
            yield Act(who, c.Clear, {"nothing_to_add": again})


def _reaction(state: Proposal, cast: Cast) -> Iterator[Act]:
    for who in _unheard(state, cast):
        yield Act(who, c.React, {"text": gettext(REACTIONS[who])})


def _consent(state: Proposal, cast: Cast) -> Iterator[Act]:
    first = not any(objection.by == cast["cleo"] for objection in state.objections.values())
    answers: Mapping[str, Mapping[str, Any]] = {
        "ana": {"kind": Answer.CONSENT},
        "ben": {"kind": Answer.CONCERN, "text": gettext(CONCERN)} if first else {"kind": Answer.CONSENT},
        "cleo": (
            {"kind": Answer.OBJECTION, "text": gettext(OBJECTION), "suggestion": gettext(SUGGESTION)}
            if first
            else {"kind": Answer.CONSENT}
        ),
    }
    for who in _unheard(state, cast):
        yield Act(who, c.Respond, answers[who])


def _revising(state: Proposal, cast: Cast) -> Iterator[Act]:
    for who, account in cast.items():
        for objection in state.standing(account):
            if objection.restatement is not None and objection.confirmed is None:
                yield Act(who, c.Confirm, {"objection": objection.id, "heard": True})


def _unheard(state: Proposal, cast: Cast) -> Iterator[str]:
    already = heard(state)
    return (who for who, account in cast.items() if account not in already)


PLAY: Mapping[Phase, Callable[[Proposal, Cast], Iterator[Act]]] = {
    Phase.CLARIFYING: _clarifying,
    Phase.REACTION: _reaction,
    Phase.CONSENT: _consent,
    Phase.REVISING: _revising,
}
