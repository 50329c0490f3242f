"""Section 5: how an objection ends: resolved by its objector's consent in a later round that closed, or not."""

from __future__ import annotations

from decisions.process import commands as c
from decisions.process.state import Answer, Phase, Status

from .story import CIRCLE, FAY, MAX, PIA, Story


def test_an_answered_objection_is_resolved_by_its_objectors_consent_in_a_later_round_that_closed() -> None:
    for kind in (Answer.CONSENT, Answer.CONCERN):
        story = Story().to_revising(MAX)
        objection = story.objection(MAX).id
        story.revises()
        story.to_consent()
        story.says(c.Respond, MAX, kind=kind, text="a worry")
        assert story.state.objections[objection].status is Status.ANSWERED
        story.consents(FAY, PIA)
        assert story.state.objections[objection].status is Status.RESOLVED


def test_it_is_resolved_also_when_another_objection_sends_that_round_back() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.to_consent()
    story.objects(FAY)
    story.consents(MAX, PIA)
    assert story.phase is Phase.REVISING
    assert story.state.objections[objection].status is Status.RESOLVED


def test_it_stays_answered_when_its_objector_objects_again_and_the_new_one_stands() -> None:
    story = Story().to_revising(MAX)
    first = story.objection(MAX).id
    story.revises()
    story.to_consent()
    second = story.objects(MAX, "Still harm").id
    story.consents(FAY, PIA)
    assert (story.state.objections[first].status, story.state.objections[second].status) == (
        Status.ANSWERED,
        Status.STANDING,
    )
    assert {o.id for o in story.state.unresolved()} == {first, second}
    story.says(c.Revise, PIA, body="Third.", answers={second: "so"})
    assert set(story.state.text.answers) == {first, second}
    story.to_consent().consents(*CIRCLE)
    assert {o.status for o in story.state.objections.values()} == {Status.RESOLVED}


def test_consent_in_a_round_that_the_proposals_withdrawal_ended_resolves_nothing() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.to_consent().consents(MAX)
    story.says(c.Withdraw, PIA)
    assert story.state.objections[objection].status is Status.ANSWERED


def test_an_answered_objection_is_not_withdrawn_any_more() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.to_consent()
    story.refuses("not_standing", c.WithdrawObjection, MAX, objection=objection)


def test_whoever_left_with_an_answered_objection_leaves_it_answered() -> None:
    story = Story().to_revising(MAX)
    objection = story.objection(MAX).id
    story.revises()
    story.says(c.LeaveCircle, MAX)
    story.to_consent().consents(FAY, PIA)
    assert story.phase is Phase.ADOPTED
    assert story.state.objections[objection].status is Status.ANSWERED


def test_nobody_judges_an_objection() -> None:
    story = Story().to_consent()
    story.objects(MAX, "I just do not like it")
    story.consents(FAY, PIA)
    assert story.phase is Phase.REVISING
    assert not {"adopt", "overrule", "close"} & set(story.may(FAY) + story.may(PIA))
