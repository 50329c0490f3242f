"""Walks through every state that a circle can reach: breadth first, every command by everybody tried in each.

Two states are the same where nothing that may happen from now on differs between them (`shape`): ids, words,
times, what closed rounds held and objections that ended are left out; revisions after the first count as one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process import engine, hours
from decisions.process.engine import Refused, decide
from decisions.process.events import Event, PauseEnded
from decisions.process.standing import Moment, moment
from decisions.process.state import Answer, Policy, Proposal, Status
from decisions.process.table import TABLE

from .invariants import Step
from .room_sayings import ROOM, Clock, in_the_room, room_shape
from .story import CIRCLE, DAY, FAY, OBI, OPEN, PIA, START, draft

NOW = START + timedelta(hours=1)
TAKEN_BACK = frozenset({c.TakeBackClear, c.TakeBackReaction, c.TakeBackResponse, c.WithdrawObjection, c.MoveDue})
"""What begins a moment anew wherever it is done: where time passes it is tried, and leads nowhere."""
AWAY = frozenset({c.MarkAbsent, c.IAmAbsent, c.IAmHere, c.OfferAuthorship, c.AcceptAuthorship, c.LookAgain})
"""The commands of absence, authorship and the second look."""
Given = tuple[type[c.Command], dict[str, Any]]
Said = tuple[str, type[c.Command], dict[str, Any]]


@dataclass(frozen=True)
class Setup:
    """How large the circle is and how far the walk goes."""

    name: str
    policy: Policy = OPEN
    facilitator: str = FAY
    circle: tuple[str, ...] = CIRCLE
    people: tuple[str, ...] = CIRCLE
    """Everybody who tries everything."""
    leaving: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    questions: int = 1
    """Beyond so many unanswered questions of one's own nobody asks."""
    restating: bool = True
    concerns: bool = True
    revising: bool = True
    withdrawing: bool = True
    first: tuple[Said, ...] = ()
    """What has been said before the walk begins."""
    room: frozenset[type[c.Command]] = frozenset()
    """Which commands of the room and the chair are walked on from. The others are tried, and lead nowhere."""
    moving: tuple[str, ...] = CIRCLE
    """… and whose, where it is joining and leaving."""
    objecting: bool = True
    """Without, an objection is tried and leads nowhere."""
    away: frozenset[type[c.Command]] = frozenset()
    """Which commands of absence and authorship are walked on from, as with the room's."""
    time: bool = False
    """Whether the walk goes on from what time brings about; else only from the end of a time-out."""
    revisions: int = 1_000
    """Beyond so many it goes no further."""


@dataclass
class Walked:
    """What a walk has seen."""

    states: int = 0
    transitions: int = 0
    refused: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)


def opened(setup: Setup) -> tuple[Proposal, list[Event]]:
    """The first state of a walk."""
    state, events = decide(
        draft(),
        c.Open(
            by=PIA,
            at=START,
            seed="0/pia",
            number=1,
            facilitator=setup.facilitator,
            participants=setup.circle,
            policy=setup.policy,
        ),
    )
    for who, make, content in setup.first:
        state, more = decide(state, command(state, who, (make, content)))
        events += more
    return state, events


# ── which states are the same ────────────────────────────────────────────────────────────────────────────────


def shape(state: Proposal) -> Hashable:
    """All of a state on which anything hangs that may happen from now on."""
    round = state.round
    return (
        state.phase,
        state.revision > 1,
        tuple(sorted((p.id, p.left, p.absent) for p in state.participants.values())),
        (state.author, state.author_offered, _second_look(state)),
        round and (round.sealed, frozenset(round.electorate), frozenset(round.cleared.items())),
        _asked(state),
        frozenset((r.by, r.text) for r in state.reactions.values() if r.round == state.current),
        frozenset((r.by, r.kind, r.text) for r in state.responses.values() if r.round == state.current),
        frozenset(_unended(state)),
        (state.facilitator, state.chair_offered, room_shape(state)),
    )


def _second_look(state: Proposal) -> Hashable:
    """Who was absent at the adoption, and who of them has objected since."""
    missed = [r.absent for r in state.rounds.values() if r.revision == state.revision and r.absent]
    return tuple(missed[-1:]), frozenset(o.by for o in state.objections.values() if o.response is None)


def to_come(state: Proposal) -> Hashable:
    """How far away are the moments on which something hangs, and which have gone by."""
    assert state.clock is not None
    return frozenset((hour, max(when - state.clock, timedelta(0))) for hour, when in hours.hours(state))


