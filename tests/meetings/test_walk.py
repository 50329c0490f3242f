"""Through every state that a meeting of three can reach: whoever is present gets the turn, nobody is taken for agreed,
phases change as the table says, and two who stay can always bring it to its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from meetings.process import commands as c
from meetings.process.engine import Refused, decide, may, replay
from meetings.process.events import Event
from meetings.process.state import Meeting, Phase, changes_asked, moment, speaker
from meetings.process.table import LEADS_TO, TABLE
from tests.meetings.plans import CHAIRS, FIRST, PEOPLE, SECOND, START, planned

VOICES = ("fay", "pia", "max")
EVERYBODY = frozenset(PEOPLE)
MOST_VERSIONS = 2
NEED_SOMEBODY = ("facilitator", "chair", "lead-out")
"""Offered to who has the right; whether there is somebody to point at is seen on the page."""
NAMES = {rule.name: command for command, rule in TABLE.items()}


def alphabet(state: Meeting) -> Iterator[c.Command]:
    """What everybody could think of here; what needs the chair is tried by the chair and by one other."""
    at = START + timedelta(hours=1)
    for who in PEOPLE:
        for plain in (c.Join, c.Leave, c.Speak, c.Later, c.Agree):
            yield plain(by=who, at=at)
        yield c.AskChange(by=who, at=at, text="Less.")
        for item in state.agenda:
            yield c.Begin(by=who, at=at, item=item.id, seq=3, chair=CHAIRS[item.proposal])
    yield c.TakeChair(by="pia", at=at, gone=frozenset({"fay"}))
    for who in {state.facilitator, "max"}:
        yield from _of_the_chair(state, who)


def _of_the_chair(state: Meeting, who: str) -> Iterator[c.Command]:
    at = START + timedelta(hours=1)
    for plain in (c.Open, c.CallOff, c.Next, c.End):
        yield plain(by=who, at=at)
    for item in state.agenda:
        yield c.PutOff(by=who, at=at, item=item.id)
    yield c.EndItem(by=who, at=at, seq=5)
    yield c.HandOver(by=who, at=at, to="fay")
    for other in VOICES:
        yield c.GiveTurn(by=who, at=at, to=other)
        yield c.LeadOut(by=who, at=at, participant=other, gone=EVERYBODY)
    if state.version < MOST_VERSIONS:
        yield c.Reconsider(by=who, at=at)
        yield c.Change(by=who, at=at, agenda=tuple(reversed(state.agenda)))


def key(state: Meeting) -> Hashable:
    """Without what makes states differ that behave the same."""
    items = tuple((item.id, item.stage) for item in state.agenda)
    answers = tuple(sorted(state.answers.items(), key=repr))
    return (state.phase, state.facilitator, state.version, items, state.order, state.heard, answers)


def steps(state: Meeting) -> Iterator[tuple[c.Command, Meeting, list[Event]]]:
    for command in alphabet(state):
        try:
            after, events = decide(state, command)
        except Refused:
            continue
        yield command, after, events


@lru_cache(maxsize=1)
def walked() -> dict[Hashable, Meeting]:
    start = planned(FIRST, SECOND)
    seen, ahead = {key(start): start}, deque([start])
    while ahead:
        state = ahead.popleft()
        for command, after, events in steps(state):
            check_step(state, command, after, events)
            if key(after) not in seen:
                seen[key(after)] = after
                ahead.append(after)
    return seen


def check_step(before: Meeting, command: c.Command, after: Meeting, events: list[Event]) -> None:
    assert replay(before, events) == after
    assert after.seq == before.seq + len(events)
    phase = before.phase
    for event in events:
        phase = LEADS_TO[phase].get(event.name, phase)
    assert after.phase is phase, command
    spoken = after.heard - before.heard
    assert spoken <= {command.by}, "nobody speaks for another"
    assert not spoken or speaker(before) == command.by
    for who in VOICES:
        if after.answers.get(who, "") is None and before.answers.get(who, "") is not None:
            assert command.by == who, "nobody agrees for another"
    if before.phase is Phase.AGENDA and after.phase is Phase.ITEMS:
        settled = {**before.answers, **({command.by: None} if isinstance(command, c.Agree) else {})}
        assert all(settled.get(who, "") is None for who in after.order)
        assert not changes_asked(replace(before, answers=settled))


def can_end(state: Meeting) -> bool:
    """Whether whoever facilitates now can bring it to its end, by what `may` offers alone."""
    ahead, seen = deque([state]), {key(state)}
    while ahead:
        here = ahead.popleft()
        if here.phase in (Phase.ENDED, Phase.CALLED_OFF):
            return True
        chair = here.facilitator
        for name in ("call-off", "end", "end-item"):
            if name in may(here, chair, CHAIRS):
                more = {"seq": 9} if name == "end-item" else {}
                after, _ = decide(here, NAMES[name](by=chair, at=START, on=moment(here), **more))
                if key(after) not in seen:
                    seen.add(key(after))
                    ahead.append(after)
    return False


def test_in_every_state_that_a_meeting_of_three_can_reach_the_rules_hold() -> None:
    states = walked()
    assert len(states) > 1_000
    assert {state.phase for state in states.values()} == set(Phase)
    for state in states.values():
        offered = {who: may(state, who, CHAIRS) for who in PEOPLE}
        assert [who for who in PEOPLE if "speak" in offered[who]] == ([speaker(state)] if speaker(state) else [])
        assert offered["obi"] == [] or state.facilitator == "obi"
        assert can_end(state)


def test_what_may_names_is_what_would_be_accepted() -> None:
    contents: dict[str, Callable[[Meeting], list[dict[str, object]]]] = {
        "turn": lambda s: [{"to": who} for who in VOICES],
        "facilitator": lambda s: [{"to": who} for who in VOICES],
        "lead-out": lambda s: [{"participant": who, "gone": EVERYBODY} for who in VOICES],
        "chair": lambda s: [{"gone": EVERYBODY}],
        "ask-change": lambda s: [{"text": "Less."}],
        "begin": lambda s: [{"item": i.id, "seq": 1, "chair": CHAIRS[i.proposal]} for i in s.agenda],
        "put-off": lambda s: [{"item": i.id} for i in s.agenda],
        "end-item": lambda s: [{"seq": 1}],
    }
    for state in list(walked().values())[::5]:
        for who in PEOPLE:
            offered = may(state, who, CHAIRS)
            for name, command in NAMES.items():
                if not TABLE[command].offered:
                    continue
                tries = contents[name](state) if name in contents else [{}]
                accepted = any(_accepted(state, command, who, more) for more in tries)
                assert (name in offered) >= accepted, (name, who, state)
                if name not in NEED_SOMEBODY:
                    assert (name in offered) == accepted, (name, who, state)


def _accepted(state: Meeting, command: type[c.Command], who: str, more: dict[str, object]) -> bool:
    try:
        decide(state, command(by=who, at=START, **more))  # type: ignore[arg-type]
    except Refused:
        return False
    return True
