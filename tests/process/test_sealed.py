"""Section 4, *Sealed*: what was said in a sealed round shows nowhere until it closes."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.process import commands as c
from decisions.process.events import Responded, ResponseTakenBack, Returned, RoundClosed, RoundOpened
from decisions.process.rounds import awaited
from decisions.process.state import Answer, Outcome, Phase, Policy, Sealing, Status

from .pictures import shown
from .story import ANSWERS, CIRCLE, FAY, MAX, OBI, OPEN, PIA, SEALED, Story, told


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
    before = set(story.may(MAX))
    assert "respond" in before
    story.says(c.Respond, MAX, **said)
    assert set(story.may(MAX)) - before == {"take-back"}
    assert before <= set(story.may(MAX))


def test_one_closing_entry_reveals_each_persons_last_answer() -> None:
    story = Story().to_consent(sealed=True)
    story.says(c.Respond, MAX, **ANSWERS[2])
    story.says(c.Respond, MAX, **ANSWERS[1])
    story.consents(PIA)
    _, closed, adopted = story.consents(FAY)
    assert isinstance(closed, RoundClosed)
    assert adopted.name == "adopted"
    assert [(a.by, a.kind, a.text) for a in closed.answers] == [
        (FAY, Answer.CONSENT, None),
        (MAX, Answer.CONCERN, "a worry"),
        (PIA, Answer.CONSENT, None),
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
    assert awaited(story.state) == (PIA,)
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
    assert "harm" not in shown(story.state)
    assert not story.state.objections
    assert [r.outcome for r in story.state.rounds.values()][-1] is Outcome.WITHDRAWN


def test_a_sealed_round_of_two_who_are_left_closes_and_one_voice_alone_ends_nothing() -> None:
    story = Story().to_consent(sealed=True)
    story.consents(PIA)
    story.says(c.LeaveCircle, FAY)
    story.says(c.LeaveCircle, MAX)
    assert awaited(story.state) == ()
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