def _asked(state: Proposal) -> Hashable:
    """How many unanswered questions each has, and who has an answered one; all of the open round."""
    here = [q for q in state.questions.values() if q.round == state.current]
    waiting = Counter(q.by for q in here if q.answer is None)
    return frozenset(waiting.items()), frozenset(q.by for q in here if q.answer is not None)


def _unended(state: Proposal) -> Iterator[Hashable]:
    for o in state.objections.values():
        if o.status is Status.STANDING:
            yield o.by, o.reason, o.restatement is not None, o.confirmed
        elif o.status is Status.ANSWERED:
            yield o.by


# ── what can be said ─────────────────────────────────────────────────────────────────────────────────────────


def sayings(setup: Setup, state: Proposal, who: str) -> Iterator[Given]:
    """Every command with every target and every kind of content, whoever gives it and whether it may be or not."""
    yield from _in_rounds(setup, state, who)
    yield from _answers(setup)
    yield from _on_objections(setup, state)
    yield c.AskForConsent, {}
    yield c.AskForConsent, {"sealed": True}
    yield c.AskForConsent, {"due_at": NOW + timedelta(hours=23)}
    yield from ((c.Revise, given) for given in _revisions(setup, state))
    yield c.MoveDue, {"due_at": max(NOW, state.clock or NOW) + 9 * DAY}
    yield c.MoveDue, {"due_at": NOW}
    if setup.withdrawing:
        yield c.Withdraw, {}
    yield from _away(setup, state, who)
    yield from in_the_room(state, setup.people, (*setup.circle, *setup.joining, OBI))
    if who in setup.leaving:
        yield c.LeaveCircle, {}
    if who in (*setup.leaving, *setup.joining):
        yield c.JoinCircle, {}


def _away(setup: Setup, state: Proposal, who: str) -> Iterator[Given]:
    everybody = list(dict.fromkeys((*setup.circle, *setup.joining)))
    if not setup.time and not setup.leaving:  # nobody is away for long enough: one of each kind is enough
        everybody = everybody[:1]
    yield from ((c.MarkAbsent, {"participant": other}) for other in everybody if other != who)
    yield from ((make, {}) for make in (c.IAmAbsent, c.IAmHere, c.AcceptAuthorship))
    yield from ((c.OfferAuthorship, {"to": other}) for other in everybody)
    yield c.LookAgain, {"text": "harm"}
    yield c.LookAgain, {"text": " "}


def _in_rounds(setup: Setup, state: Proposal, who: str) -> Iterator[Given]:
    if len(state.open_questions(who)) < setup.questions:
        yield c.AskQuestion, {"text": "?"}
    for question in _some(state.questions, lambda q: (q.round == state.current, q.by, q.answer is None)):
        yield c.TakeBackQuestion, {"question": question}
        yield c.AnswerQuestion, {"question": question, "text": "."}
    yield c.Clear, {}
    yield c.Clear, {"nothing_to_add": True}
    yield c.TakeBackClear, {}
    yield c.React, {"text": "I like it"}
    yield c.Pass, {}
    yield c.TakeBackReaction, {}
    yield c.TakeBackResponse, {}
    yield c.ReturnNow, {}


def _answers(setup: Setup) -> Iterator[Given]:
    yield c.Respond, {"kind": Answer.CONSENT}
    yield c.Respond, {"kind": Answer.OBJECTION, "text": "harm"}
    yield c.Respond, {"kind": Answer.OBJECTION, "text": " "}
    if setup.concerns:
        yield c.Respond, {"kind": Answer.CONCERN, "text": "a worry"}
        yield c.Respond, {"kind": Answer.CONCERN}


def _on_objections(setup: Setup, state: Proposal) -> Iterator[Given]:
    for objection in _some(state.objections, lambda o: (o.by, o.status)):
        yield c.WithdrawObjection, {"objection": objection}
        if setup.restating:
            yield c.Restate, {"objection": objection, "text": "I heard"}
            yield c.Confirm, {"objection": objection}
            yield c.Confirm, {"objection": objection, "heard": False, "text": "not quite"}


def _revisions(setup: Setup, state: Proposal) -> Iterator[dict[str, Any]]:
    yield {"body": ""}
    if setup.revising:
        yield {"body": "next"}
        yield {"body": "next", "answers": {o.id: "changed" for o in state.standing()}}
        yield {"body": "next", "answers": {o.id: " " for o in state.standing()}}


def _some(items: Any, kind: Callable[[Any], Hashable]) -> list[str]:
    """One id of each kind: whatever is alike is treated alike."""
    return list({kind(item): id for id, item in items.items()}.values())


