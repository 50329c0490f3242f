"""The circle of the tests, and a story that gives one command after another and checks every invariant at each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process.engine import Refused, decide, may, replay, tick
from decisions.process.events import Event
from decisions.process.refusals import Refusal
from decisions.process.room import speaker
from decisions.process.standing import moment
from decisions.process.state import (
    Answer,
    Objection,
    Phase,
    Policy,
    Proposal,
    Question,
    Revision,
    Room,
    Sealing,
)

from .invariants import Step, assert_every_invariant
from .pictures import whoever_hears_the_difference_sees_what_is_painted_from_nothing
from .turns import assert_turns

FAY, PIA, MAX = "fay", "pia", "max"
"""Fay facilitates, Pia proposes, Max is a member."""
NIA, OBI, EVE = "nia", "obi", "eve"
"""Nia joins later; Obi observes; Eve is outside, which to the process is the same as observing."""
CIRCLE = (FAY, PIA, MAX)
PEOPLE = (*CIRCLE, OBI)

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Policy(sealed=Sealing.NEVER)
SEALED = Policy(sealed=Sealing.ALWAYS)

ANSWERS: tuple[dict[str, Any], ...] = (
    {"kind": Answer.CONSENT},
    {"kind": Answer.CONCERN, "text": "a worry"},
    {"kind": Answer.OBJECTION, "text": "harm", "suggestion": "half of it"},
)
"""One of each kind."""


def draft(author: str = PIA) -> Proposal:
    """A proposal that only its author has seen."""
    text = Revision(1, "A quiet morning", "We are torn", "No meetings before noon.", None, "", author, START)
    return Proposal(id="proposal", team="team", author=author, revisions={1: text})


class Story:
    """One history of one proposal, a minute between commands."""

    def __init__(
        self,
        *,
        policy: Policy = OPEN,
        facilitator: str = FAY,
        circle: tuple[str, ...] = CIRCLE,
        author: str = PIA,
    ) -> None:
        self.start = self.state = draft(author)
        self.journal: list[Event] = []
        self.now = START
        self.author = author
        self.says(c.Open, author, number=1, facilitator=facilitator, participants=circle, policy=policy)

    # ── giving commands ────────────────────────────────────────────────────────────────────────────────────

    def says(self, command: type[c.Command], by: str, **content: Any) -> list[Event]:
        """The command is accepted, no invariant is broken, and the journal still leads to the state."""
        given = self._command(command, by, **content)
        before = self.state
        self.state, events = decide(before, given)
        self.journal += events
        step = Step(before, given, tuple(events), self.state)
        assert_every_invariant(step)
        assert_turns(step)
        whoever_hears_the_difference_sees_what_is_painted_from_nothing(step)
        assert replay(self.start, self.journal) == self.state
        return events

    def refuses(self, code: str, command: type[c.Command], by: str, **content: Any) -> Refusal:
        """The command is refused by this rule."""
        given = self._command(command, by, **content)
        with pytest.raises(Refused) as no:
            decide(self.state, given)
        assert no.value.refusal.code == code
        assert no.value.refusal.words
        return no.value.refusal

    def _command(self, command: type[c.Command], by: str, **content: Any) -> c.Command:
        self.now += timedelta(minutes=1)
        return command(by=by, at=content.pop("at", self.now), seed=f"{len(self.journal)}/{by}", **content)

    def passes(self, minutes: float) -> list[Event]:
        """Time goes by, and the clock does what it has to do."""
        self.now += timedelta(minutes=minutes)
        self.state, events = tick(self.state, self.now, f"{len(self.journal)}/clock")
        self.journal += events
        assert replay(self.start, self.journal) == self.state
        return events

    # ── meeting ────────────────────────────────────────────────────────────────────────────────────────────

    def meets(self, *people: str) -> Story:
        """The facilitator opens a room, and these people join it in this order."""
        assert self.state.facilitator is not None
        self.says(c.OpenRoom, self.state.facilitator)
        for who in people:
            self.says(c.Join, who)
        return self

    @property
    def room(self) -> Room:
        assert self.state.room is not None
        return self.state.room

    @property
    def speaker(self) -> str | None:
        return speaker(self.state)

    def next(self) -> list[Event]:
        """The facilitator goes on to the next round."""
        assert self.state.facilitator is not None
        return self.says(c.Next, self.state.facilitator)

    def in_turn(self, command: type[c.Command], **content: Any) -> list[str]:
        """Everybody present and awaited says this on their turn; who, in that order."""
        spoke: list[str] = []
        while (who := self.speaker) is not None:
            self.says(command, who, **content)
            spoke.append(who)
        return spoke

    # ── going on ───────────────────────────────────────────────────────────────────────────────────────────

    def voices(self) -> list[str]:
        return sorted(self.state.voices())

    def all_clear(self) -> Story:
        """Everybody but the author says clear."""
        for who in self.voices():
            if who != self.author:
                self.says(c.Clear, who)
        return self

    def all_pass(self) -> Story:
        """Everybody passes in the reaction round."""
        for who in self.voices():
            self.says(c.Pass, who)
        return self

    def to_reaction(self) -> Story:
        return self.all_clear()

    def to_tuning(self) -> Story:
        return self.all_clear().all_pass()

    def to_consent(self, *, sealed: bool = False) -> Story:
        self.to_tuning().says(c.AskForConsent, self.author, sealed=sealed)
        return self

    def consents(self, *people: str) -> list[Event]:
        """These people consent; the entries of the last of them."""
        events: list[Event] = []
        for who in people:
            events = self.says(c.Respond, who, kind=Answer.CONSENT)
        return events

    def objects(self, who: str, reason: str = "It harms us", suggestion: str | None = None) -> Objection:
        """An objection that the others can see; itself."""
        self.says(c.Respond, who, kind=Answer.OBJECTION, text=reason, suggestion=suggestion)
        return self.objection(who)

    def objects_sealed(self, who: str, *, kind: Answer = Answer.OBJECTION, text: str = "It harms us") -> None:
        """An answer that the others cannot see."""
        self.says(c.Respond, who, kind=kind, text=text)

    def to_revising(self, *objectors: str) -> Story:
        """These people object, the others consent."""
        self.to_consent()
        for who in objectors:
            self.says(c.Respond, who, kind=Answer.OBJECTION, text=f"{who} sees harm")
        self.consents(*(who for who in self.voices() if who not in objectors))
        return self

    def revises(self, **content: Any) -> list[Event]:
        """The author answers everything that stands, in a new revision."""
        answers = {o.id: "I changed it." for o in self.state.standing()}
        return self.says(c.Revise, self.author, **{"body": "Better.", "answers": answers, **content})

    def asks(self, who: str, text: str = "Until when?") -> Question:
        """A question; itself."""
        self.says(c.AskQuestion, who, text=text)
        return list(self.state.questions.values())[-1]

    # ── looking ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def phase(self) -> Phase:
        return self.state.phase

    def may(self, who: str) -> tuple[str, ...]:
        return may(moment(self.state).standing(who))

    def objection(self, who: str) -> Objection:
        """The latest objection of this person."""
        return [o for o in self.state.objections.values() if o.by == who][-1]

    def here(self) -> str:
        """The id of the open round."""
        assert self.state.current is not None
        return self.state.current


def told(events: list[Event]) -> list[str]:
    """The names of entries, in order."""
    return [event.name for event in events]
