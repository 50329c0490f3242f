"""Section 4, *Sealed*, and invariant 9: what was said in a sealed round shows nowhere until it closes."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process.engine import decide, may, refusal
from decisions.process.events import Event, Responded, ResponseTakenBack, Returned, RoundClosed, RoundOpened
from decisions.process.refusals import Refusal
from decisions.process.rounds import awaited, heard, waiting_for
from decisions.process.standing import moment
from decisions.process.state import Answer, Outcome, Phase, Policy, Proposal, Sealing, Status

from .story import CIRCLE, FAY, MAX, OBI, OPEN, PIA, SEALED, Story, told
from .walk import Given, Setup, command, sayings, shape

# ── invariant 9, over pairs of histories ─────────────────────────────────────────────────────────────────────

PEOPLE = (*CIRCLE, OBI)
WALK = Setup("sealed", people=PEOPLE, questions=0)
ANSWERS: tuple[dict[str, Any], ...] = (
    {"kind": Answer.CONSENT},
    {"kind": Answer.CONCERN, "text": "a worry"},
    {"kind": Answer.OBJECTION, "text": "harm", "suggestion": "half of it"},
)


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
        "heard": heard(state), "awaited": awaited(state), "waiting_for": waiting_for(state),
    }


def read_by_others(event: Any) -> Event:
    """An entry without what nobody is told."""
    told_to_all: Event = replace(event, **dict.fromkeys(type(event).untold))
    return told_to_all


def pairs(state: Proposal) -> Iterator[tuple[str, Given, Given]]:
    """The same command in both histories, by everybody; an answer with any content in the one and in the other."""
    for who in PEOPLE:
        for given in sayings(WALK, state, who):
            if given[0] is not c.Respond:
                yield who, given, given
        for one, other in product(ANSWERS, ANSWERS):
            yield who, (c.Respond, one), (c.Respond, other)


def sealed_round(*, later: bool) -> Proposal:
    """A sealed consent round; on a later revision there is an answered objection of Max."""
    story = Story()
    if later:
        story.to_revising(MAX).revises()
    return story.to_consent(sealed=True).state


@pytest.mark.parametrize("later", [False, True], ids=["first revision", "second revision"])
def test_9_histories_that_differ_in_sealed_contents_alone_read_the_same(later: bool) -> None:
    first = sealed_round(later=later)
    queue, known, steps = deque([(first, first)]), {_shapes(first, first)}, 0
    while queue:
        one, other = queue.popleft()
        assert picture(one) == picture(other)
        for after in _steps(one, other):
            steps += 1
            if after[0].current == first.current and (form := _shapes(*after)) not in known:
                known.add(form)
                queue.append(after)
    print(f"{len(known)} pairs of states, {steps} pairs of transitions")
    assert len(known) == 10**3 - 9**3  # nothing, or one of nine pairs of answers, for each; but not from all three


def _shapes(one: Proposal, other: Proposal) -> Hashable:
    return shape(one), shape(other)


def _steps(one: Proposal, other: Proposal) -> Iterator[tuple[Proposal, Proposal]]:
    for who, said, instead in pairs(one):
        asked, likewise = command(one, who, said), command(other, who, instead)
        no, neither = refusal(one, asked), refusal(other, likewise)
        assert no == neither
        if no is None:
            (after, events), (too, entries) = decide(one, asked), decide(other, likewise)
            assert_told_alike(after, events, entries)
            yield after, too


def assert_told_alike(after: Proposal, events: list[Event], entries: list[Event]) -> None:
    """The entries are alike up to the one that closes the round."""
    if after.phase in (Phase.ADOPTED, Phase.REVISING):
        assert isinstance(entries[1], RoundClosed)
        events, entries = events[:1], entries[:1]
    assert [read_by_others(e) for e in events] == [read_by_others(e) for e in entries]


def test_9_the_refusal_of_an_answer_says_nothing_of_what_was_said_before() -> None:
    blank = {"kind": Answer.OBJECTION, "text": " "}
    for before in ANSWERS:
        story = Story().to_consent(sealed=True)
        story.says(c.Respond, MAX, **before)
        assert story.refuses("reason", c.Respond, MAX, **blank) == Refusal("reason", field="text")


# ── the rules of section 4, one by one ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("policy", "asked", "sealed"),
    [
        (Sealing.NEVER, False, False),
        (Sealing.NEVER, True, True),
        (Sealing.IN_ROOM, False, False),
        (Sealing.IN_ROOM, True, True),
        (Sealing.ALWAYS, False, True),
        (Sealing.ALWAYS, True, True),
    ],
)
def test_who_asks_for_consent_may_seal_what_would_be_open_and_not_the_reverse(
    policy: Sealing, asked: bool, sealed: bool
) -> None:
    story = Story(policy=Policy(sealed=policy)).to_consent(sealed=asked)
    assert story.state.round is not None
    assert story.state.round.sealed is sealed


def test_clarifying_and_reaction_rounds_are_never_sealed() -> None:
    story = Story(policy=SEALED).to_consent()
    assert [r.sealed for r in story.state.rounds.values()] == [False, False, True]


@pytest.mark.parametrize("said", ANSWERS, ids=lambda said: said["kind"])
def test_the_entry_is_responded_whatever_was_said(said: dict[str, Any]) -> None:
    story = Story().to_consent(sealed=True)
    (entry,) = story.says(c.Respond, MAX, **said)
    assert isinstance(entry, Responded)
    assert entry.untold == entry.personal == ("answer",)
    assert not story.state.objections


def test_the_same_again_makes_an_entry_in_a_sealed_round_else_its_absence_would_tell() -> None:
    story = Story().to_consent(sealed=True)
    for _ in range(2):
        assert told(story.says(c.Respond, MAX, **ANSWERS[2])) == ["responded"]
    assert len(story.state.responses) == 1


@pytest.mark.parametrize("said", ANSWERS, ids=lambda said: said["kind"])
def test_return_restate_and_confirm_are_refused_whatever_was_said(said: dict[str, Any]) -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.to_consent(sealed=True)
    story.says(c.Respond, MAX, **said)
    story.refuses("sealed", c.ReturnNow, FAY)
    story.refuses("sealed", c.Restate, PIA, objection=objection, text="I heard")
    story.refuses("sealed", c.Confirm, MAX, objection=objection)


@pytest.mark.parametrize("said", ANSWERS, ids=lambda said: said["kind"])
def test_everybody_who_responded_has_respond_and_take_back(said: dict[str, Any]) -> None:
    story = Story().to_consent(sealed=True)
    assert story.may(MAX) == ("respond",)
    story.says(c.Respond, MAX, **said)
    assert story.may(MAX) == ("respond", "take-back")


def test_one_closing_entry_reveals_each_persons_last_answer() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[2])
    story.says(c.Respond, MAX, **ANSWERS[1])
    story.consents(PIA)
    _, closed, adopted = story.consents(FAY)
    assert isinstance(closed, RoundClosed)
    assert adopted.name == "adopted"
    assert [(a.by, a.kind, a.text) for a in closed.answers] == [
        (FAY, Answer.CONSENT, None), (MAX, Answer.CONCERN, "a worry"), (PIA, Answer.CONSENT, None),
    ]
    assert not story.state.objections


def test_an_open_round_closes_without_telling_the_answers_again() -> None:
    story = Story().to_consent()
    _, closed, _ = story.consents(*CIRCLE)
    assert isinstance(closed, RoundClosed)
    assert closed.answers == ()


def test_an_objection_of_a_sealed_round_stands_from_its_closing_on_and_sends_the_proposal_back() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, FAY, **ANSWERS[2])
    story.consents(PIA)
    _, closed, returned = story.consents(MAX)
    assert isinstance(closed, RoundClosed)
    assert isinstance(returned, Returned)
    assert story.phase is Phase.REVISING
    objection = story.objection(FAY)
    assert (objection.status, objection.reason, objection.suggestion) == (Status.STANDING, "harm", "half of it")
    assert objection.id in {a.objection for a in closed.answers}
    assert story.state.responses[objection.response or ""].by == FAY


def test_a_sealed_round_closes_only_when_everybody_awaited_has_responded_objection_or_not() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, FAY, **ANSWERS[2])
    story.says(c.Respond, MAX, **ANSWERS[2])
    assert awaited(story.state) == [PIA]
    assert story.phase is Phase.CONSENT


def test_what_was_taken_back_before_is_never_shown() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[2])
    (entry,) = story.says(c.TakeBackResponse, MAX)
    assert isinstance(entry, ResponseTakenBack)
    _, closed, _ = story.consents(*CIRCLE)
    assert isinstance(closed, RoundClosed)
    assert {a.kind for a in closed.answers} == {Answer.CONSENT}
    assert not story.state.objections


def test_withdrawing_the_proposal_ends_a_sealed_round_and_reveals_nothing() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[2])
    events = story.says(c.Withdraw, PIA)
    assert told(events) == ["withdrawn"]
    assert not story.state.objections
    assert [r.outcome for r in story.state.rounds.values()][-1] is Outcome.WITHDRAWN


def test_a_sealed_round_of_two_who_are_left_closes_and_one_voice_alone_ends_nothing() -> None:
    story = Story().to_consent(sealed=True)
    story.consents(PIA)
    story.says(c.LeaveCircle, FAY)
    story.says(c.LeaveCircle, MAX)
    assert awaited(story.state) == []
    assert story.phase is Phase.CONSENT
    story.says(c.JoinCircle, OBI)
    assert told(story.consents(OBI)) == ["responded", "round_closed", "adopted"]


def test_a_newcomer_counts_on_neither_side_of_a_sealed_rounds_quorum() -> None:
    strict = Policy(sealed=Sealing.ALWAYS, quorum_percent=100)
    story = Story(policy=strict).to_consent()
    story.says(c.JoinCircle, OBI)
    story.consents(FAY, OBI, PIA)
    assert story.phase is Phase.CONSENT
    assert told(story.consents(MAX)) == ["responded", "round_closed", "adopted"]


def test_who_left_a_sealed_round_is_revealed_like_the_others_and_their_objection_sends_back() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[2])
    story.says(c.LeaveCircle, MAX)
    story.consents(PIA)
    assert told(story.consents(FAY)) == ["responded", "round_closed", "returned"]
    assert story.objection(MAX).status is Status.STANDING


def test_a_sealed_round_resolves_like_an_open_one() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.to_consent(sealed=True).consents(*CIRCLE)
    assert story.phase is Phase.ADOPTED
    assert story.state.objections[objection].status is Status.RESOLVED


def test_the_round_that_is_opened_says_whether_it_is_sealed() -> None:
    story = Story(policy=OPEN).to_tuning()
    (entry,) = story.says(c.AskForConsent, PIA, sealed=True)
    assert isinstance(entry, RoundOpened)
    assert entry.sealed