def command(state: Proposal, who: str, given: Given, **more: Any) -> c.Command:
    make, content = given
    return make(by=who, at=max(NOW, state.clock or NOW), seed=f"{state.seq}/{who}", **content, **more)


# ── walking ──────────────────────────────────────────────────────────────────────────────────────────────────

Look = Callable[["Place"], None]


@dataclass(frozen=True, slots=True)
class Place:
    """One state with everything that was tried in it."""

    setup: Setup
    state: Proposal
    journal: tuple[Event, ...]
    steps: list[tuple[Given, Step]]
    refusals: list[tuple[c.Command, str]]
    by_the_clock: list[Step] = field(default_factory=list)

    def all_steps(self) -> Iterator[Step]:
        """What people did, and what the clock."""
        yield from (step for _, step in self.steps)
        yield from self.by_the_clock


def walk(setup: Setup, look: Look) -> Walked:
    """Goes everywhere, and has every place looked at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "moment", remembered(moment))
        return _walk(setup, look)


def remembered(gather: Callable[[Proposal], Moment]) -> Callable[[Proposal], Moment]:
    """A hundred commands are tried in the same state: what it says of everybody, and of each, is gathered once."""
    last: list[Remembered] = []

    def again(state: Proposal) -> Moment:
        if not last or last[0].state is not state:
            last[:] = [Remembered(gather(state))]
        return last[0]  # type: ignore[return-value]

    return again


class Remembered:
    """A moment that is asked for somebody's standing again and again."""

    def __init__(self, now: Moment) -> None:
        self.state = now.state
        self.standing = lru_cache(now.standing)


def _walk(setup: Setup, look: Look) -> Walked:
    first, events = opened(setup)
    same = timed_shape if setup.time else shape
    queue, known, seen = deque([(first, tuple(events))]), {same(first)}, Walked()
    while queue:
        state, journal = queue.popleft()
        place = tried(setup, state, journal)
        look(place)
        _count(seen, place)
        for step in place.all_steps():
            if goes_on(setup, step) and (form := same(step.after)) not in known:
                known.add(form)
                queue.append((step.after, journal + step.events))
    return seen


def tried(setup: Setup, state: Proposal, journal: tuple[Event, ...]) -> Place:
    place = Place(setup, state, journal, [], [])
    for who in dict.fromkeys((*setup.people, *setup.joining)):
        for given in worth_trying(state, sayings(setup, state, who)):
            asked = command(state, who, given)
            try:
                after, made = decide(state, asked)
            except Refused as no:
                place.refusals.append((asked, no.refusal.code))
            else:
                place.steps.append((given, Step(state, asked, tuple(made), after)))
    if (ends := engine.wakes_at(state)) is not None:
        after, made = engine.tick(state, ends, f"{state.seq}/clock")
        place.by_the_clock.append(Step(state, Clock(by="", at=ends, seed=""), tuple(made), after))
    return place


def goes_on(setup: Setup, step: Step) -> bool:
    """Whether the walk goes on from where this step led."""
    made = type(step.command)
    if setup.time and made in TAKEN_BACK:
        return False
    if step.after.revision > setup.revisions or (made in AWAY and made not in setup.away):
        return False
    if isinstance(step.command, Clock) and not setup.time:
        return any(isinstance(event, PauseEnded) for event in step.events)
    if isinstance(step.command, c.Respond) and step.command.kind is Answer.OBJECTION:
        return setup.objecting
    if made in (c.Join, c.Leave) and step.command.by not in setup.moving:
        return False
    return made not in ROOM or made in setup.room


def timed_shape(state: Proposal) -> Hashable:
    return shape(state), to_come(state)


def worth_trying(state: Proposal, given: Iterable[Given]) -> Iterator[Given]:
    """A command that belongs to other phases is refused whatever it says: once is enough."""
    tried_once: set[type[c.Command]] = set()
    for make, content in given:
        if state.phase in TABLE[make].where or make not in tried_once:
            tried_once.add(make)
            yield make, content


def _count(seen: Walked, place: Place) -> None:
    seen.states += 1
    seen.transitions += len(place.steps) + len(place.by_the_clock)
    seen.refused += len(place.refusals)
    seen.codes.update(code for _, code in place.refusals)
    seen.entries.update(event.name for step in place.all_steps() for event in step.events)


def meeting(*people: str, by: str = FAY) -> tuple[Said, ...]:
    """A room is open, and these have joined it in this order."""
    return (by, c.OpenRoom, {}), *((who, c.Join, {}) for who in people)
