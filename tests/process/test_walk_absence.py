"""Every state that three voices can reach when they come and go and time passes, each rule of section 9 in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations

import pytest

from decisions.process import commands as c
from decisions.process.engine import decide, evolve, refusal, tick, wakes_at
from decisions.process.events import Adopted, Event, MarkedAbsent, Returned
from decisions.process.hours import asked
from decisions.process.page import DOES
from decisions.process.state import Answer, Phase, Policy, Proposal, Sealing

from .counting import heard, voices
from .story import FAY, MAX, PIA, draft
from .test_page import BY_THEMSELVES
from .test_walk import everything_holds
from .walk import AWAY, Given, Place, Said, Setup, command, timed_shape, walk

DAY = timedelta(days=1)
SHORT = Policy(sealed=Sealing.NEVER, due_days=1, objector_grace_days=3, second_look_days=1)
SEALED = Policy(sealed=Sealing.ALWAYS, due_days=1, objector_grace_days=3, second_look_days=1)
HANDING = frozenset({c.OfferAuthorship, c.AcceptAuthorship})
NARROW = partial(Setup, questions=0, restating=False, concerns=False, withdrawing=False, time=True, revisions=1)
CLEARED: tuple[Said, ...] = ((FAY, c.Clear, {}), (MAX, c.Clear, {}))
TUNING: tuple[Said, ...] = (*CLEARED, (FAY, c.Pass, {}), (PIA, c.Pass, {}), (MAX, c.Pass, {}))
CONSENT: tuple[Said, ...] = (*TUNING, (PIA, c.AskForConsent, {}))
SETUPS = (
    NARROW("from reaction", policy=SHORT, away=frozenset({c.MarkAbsent}), first=CLEARED),
    NARROW("consent", policy=SHORT, away=frozenset({c.MarkAbsent, c.IAmAbsent}), first=CONSENT),
    NARROW("second look", policy=SHORT, away=frozenset({c.IAmAbsent, c.LookAgain}), first=CONSENT, objecting=False),
    NARROW("taking over", policy=SHORT, away=HANDING, first=(*TUNING, (PIA, c.IAmAbsent, {})), objecting=False),
    NARROW("sealed", policy=SEALED, away=frozenset({c.MarkAbsent}), first=CONSENT),
)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: setup.name)
def test_no_state_with_somebody_away_breaks_a_rule(setup: Setup) -> None:
    seen = walk(setup, everything_and_absence_holds)
    print(f"{setup.name}: {seen.states} states, {seen.transitions} transitions, {seen.refused} refusals")
    assert seen.states > 30
    assert "time_passed" in seen.entries


def everything_and_absence_holds(place: Place) -> None:
    everything_holds(place)
    nobody_is_marked_too_early(place)
    two_of_three_end_it_without_the_third(place)


def test_the_commands_of_absence_make_the_entries_that_the_page_tells_and_no_others() -> None:
    made: dict[type[c.Command], set[str]] = defaultdict(set)

    def note(place: Place) -> None:
        for given, step in place.steps:
            made[given[0]].update(event.name for event in step.events)

    for setup in SETUPS:
        if setup.name in ("second look", "taking over", "sealed"):
            walk(setup, note)
    for command_type in AWAY:
        own = {event.name for event in DOES[command_type][1]}
        assert own <= made[command_type] <= own | BY_THEMSELVES, command_type


# ── 14 ───────────────────────────────────────────────────────────────────────────────────────────────────────


def nobody_is_marked_too_early(place: Place) -> None:
    """14. Nobody is marked absent with less than 24 hours awaited; counted from the journal alone."""
    marked = {
        event.participant: event.at
        for _, step in place.steps
        for event in step.events
        if isinstance(event, MarkedAbsent) and event.by != event.participant
    }
    for who, at in marked.items():
        assert at - awaited_since(place.journal, who) >= DAY


def awaited_since(journal: tuple[Event, ...], who: str) -> datetime:
    """Since when the open round waits for somebody, or for the answer of an author."""
    state, since = draft(), None
    was: tuple[str | None, bool] = (None, False)
    for event in journal:
        state = evolve(state, event)
        now = (state.current, state.current is not None and who in asked(state))
        if now != was and now[1]:
            since = event.at
        was = now
    assert since is not None
    return since


# ── 15 ───────────────────────────────────────────────────────────────────────────────────────────────────────

END: set[Hashable] = set()


def two_of_three_end_it_without_the_third(place: Place) -> None:
    """15. From every state that has not ended, whoever else is gone, two acting voices can bring a consent round to
    its end: the third does nothing any more, be it the author, the facilitator or an objector."""
    if place.state.phase in (Phase.ADOPTED, Phase.WITHDRAWN):
        return
    for pair in combinations(sorted(voices(place.state)), 2):
        _ends(place.state, pair)


def _ends(state: Proposal, pair: tuple[str, ...]) -> None:
    way: list[Hashable] = []
    while (here := (timed_shape(state), pair)) not in END:
        assert here not in way, f"{pair} bring no consent round to its end from {state.phase}"
        assert len(way) < 200
        way.append(here)
        state, events = _go_on(state, pair)
        if any(isinstance(event, Adopted | Returned) for event in events):
            break
    END.update(way)


def _go_on(state: Proposal, pair: tuple[str, ...]) -> tuple[Proposal, list[Event]]:
    """What one of the two can do to go on; where nothing is left to do, they wait."""
    for who in pair:
        for given in _sayings(state, who, pair):
            asked_for = command(state, who, given)
            if refusal(state, asked_for) is None:
                after, events = decide(state, asked_for)
                if events:
                    return after, events
    wakes = wakes_at(state)
    assert wakes is not None, f"{pair} wait for ever in {state.phase}"
    return tick(state, wakes, f"{state.seq}/clock")


def _sayings(state: Proposal, who: str, pair: tuple[str, ...]) -> Iterator[Given]:
    others = [one for one in voices(state) if one not in pair]
    yield from ((c.MarkAbsent, {"participant": other}) for other in others)
    if state.participants[who].absent:
        yield c.IAmHere, {}
    yield from ((c.TakeBackQuestion, {"question": q.id}) for q in state.open_questions(who))
    if state.round is not None and who not in heard(state, state.round):
        yield from ((c.Clear, {}), (c.Pass, {}), (c.Respond, {"kind": Answer.CONSENT}))
    yield c.AskForConsent, {}
    if state.phase is Phase.REVISING:
        yield c.Revise, {"body": "next", "answers": {o.id: "changed" for o in state.standing()}}
    if state.author not in pair:
        yield c.AcceptAuthorship, {}
        if state.author_offered not in pair:
            yield c.OfferAuthorship, {"to": who}
    if state.facilitator not in pair:
        yield c.TakeChair, {"gone": frozenset()}
