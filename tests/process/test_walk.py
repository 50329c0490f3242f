"""Every state that three voices can reach, with every command by everybody tried in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import combinations
from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process.engine import decide, may, refusal, replay, tick
from decisions.process.events import EVENTS, Adopted, Event, Returned
from decisions.process.page import DOES
from decisions.process.standing import moment
from decisions.process.state import Answer, Phase, Proposal
from decisions.process.table import TABLE

from .counting import voices
from .invariants import Step, assert_every_invariant
from .meetings import IN_A_ROOM
from .pictures import whoever_hears_the_difference_sees_what_is_painted_from_nothing
from .places import AT_EVERY_PLACE
from .story import EVE, FAY, MAX, NIA, OBI, PIA, SEALED, draft
from .turns import assert_turns
from .walk import AWAY, NOW, Given, Place, Setup, Walked, command, opened, shape, walk

ENDED = (Phase.ADOPTED, Phase.WITHDRAWN)

SHORT: dict[str, Any] = {"restating": False, "concerns": False, "revising": False}
"""Without what hangs on nothing that such a walk is about."""

SETUPS = (
    Setup("three voices"),
    Setup("three voices, always sealed", policy=SEALED, restating=False),
    Setup("somebody from outside tries", people=(FAY, PIA, MAX, EVE), **SHORT),
    Setup("an observer facilitates", facilitator=OBI, people=(FAY, PIA, MAX, OBI), **SHORT),
    Setup("five questions each", questions=6, **SHORT),
    Setup("a member leaves and returns", leaving=(MAX,), restating=False, concerns=False),
    Setup("everybody may leave", leaving=(FAY, PIA, MAX), questions=0, **SHORT),
    Setup("two voices, one leaves and a newcomer joins", circle=(FAY, PIA), leaving=(FAY,), joining=(NIA,), **SHORT),
)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: setup.name)
def test_no_state_breaks_a_rule(setup: Setup) -> None:
    seen = walk(setup, everything_holds)
    print(f"{setup.name}: {seen.states} states, {seen.transitions} transitions, {seen.refused} refusals")
    assert_walked_far(seen)


def everything_holds(place: Place) -> None:
    for step in place.all_steps():
        assert_every_invariant(step)
        assert_turns(step)
        whoever_hears_the_difference_sees_what_is_painted_from_nothing(step)
    for given, step in place.steps:
        the_same_again_makes_no_entry(given, step)
    for holds in AT_EVERY_PLACE:
        holds(place)
    only_for_this_moment(place)
    whoever_may_can_and_whoever_may_not_cannot(place)
    the_circle_stands_as_each_of_it_does(place)
    the_end_is_the_end(place)
    the_whole_journal_leads_here(place)
    if not place.setup.time:  # where time passes, test_walk_absence looks for itself
        two_voices_can_end_it(place)


def the_same_again_makes_no_entry(given: Given, step: Step) -> None:
    """Section 4. The same again is accepted and makes no entry; in a sealed round it makes one like any other."""
    after, asked = step.after, command(step.after, step.command.by, given)
    if isinstance(asked, c.AskQuestion) or after.phase is not step.before.phase or refusal(after, asked):
        return
    _, events = decide(after, asked)
    sealed = after.round is not None and after.round.sealed and isinstance(asked, c.Respond)
    assert [e.name for e in events] == (["responded"] if sealed else [])


MOMENTS: set[Hashable] = set()
"""For which commands, where, it is known that they count for their own moment alone."""


def only_for_this_moment(place: Place) -> None:
    """Section 8. A command made for another round or revision is refused, and nothing of it is kept."""
    state = place.state
    here = state.current or str(state.revision)
    for given, step in place.steps:
        who = step.command.by
        case = (given[0], who, state.phase, len(state.rounds) > 1, state.revision > 1, place.setup.name)
        if case in MOMENTS:
            continue
        MOMENTS.add(case)
        assert refusal(state, command(state, who, given, on=here)) is None
        for elsewhere, code in _elsewhere(state):
            no = refusal(state, command(state, who, given, on=elsewhere))
            assert no is not None
            assert no.code == code, elsewhere


def _elsewhere(state: Proposal) -> Iterator[tuple[str, str]]:
    closed = [id for id, round in state.rounds.items() if round.closed_at]
    yield (closed or ["another round"])[-1], "round_closed"
    yield str(state.revision + 1), "revision_replaced"
    yield str(state.revision - 1), "revision_replaced"
    if state.current:
        yield str(state.revision), "round_closed"


def whoever_may_can_and_whoever_may_not_cannot(place: Place) -> None:
    """`may` and `decide` agree: what is offered can be given with some content, what is not offered is refused."""
    everybody = {command.by for command, _ in place.refusals}
    standings = moment(place.state)
    for who in everybody:
        offered = set(may(standings.standing(who)))
        can = {TABLE[type(s.command)].name for _, s in place.steps if s.command.by == who}
        can -= {rule.name for rule in TABLE.values() if not rule.offered}
        assert can <= offered, f"{who} can {can - offered} without being offered it"
        left_out = {"open-screen", *(["ask"] if place.setup.questions < 5 else [])}
        left_out |= set() if place.setup.restating else {"restate", "confirm"}
        left_out |= set() if place.setup.revising else {"revise"}
        left_out |= set() if place.setup.withdrawing else {"withdraw"}
        assert offered - can <= left_out, f"{who} is offered {offered - can} and cannot"


def the_circle_stands_as_each_of_it_does(place: Place) -> None:
    """Those who are said to stand alike do: worked out for a whole circle or one by one, a standing is the same."""
    now = moment(place.state)
    circle = place.state.participants
    assert now.standings(circle) == {who: now.standing(who) for who in circle}


def the_end_is_the_end(place: Place) -> None:
    """Section 3. Nothing can be done to what is adopted or withdrawn."""
    if place.state.phase in ENDED:
        assert all(given[0] is c.LookAgain for given, _ in place.steps)


def the_whole_journal_leads_here(place: Place) -> None:
    """10. Replaying the journal from the draft gives exactly the state; and what was done from here changed nothing."""
    assert replay(draft(), place.journal) == place.state
    assert place.state.seq == len(place.journal)


# ── 15 ───────────────────────────────────────────────────────────────────────────────────────────────────────


def two_voices_can_end_it(place: Place) -> None:
    """15. From every state that has not ended, whoever else is gone, two acting voices can bring a consent round to
    its end. (One of them the author, as long as authorship cannot be handed over.)"""
    if place.state.phase in ENDED:
        return
    for pair in combinations(sorted(voices(place.state)), 2):
        if PIA in pair:
            ends(place.state, pair)


END: set[Hashable] = set()
"""Where two are known to come to an end: shapes of states, with who acts."""


def ends(state: Proposal, pair: tuple[str, ...]) -> None:
    """The others leave, and the two go on until a consent round has ended, or they are where they would."""
    way: list[Hashable] = []
    leave: list[c.Command] = [command(state, who, (c.LeaveCircle, {})) for who in voices(state) - set(pair)]
    while (here := (shape(state), pair)) not in END:
        assert here not in way, f"{pair} bring no consent round to its end from {state.phase}"
        way.append(here)
        state, events = _time_passes(state) or decide(state, leave.pop() if leave else next(willing(state, pair)))
        if _ended(events):
            break
    END.update(way)


def _time_passes(state: Proposal) -> tuple[Proposal, list[Event]] | None:
    """A time-out ends by itself."""
    ends = state.room.paused_until if state.room else None
    return tick(state, ends, f"{state.seq}/clock") if ends else None


def _ended(events: list[Event]) -> bool:
    return any(isinstance(event, Adopted | Returned) for event in events)


def willing(state: Proposal, pair: tuple[str, ...]) -> Iterator[c.Command]:
    """What the next of two people would say who want to go on."""
    for who in pair:
        for given in _next(state, who):
            asked = command(state, who, given)
            if refusal(state, asked) is None:
                yield asked


def _next(state: Proposal, who: str) -> Iterator[Given]:
    yield c.Leave, {}
    yield from ((c.TakeBackQuestion, {"question": q.id}) for q in state.open_questions(who))
    if state.round and who not in state.round.cleared:
        yield c.Clear, {}
    if state.reacted(who) is None:
        yield c.Pass, {}
    yield c.AskForConsent, {}
    if state.said(who) is None:
        yield c.Respond, {"kind": Answer.CONSENT}
    if state.phase is Phase.REVISING:
        yield c.Revise, {"body": "next", "answers": {o.id: "changed" for o in state.standing()}}


# ── was it a walk at all ─────────────────────────────────────────────────────────────────────────────────────


def assert_walked_far(seen: Walked) -> None:
    assert seen.states > 100
    assert {"adopted", "returned", "withdrawn", "round_closed"} <= set(seen.entries)


def test_walks_bring_about_every_event_but_the_opening() -> None:
    two = Setup("two who may leave", circle=(PIA, MAX), people=(PIA, MAX), leaving=(MAX,))
    three = Setup("three", **SHORT)
    entries = {name for setup in (two, three, IN_A_ROOM) for name in walk(setup, lambda _place: None).entries}
    # Of links to a screen test_screens tells, of absence test_walk_absence, of accounts test_absence.
    away = {event.name for command in AWAY for event in DOES[command][1]}
    accounts = {"participant_suspended", "participant_restored"}
    assert set(EVENTS) - entries - away == {"opened", "screen_opened", "screen_closed", *accounts}


def test_states_that_differ_in_what_may_happen_differ_in_shape() -> None:
    state, _ = opened(SETUPS[0])
    asked, _ = decide(state, c.AskQuestion(by=FAY, at=NOW, seed="1", text="?"))
    cleared, _ = decide(state, c.Clear(by=FAY, at=NOW, seed="1"))
    other, _ = decide(state, c.AskQuestion(by=FAY, at=NOW, seed="2", text="What?"))
    assert len({shape(state), shape(asked), shape(cleared)}) == 3
    assert shape(asked) == shape(other)
