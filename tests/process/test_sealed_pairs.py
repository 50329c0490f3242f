"""Invariant 9: histories that differ in sealed contents alone read the same to everybody, until the round closes."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest

from decisions import journal
from decisions.picture import own_answers
from decisions.process import commands as c
from decisions.process.engine import decide, may, refusal
from decisions.process.events import Event, RoundClosed
from decisions.process.refusals import Refusal
from decisions.process.rounds import awaited, heard
from decisions.process.standing import moment
from decisions.process.state import Answer, Outcome, Phase, Proposal
from decisions.process.wanted import wanted

from .pictures import shown
from .room_sayings import ROOM
from .story import ANSWERS, FAY, MAX, OBI, PEOPLE, PIA, Story
from .walk import AWAY, Given, Setup, command, sayings, shape

Answers = tuple[dict[str, Any], ...]
WALK = Setup("sealed", people=PEOPLE, questions=0)


def picture(state: Proposal) -> dict[str, Any]:
    """Everything that others may be told of a state: all of it but what was said in sealed rounds not revealed."""
    hidden = {r.id for r in state.rounds.values() if r.sealed and r.outcome in (None, Outcome.WITHDRAWN)}
    responses = {
        id: replace(r, kind=Answer.CONSENT, text=None, suggestion=None) if r.round in hidden else r
        for id, r in state.responses.items()
    }
    everything = {f.name: getattr(state, f.name) for f in fields(state)}
    standings = moment(state)
    return everything | {
        "responses": list(responses.items()),
        "may": {who: may(standings.standing(who)) for who in PEOPLE},
        "standing": {who: standings.standing(who) for who in PEOPLE},
        "heard": heard(state),
        "awaited": awaited(state),
        "wanted": wanted(state),
    }


def read_by_others(seq: int, event: Event) -> tuple[dict[str, Any], int]:
    """An entry as everybody may read it, but for its hash; and how long it is in an exported journal."""
    entry = journal.enter("proposal", seq, event, None, journal.START)
    told_to_all = {key: value for key, value in journal.told(entry).items() if key != "hash"}
    return told_to_all, len(json.dumps(journal.exported("proposal", [entry])))


def pairs(state: Proposal, answers: Answers) -> Iterator[tuple[str, Given, Given]]:
    """The same command in both histories, by everybody; an answer with any content in the one and in the other."""
    for who in PEOPLE:
        for given in sayings(WALK, state, who):
            if given[0] is not c.Respond:
                yield who, given, given
        for one, other in product(answers, answers):
            yield who, (c.Respond, one), (c.Respond, other)


def sealed_round(*, later: bool = False, present: tuple[str, ...] = ()) -> Proposal:
    """A sealed consent round; on a later revision there is an answered objection of Max."""
    story = Story()
    if later:
        story.to_revising(MAX).revises()
    story.to_consent(sealed=True)
    return (story.meets(*present) if present else story).state


OPEN_PAIRS = 10**3 - 9**3
"""Of states: nothing, or one of nine pairs of answers, for each; but not from all three."""


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("first", "following", "pairs_of_states"),
    [
        (sealed_round(), (), OPEN_PAIRS),
        (sealed_round(later=True), (), OPEN_PAIRS),
        (sealed_round(present=(FAY, MAX)), (), OPEN_PAIRS),
        # In a time-out Fay and Max give nothing first; and what is complete then stays open.
        (sealed_round(present=(FAY, MAX)), (c.Pause,), 5**3 - 4**3 + 5**3),
    ],
    ids=["first revision", "second revision", "in a room", "in a room with a time-out"],
)
def test_9_histories_that_differ_in_sealed_contents_alone_read_the_same(
    first: Proposal, following: tuple[type[c.Command], ...], pairs_of_states: int
) -> None:
    answers = ANSWERS[::2] if following else ANSWERS
    queue, known, steps, withdrawn = deque([(first, first)]), {_shapes(first, first)}, 0, 0
    while queue:
        one, other = queue.popleft()
        assert_seen_alike(one, other)
        for given, after in _steps(one, other, answers):
            steps += 1
            if given is c.Withdraw:  # the round has closed, and what was said in it stays sealed
                assert_seen_alike(*after)
                withdrawn += 1
            goes_on = after[0].current == first.current and (given not in ROOM | AWAY or given in following)
            if goes_on and (form := _shapes(*after)) not in known:
                known.add(form)
                queue.append(after)
    print(f"{len(known)} pairs of states, {steps} pairs of transitions")
    assert len(known) == withdrawn == pairs_of_states


def assert_seen_alike(one: Proposal, other: Proposal) -> None:
    assert picture(one) == picture(other)
    assert shown(one) == shown(other)


def _shapes(one: Proposal, other: Proposal) -> Hashable:
    return shape(one), shape(other)


def _steps(
    one: Proposal, other: Proposal, answers: Answers
) -> Iterator[tuple[type[c.Command], tuple[Proposal, Proposal]]]:
    for who, said, instead in pairs(one, answers):
        asked, likewise = command(one, who, said), command(other, who, instead)
        no, neither = refusal(one, asked), refusal(other, likewise)
        assert no == neither
        if no is None:
            (after, events), (too, entries) = decide(one, asked), decide(other, likewise)
            assert_told_alike(after, events, entries)
            yield said[0], (after, too)


def assert_told_alike(after: Proposal, events: list[Event], entries: list[Event]) -> None:
    """The entries are alike up to the one that closes the round."""
    if after.phase in (Phase.ADOPTED, Phase.REVISING):
        # Who comes back from absence with their answer has an entry before it.
        end = next(n for n, entry in enumerate(entries) if isinstance(entry, RoundClosed))
        assert isinstance(events[end], RoundClosed)
        events, entries = events[:end], entries[:end]
    assert len(events) == len(entries)
    for seq, (event, entry) in enumerate(zip(events, entries, strict=True), 1):
        assert read_by_others(seq, event) == read_by_others(seq, entry)


def test_9_everybody_reads_their_own_sealed_answer_and_nobody_elses() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[1])
    assert [r["kind"] for r in own_answers(story.state, MAX)["responses"].values()] == ["concern"]
    assert all(own_answers(story.state, who) == {} for who in (FAY, PIA, OBI))


def test_9_the_refusal_of_an_answer_says_nothing_of_what_was_said_before() -> None:
    blank = {"kind": Answer.OBJECTION, "text": " "}
    for before in ANSWERS:
        story = Story().to_consent(sealed=True)
        story.says(c.Respond, MAX, **before)
        assert story.refuses("reason", c.Respond, MAX, **blank) == Refusal("reason", field="text")
